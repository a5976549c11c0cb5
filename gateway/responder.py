"""Answers the phone's captive check with the way to the portal, and the portal's redirect with a login.

All of a stranger's port 80 leads here. No check is ever answered with its own success: a phone that believed it would
leave the page that lets it in.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol
from urllib.parse import quote, urlencode

from gateway.exchange import Answer, Ask, redirect
from gateway.session import Session
from hotspot.grants import is_grant_id
from hotspot.mac import Mac
from hotspot.nas.linux import signature
from hotspot.secret import Secret
from hotspot.sites.gateway import Gateway

_LONGEST_WORDS = 253  # octets of a Reply-Message (RFC 2865 section 5.18)


class Desk(Protocol):
    """What the door can do for a visitor who stands at it."""

    async def mac_of(self, address: str) -> Mac | None:
        """Who has this address on the visitors' side; None for an address that nobody has."""

    def stay_of(self, mac: Mac) -> Session | None: ...

    async def log_in(self, mac: Mac, address: str, user: str, password: str) -> str | None:
        """None when the client is online now, else what was said instead of a welcome."""

    async def log_out(self, mac: Mac) -> None: ...


@dataclass(frozen=True)
class Way:
    """The way from this door to the portal: where it is, and with what a visitor's papers are signed."""

    portal_url: str
    nas: str
    secret: Secret

    def arrival(self, mac: Mac, address: str, at: float, **news: str) -> str:
        """The portal's address for this visitor, signed over its whole text; it ages within minutes."""
        fields = {"mac": mac.digits, "ip": address, "at": str(int(at)), **news}
        url = f"{self.portal_url.rstrip('/')}/arrive/{self.nas}?{urlencode(fields, quote_via=quote)}"
        return f"{url}&sig={signature(url, self.secret)}"

    def leads_to(self, url: str) -> bool:
        """Whether a page is the portal's own; nobody is sent anywhere else on a stranger's word."""
        home = self.portal_url.rstrip("/")
        return (url == home or url.startswith((f"{home}/", f"{home}?"))) and url.isascii() and url.isprintable()


class Responder:
    def __init__(self, box: Gateway, way: Way, desk: Desk, now: Callable[[], float]) -> None:
        self._way = way
        self._desk = desk
        self._now = now
        self._own = frozenset(_names(box))
        self._asking: dict[tuple[Mac, str], asyncio.Task[str | None]] = {}

    async def answer(self, ask: Ask, address: str) -> Answer:
        """Pages of ours are asked for by our own name or address; before any other page comes the portal."""
        mac = await self._desk.mac_of(address)
        if mac is None:
            return Answer(HTTPStatus.SERVICE_UNAVAILABLE, (("Retry-After", "2"), ("Cache-Control", "no-store")))
        if ask.host in self._own and ask.method == "GET":
            if ask.path == "/login":
                return await self._login(ask, mac, address)
            if ask.path == "/logout":
                return await self._logout(ask, mac, address)
        return self.to_portal(mac, address)

    def to_portal(self, mac: Mac, address: str) -> Answer:
        stay = self._desk.stay_of(mac)
        return self._sent(mac, address, news="online", user=stay.user_name) if stay else self._sent(mac, address)

    async def _login(self, ask: Ask, mac: Mac, address: str) -> Answer:
        user, password = ask.query.get("user", ""), ask.query.get("password", "")
        if not user or not password:
            return self.to_portal(mac, address)
        stay = self._desk.stay_of(mac)
        if stay is None or stay.user_name != user:
            says = await self._once(mac, address, user, password)
            if says is not None:
                return self._sent(mac, address, news="failed", says=says[:_LONGEST_WORDS])
        after = ask.query.get("after", "")
        return redirect(after) if self._way.leads_to(after) else self.to_portal(mac, address)

    async def _once(self, mac: Mac, address: str, user: str, password: str) -> str | None:
        """A page that is loaded again while RADIUS thinks waits for the same answer."""
        task = self._asking.get((mac, user))
        if task is None:
            task = asyncio.create_task(self._desk.log_in(mac, address, user, password))
            self._asking[mac, user] = task
            task.add_done_callback(lambda _: self._asking.pop((mac, user), None))
        return await asyncio.shield(task)

    async def _logout(self, ask: Ask, mac: Mac, address: str) -> Answer:
        """A visitor's own page knows under which grant the stay goes; a stranger's link to here does not."""
        stay = self._desk.stay_of(mac)
        if stay and is_grant_id(stay.user_name) and ask.query.get("user") != stay.user_name:
            return self.to_portal(mac, address)
        await self._desk.log_out(mac)
        return self._sent(mac, address, news="left", user=stay.user_name if stay else "")

    def _sent(self, mac: Mac, address: str, **news: str) -> Answer:
        return redirect(self._way.arrival(mac, address, self._now(), **news))


def _names(box: Gateway) -> set[str]:
    """By which Host a request means this door itself."""
    hosts = {str(box.network.ip), box.login_host}
    hosts |= {box.name} if box.name else set()
    hosts |= {f"[{box.network6.ip}]"} if box.network6 else set()
    return {f"{host}:{box.login_port}" for host in hosts} | (hosts if box.login_port == 80 else set())
