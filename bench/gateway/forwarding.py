"""Forwarding with the crowd online: packets that arrive, sent by all visitors or to all of them, and TCP of one."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address
from pathlib import Path

from bench.gateway.crowd import coming_down, going_up
from bench.gateway.doors import Door
from bench.row import Row, row
from hotspot.mac import Mac
from tests.peers.gateway_place import OUTSIDE, WAN
from tests.peers.namespace import ROOT, Namespace
from tests.peers.process import running

SMALL, LARGE = 60, 1500  # octets of a packet: a voice call's, and the most that Ethernet carries
SECONDS = 1.0
PACE = "packets/core s"
_MBIT = 1e6

Port = tuple[Namespace, str]


def forwarding(ours: Door, peers: Sequence[tuple[Door, str]], runs: int, folder: Path) -> list[Row]:
    """Each kind of traffic through every door in turn, as often as ``runs``."""
    rows = []
    for what, unit, measure in _kinds(folder):
        seen: dict[str, list[float]] = {door.name: [] for door in (ours, *(door for door, _ in peers))}
        for _ in range(runs):
            for door in (ours, *(door for door, _ in peers)):
                seen[door.name].append(measure(door))
        for peer, version in peers:
            name = f"{what}, {len(ours.visitors):,} online against {_against(ours, peer)}"
            rows.append(row(name, unit, seen[ours.name], seen[peer.name], version))
    return rows


def _kinds(folder: Path) -> list[tuple[str, str, Callable[[Door], float]]]:
    found: list[tuple[str, str, Callable[[Door], float]]] = [
        ("packets of 60 octets from visitors", PACE, lambda door: _up(door, SMALL)),
        ("packets of 60 octets to visitors", PACE, lambda door: _down(door, SMALL)),
        ("packets of 1,500 octets to visitors", PACE, lambda door: _down(door, LARGE)),
    ]
    if shutil.which("iperf3") is None:
        print("bench-gateway: TCP is left out, because it needs iperf3 (Debian package iperf3)", file=sys.stderr)
        return found
    return [
        *found,
        ("TCP to one visitor, packet by packet", "Mbit/s", lambda door: _tcp(door, folder, segments=1)),
        ("TCP to one visitor, coalesced as by a card", "Mbit/s", lambda door: _tcp(door, folder, segments=64)),
    ]


def _against(ours: Door, peer: Door) -> str:
    if len(peer.visitors) == len(ours.visitors):
        return peer.name
    return f"{peer.name}'s {len(peer.visitors)}"


def _up(door: Door, size: int) -> float:
    gateway = _mac(door.site.gate, "lan")
    frames = [going_up(visitor, gateway, size) for visitor in door.visitors]
    return _blasted((door.site.phones[0], "wifi"), (door.site.internet, "net"), frames)


def _down(door: Door, size: int) -> float:
    """Each visitor asks once, so that the answers have somewhere to go."""
    gateway = _mac(door.site.gate, "lan")
    asking = [going_up(visitor, gateway, SMALL) for visitor in door.visitors]
    _blasted((door.site.phones[0], "wifi"), (door.site.internet, "net"), asking, seconds=0.1)
    far, near = _mac(door.site.gate, "wan"), _mac(door.site.internet, "net")
    frames = [coming_down(visitor, far, near, IPv4Address(WAN), size) for visitor in door.visitors]
    return _blasted((door.site.internet, "net"), (door.site.phones[0], "wifi"), frames)


def _blasted(sender: Port, receiver: Port, frames: list[bytes], seconds: float = SECONDS) -> float:
    """Packets that arrived for each second of a core."""
    place, device = sender
    command = place.command(sys.executable, "-m", "bench.gateway.blast", device, str(seconds))
    before = _received(*receiver)
    text = "\n".join(frame.hex() for frame in frames)
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True, cwd=ROOT)
    time.sleep(0.05)  # what still waits in a queue
    return (_received(*receiver) - before) / float(done.stdout)


def _tcp(door: Door, folder: Path, segments: int) -> float:
    """What iperf3 receives in the first visitor's place, with his MAC and address at the phone's own interface."""
    visitor, phone = door.visitors[0], door.site.phones[0]
    _become(phone, visitor.mac, visitor.address)
    door.site.internet.ip("link", "set", "net", "gso_max_segs", str(segments))
    with running(door.site.internet.command("iperf3", "-s", "-1", "-B", OUTSIDE), folder / "iperf3.log"):
        time.sleep(0.3)
        said = phone.run("iperf3", "-c", OUTSIDE, "-R", "-J", "-P", "4", "-t", "2")
    return float(json.loads(said)["end"]["sum_received"]["bits_per_second"]) / _MBIT


def _become(phone: Namespace, mac: Mac, address: IPv4Address) -> None:
    phone.ip("addr", "flush", "dev", "wifi", "scope", "global")
    phone.ip("link", "set", "wifi", "address", mac.colons)
    phone.ip("addr", "add", f"{address}/22", "dev", "wifi")
    phone.ip("route", "replace", "default", "via", "10.70.7.1")


def _received(place: Namespace, device: str) -> int:
    return int(json.loads(place.run("ip", "-j", "-s", "link", "show", "dev", device))[0]["stats64"]["rx"]["packets"])


def _mac(place: Namespace, device: str) -> Mac:
    return Mac.parse(json.loads(place.run("ip", "-j", "link", "show", "dev", device))[0]["address"])
