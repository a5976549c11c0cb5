"""Who is behind an address on the LAN, and at which port of its bridge: what the kernel's neighbour table says."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from hotspot.mac import Mac

Address = IPv4Address | IPv6Address


@dataclass(frozen=True)
class Neighbours:
    """The table at one moment."""

    macs: Mapping[Address, Mac]
    ports: Mapping[Mac, str]

    def addresses(self, mac: Mac) -> tuple[Address, ...]:
        """All addresses of a client, IPv4 first, so that the same client always reads the same."""
        found = (address for address, owner in self.macs.items() if owner == mac)
        return tuple(sorted(found, key=lambda address: (address.version, int(address))))


def parse(neighbours: str, forwarding: str) -> Neighbours:
    """From ``ip -j neigh`` and ``bridge -j fdb``; an entry that failed has no MAC and is left out."""
    rows: list[dict[str, Any]] = json.loads(neighbours or "[]")
    macs = {ip_address(row["dst"]): Mac.parse(row["lladdr"]) for row in rows if "lladdr" in row}
    ports = {
        Mac.parse(row["mac"]): str(row["ifname"])
        for row in json.loads(forwarding or "[]")
        if "master" in row and row.get("state") != "permanent"
    }
    return Neighbours(macs, ports)


def read(device: str) -> Neighbours:
    """The table of a LAN interface; one that is no bridge has no ports to tell apart."""
    return parse(
        _printed("ip", "-j", "neigh", "show", "dev", device), _printed("bridge", "-j", "fdb", "show", "br", device)
    )


def _printed(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout
