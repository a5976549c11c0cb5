"""The ground a gateway stands on: its interfaces' addresses and the kernel's switches, set and put back again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.place import Place

_SYSCTL = Path("/proc/sys/net")


@dataclass(frozen=True)
class Ground:
    """What ``ip`` says of the interfaces now."""

    bridged: bool
    elsewhere: tuple[str, ...]
    addresses: frozenset[str]
    headers: dict[str, int]


def read(links: str, addresses: str, place: Place, header: int) -> Ground:
    """From ``ip -j -d link`` and ``ip -j addr show dev <lan>``; an interface of PPP counts no Ethernet header."""
    rows: list[dict[str, Any]] = json.loads(links)
    kinds = {row["ifname"]: row.get("linkinfo", {}).get("info_kind") for row in rows}
    bridges = {name for name, kind in kinds.items() if kind == "bridge"} - {place.lan}
    here = {
        f"{info['local']}/{info['prefixlen']}" for row in json.loads(addresses) for info in row.get("addr_info", ())
    }
    return Ground(
        bridged=kinds.get(place.lan) == "bridge",
        elsewhere=tuple(sorted(row["ifname"] for row in rows if row.get("master") in bridges)),
        addresses=frozenset(here),
        headers={row["ifname"]: header if row.get("link_type") == "ether" else 0 for row in rows},
    )


def wanted(place: Place) -> tuple[str, ...]:
    return tuple(str(network) for network in (place.network, place.network6) if network)


def switches(place: Place, *, bridged: bool) -> dict[str, str]:
    """The sysctls (below net/) that forwarding needs.

    The gateway answers ARP for neighbours whom the bridge keeps apart (proxy_arp_pvlan), so that a call to one is
    refused at once. A forwarding IPv6 host takes no default route from its provider unless accept_ra is 2.
    """
    found = {f"ipv4/conf/{device}/forwarding": "1" for device in (place.lan, place.wan)}
    if bridged:
        found[f"ipv4/conf/{place.lan}/proxy_arp_pvlan"] = "1"
    if place.network6:
        found[f"ipv6/conf/{place.wan}/accept_ra"] = "2"
        found[f"ipv6/conf/{place.lan}/accept_ra"] = "0"
        found["ipv6/conf/all/forwarding"] = "1"
    return found


def flip(values: dict[str, str]) -> dict[str, str]:
    """Set switches and return what they were; one whose interface is gone has nothing to be put back."""
    before = {}
    for name, value in values.items():
        path = _SYSCTL / name
        if path.exists():
            before[name] = path.read_text().strip()
            path.write_text(value)
    return before


def noted(before: dict[str, str], ours: tuple[str, ...]) -> str:
    """What to put back, short enough for the comment of a table (128 octets), which lives as long as the ruleset."""
    return f"before {','.join(before.values())} own {','.join(ours)}"


def recalled(remark: str, names: tuple[str, ...]) -> tuple[dict[str, str], tuple[str, ...]] | None:
    """The values of these switches and the addresses that were ours to add; None when nothing is noted."""
    words = remark.split(" ")
    if len(words) != 4 or words[0] != "before":
        return None
    return dict(zip(names, words[1].split(","), strict=False)), tuple(filter(None, words[3].split(",")))
