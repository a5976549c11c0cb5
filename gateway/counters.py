"""Reads what the kernel tells back: the counters of HTB classes, who is online, the garden's addresses."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from typing import Any

from gateway.admission import Octets
from gateway.elements import Online
from gateway.shaping import MAJOR
from hotspot.mac import Mac

ETHERNET_HEADER = 14  # octets of layer 2 that a class counts with each packet of an Ethernet interface

_CLASS = re.compile(rf"^class htb {MAJOR:x}:([0-9a-f]+) .*\n Sent (\d+) bytes (\d+) pkt", re.MULTILINE)
_REMARK = re.compile(r'^\tcomment "([^"]*)"$', re.MULTILINE)

Sent = Mapping[int, tuple[int, int]]


def sent(classes: str, header: int = ETHERNET_HEADER) -> dict[int, tuple[int, int]]:
    """Octets of layer 3 and packets that left through each client's class, from ``tc -s class show dev …``."""
    found = {}
    for minor, octets, packets in _CLASS.findall(classes):
        found[int(minor, 16)] = (int(octets) - header * int(packets), int(packets))
    return found


def together(up: Sent, down: Sent) -> dict[int, Octets]:
    """Both directions of each client that has a class in either."""
    nothing = (0, 0)
    pairs = {mark: (up.get(mark, nothing), down.get(mark, nothing)) for mark in {**up, **down}}
    return {mark: Octets(u[0], d[0], u[1], d[1]) for mark, (u, d) in pairs.items()}


def online(table: str) -> dict[int, Online]:
    """Who is online according to ``nft -j list table inet hotspot``."""
    addresses: dict[str, list[Any]] = {}
    for value, _ in _elements(table, "bound4"):
        mac, address = value["val"]["concat"]
        addresses.setdefault(mac, []).append(ip_address(address))
    return {
        mark: Online(mark, Mac.parse(value["val"]), tuple(addresses.get(value["val"], ())), value["expires"])
        for value, mark in _elements(table, "clients")
    }


def garden(table: str, name: str) -> tuple[str, ...]:
    return tuple(str(value) for value, _ in _elements(table, name))


def remark(table: str) -> str:
    """The comment of our table, from ``nft list table``; nft 1.0 leaves it out of its JSON."""
    found = _REMARK.search(table)
    return found.group(1) if found else ""


def _elements(table: str, name: str) -> Iterator[tuple[Any, Any]]:
    """Each element of a set or map, with its value in a map."""
    for item in json.loads(table)["nftables"]:
        found = item.get("set") or item.get("map") or {}
        if found.get("name") != name:
            continue
        for element in found.get("elem", ()):
            key, value = element if isinstance(element, list) else (element, None)
            yield (key["elem"] if isinstance(key, dict) and "elem" in key else key), value
