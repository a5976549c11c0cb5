"""The same two phones before our gateway and before openNDS: how each is opened, closed and read."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bench.gateway.doors import OpenNds, opennds_at, opennds_version
from tests.peers import gateway_house
from tests.peers.gateway_house import Museum
from tests.peers.gateway_place import (
    NETWORK,
    NETWORK6,
    PHONES,
    PHONES6,
    Site,
    fetched,
    names,
    settle,
    site,
    take_a_lease,
)

DOWN = 8_000_000  # bit/s that each is told to hold
_UP = 2_000_000


class Gate(Protocol):
    """``fresh`` is how long a counter may lag behind."""

    name: str
    site: Site
    addresses: tuple[str, str]
    fresh: float

    def let_in(self, phone: int) -> None: ...

    def log_out(self, phone: int) -> None: ...

    def down(self, phone: int) -> int:
        """Octets that the only client online was sent, as the gateway tells."""


@dataclass
class Ours:
    museum: Museum
    site: Site
    addresses: tuple[str, str]
    name: str = "hotspot-gateway"
    fresh: float = 25.0

    def let_in(self, phone: int) -> None:
        self.museum.tap(self.site.phones[phone])

    def log_out(self, phone: int) -> None:
        own = str(NETWORK.ip)
        told = fetched(self.site.phones[phone], own, f"{own}:3990", "/", 3990).decode()
        user = told.partition("&user=")[2].partition("&")[0]
        fetched(self.site.phones[phone], own, f"{own}:3990", f"/logout?user={user}", 3990)

    def down(self, phone: int) -> int:  # noqa: ARG002 - status masks MACs, and there is one client
        said = self.museum.command("status").stdout.splitlines()
        return int(said[1].split()[5])


@dataclass
class Theirs:
    nds: OpenNds
    site: Site
    addresses: tuple[str, str] = PHONES
    name: str = opennds_version()
    fresh: float = 35.0  # it looks after its clients each 15 s

    def let_in(self, phone: int) -> None:
        limits = ("120", str(_UP // 1000), str(DOWN // 1000), "0", "0")
        self.nds.lets_in(self.addresses[phone], *limits)

    def log_out(self, phone: int) -> None:
        self.nds.insists("deauth", self.addresses[phone])

    def down(self, phone: int) -> int:
        told = json.loads(self.nds.insists("json", self.addresses[phone]))
        client = next(iter(told["clients"].values())) if "clients" in told else told
        return int(client["download_this_session"]) * 1000


@contextlib.contextmanager
def ours(folder: Path) -> Iterator[Gate]:
    """The whole house behind it; phones have leases and addresses of both families."""
    folder.mkdir()
    with gateway_house.opened(folder) as museum:
        take_a_lease(museum.site.phones[1], folder)
        for phone, address in zip(museum.site.phones, PHONES6, strict=True):
            phone.ip("addr", "add", f"{address}/64", "dev", "wifi", "nodad")
            phone.ip("route", "replace", "default", "via", str(NETWORK6.ip), "dev", "wifi")
        yield Ours(museum, museum.site, (_leased(museum.site, 0), _leased(museum.site, 1)))


@contextlib.contextmanager
def theirs(folder: Path) -> Iterator[Gate]:
    """Told by its operator whom to let in; the box routes IPv6 as an uplink with IPv6 makes it do."""
    folder.mkdir()
    with site(folder) as place, names(place.internet, folder):
        place.gate.ip("addr", "add", str(NETWORK6), "dev", "lan", "nodad")
        place.gate.run("sysctl", "-qw", "net.ipv6.conf.all.forwarding=1")
        for phone, address, address6 in zip(place.phones, PHONES, PHONES6, strict=True):
            settle(phone, address, address6)
        with opennds_at(place, folder) as nds:
            macs = [json.loads(phone.run("ip", "-j", "link", "show", "wifi"))[0]["address"] for phone in place.phones]
            nds.knows_leases("".join(f"1999999999 {mac} {ip} * *\n" for mac, ip in zip(macs, PHONES, strict=True)))
            yield Theirs(nds, place)


def _leased(place: Site, phone: int) -> str:
    rows = json.loads(place.phones[phone].run("ip", "-j", "-4", "addr", "show", "wifi"))
    return str(rows[0]["addr_info"][0]["local"])
