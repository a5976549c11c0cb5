"""Listens for what RADIUS wants of a stay that goes on: end it, or change its limits (RFC 5176)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from ipaddress import ip_address

from gateway.change import (
    WINDOW,
    Change,
    Disconnect,
    ErrorCause,
    Silence,
    Which,
    believe,
    read_change,
    reply_to_change,
)
from gateway.identity import Identity
from gateway.terms import Terms
from hotspot.command import OperatorError
from hotspot.log import event
from hotspot.secret import Secret
from hotspot.wire import Attr, Request, encode

MOST_RECENT = 4096
COMPLAIN_EVERY = 60.0

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Recent:
    """A request that was seen; ``reply`` is None while it is worked on."""

    until: float
    reply: bytes | None = None


class Listener(asyncio.DatagramProtocol):
    """``disconnect`` and ``change`` say whether they found such a stay. Only ``peers`` are heard."""

    def __init__(
        self,
        identity: Identity,
        secret: Secret,
        peers: Collection[str],
        *,
        now: Callable[[], float],
        disconnect: Callable[[Which], Awaitable[bool]],
        change: Callable[[Which, Terms], Awaitable[bool]],
    ) -> None:
        self._identity = identity
        self._secret = secret.octets
        self._peers = frozenset(str(ip_address(peer)) for peer in peers)
        self._now = now
        self._disconnect = disconnect
        self._change = change
        self._recent: dict[bytes, Recent] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._complained_at = -COMPLAIN_EVERY
        self._transport: asyncio.DatagramTransport | None = None

    @property
    def address(self) -> tuple[str, int]:
        assert self._transport is not None  # noqa: S101 - listen() hands out connected listeners only
        host, port = self._transport.get_extra_info("sockname")[:2]
        return host, port

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if addr[0] not in self._peers:
            self._complain("a stranger's packet was dropped", "it came from no RADIUS server of sites.yaml")
            return
        request = believe(data, self._secret, self._now())
        if isinstance(request, Silence):
            self._complain("a packet was dropped", request.reason)
            return
        known = self._recent.get(request.authenticator)
        if known is None:
            self._begin(request, addr)
        elif known.reply is not None:  # sent again, by its sender or by somebody who listened: nothing is done twice
            self._send(known.reply, addr)

    async def stop(self) -> None:
        if self._transport is not None:
            self._transport.close()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _begin(self, request: Request, addr: tuple[str, int]) -> None:
        """The authenticator is a hash over the whole packet and the secret: no two requests share one."""
        now = self._now()
        self._recent = {key: recent for key, recent in self._recent.items() if recent.until >= now}
        if len(self._recent) >= MOST_RECENT:  # forgetting one of them would let it be played again
            self._send(self._encoded(request, ErrorCause.RESOURCES_UNAVAILABLE), addr)
            return
        stamp = request.number(Attr.EVENT_TIMESTAMP)
        recent = self._recent[request.authenticator] = Recent((now if stamp is None else stamp) + WINDOW)
        task = asyncio.create_task(self._finish(request, recent, addr))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _finish(self, request: Request, recent: Recent, addr: tuple[str, int]) -> None:
        try:
            error = await self._do(request)
        except Exception:  # noqa: BLE001 - the server is told, and the next request is heard
            _log.exception("a change of authorisation met a bug")
            error = ErrorCause.RESOURCES_UNAVAILABLE
        recent.reply = self._encoded(request, error)
        self._send(recent.reply, addr)
        name = "done" if error is None else error.name.lower().replace("_", "-")
        event(_log, logging.INFO, "RADIUS asked for a change", code=request.code, result=name)

    async def _do(self, request: Request) -> ErrorCause | None:
        match read_change(request, self._identity):
            case Disconnect(which):
                found = await self._disconnect(which)
            case Change(which, terms):
                found = await self._change(which, terms)
            case ErrorCause() as error:
                return error
        return None if found else ErrorCause.SESSION_CONTEXT_NOT_FOUND

    def _encoded(self, request: Request, error: ErrorCause | None) -> bytes:
        """Sealed where the request was: who sends no Message-Authenticator may not know what one is."""
        reply = reply_to_change(request, error)
        return encode(reply, request, self._secret, sealed=request.sealed_at is not None)

    def _send(self, octets: bytes, addr: tuple[str, int]) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(octets, addr)

    def _complain(self, text: str, reason: str) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._complained_at >= COMPLAIN_EVERY:
            self._complained_at = now
            event(_log, logging.WARNING, text, reason=reason)


async def listen(
    address: tuple[str, int],
    identity: Identity,
    secret: Secret,
    peers: Collection[str],
    *,
    now: Callable[[], float],
    disconnect: Callable[[Which], Awaitable[bool]],
    change: Callable[[Which, Terms], Awaitable[bool]],
) -> Listener:
    """Bind one address, the one that the servers send to: a reply has to leave from there."""
    listener = Listener(identity, secret, peers, now=now, disconnect=disconnect, change=change)
    try:
        await asyncio.get_running_loop().create_datagram_endpoint(lambda: listener, local_addr=address)
    except OSError as error:
        host, port = address
        raise OperatorError(
            f"cannot listen on {host}:{port}/udp for changes of authorisation: {error.strerror}; "
            "see address and coa_port of this NAS in sites.yaml"
        ) from None
    return listener
