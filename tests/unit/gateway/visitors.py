"""A desk that knows its visitors by a table and lets in who says the right word, in place of kernel and RADIUS."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from ipaddress import ip_address

from gateway.session import Session
from hotspot.allowance import Limits
from hotspot.mac import Mac
from hotspot.secret import Secret
from hotspot.sites.gateway import Gateway

PORTAL = "https://wifi.example"
SECRET = Secret("rahasia-pintu")
PHONE, NEIGHBOUR = Mac("02005e000021"), Mac("02005e000022")
ADDRESS, NEIGHBOURS_ADDRESS = "10.70.7.21", "10.70.7.22"
GRANT, WORD = "gaaaaaaaaaaaaaaaa", "sesame"
NOW = 1_790_000_000.0


def box(**more: object) -> Gateway:
    table = {
        "lan": "lan",
        "wan": "wan",
        "network": "10.70.7.1/22",
        "radius": ["203.0.113.9"],
        "resolvers": ["203.0.113.2"],
    }
    return Gateway.model_validate({**table, **more})


def stay(mac: Mac = PHONE, user: str = GRANT, octets: int | None = None) -> Session:
    limits = Limits(seconds=7200, idle=900, octets=octets, up=2_000_000, down=8_000_000, interim=300)
    return Session("s1", 16, mac, (ip_address(ADDRESS),), user, (), limits, NOW, NOW, NOW)


@dataclass
class Visitors:
    """``asked`` is each login that came as far as RADIUS; ``patience`` holds them up until it is set."""

    macs: dict[str, Mac] = field(default_factory=lambda: {ADDRESS: PHONE, NEIGHBOURS_ADDRESS: NEIGHBOUR})
    stays: dict[Mac, Session] = field(default_factory=dict)
    asked: list[tuple[Mac, str, str]] = field(default_factory=list)
    patience: asyncio.Event | None = None

    async def mac_of(self, address: str) -> Mac | None:
        return self.macs.get(address)

    def stay_of(self, mac: Mac) -> Session | None:
        return self.stays.get(mac)

    async def log_in(self, mac: Mac, address: str, user: str, password: str) -> str | None:
        self.asked.append((mac, address, user))
        if self.patience:
            await self.patience.wait()
        if password != WORD:
            return "devices"
        self.stays[mac] = stay(mac, user)
        return None

    async def log_out(self, mac: Mac) -> None:
        self.stays.pop(mac, None)
