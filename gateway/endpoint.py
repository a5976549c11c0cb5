"""One port of one RADIUS server as a gateway sees it: asked at a pace until a true reply comes, or known as silent."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from random import SystemRandom

from gateway.channel import Channel, Hear, Write
from hotspot.log import event
from hotspot.wire import Malformed, Request, reply_to

MOST_CHANNELS = 16
COMPLAIN_EVERY = 60.0

_log = logging.getLogger(__name__)
_random = SystemRandom()


class Endpoint:
    """``silent_since`` is loop time, None while it answers; ``source`` is the address to send from, or empty."""

    def __init__(self, address: tuple[str, int], secret: bytes, *, source: str = "", must_seal: bool = True) -> None:
        self.address = address
        self.silent_since: float | None = None
        self._secret = secret
        self._source = source
        self._must_seal = must_seal
        self._channels: list[Channel] = []
        self._opening = asyncio.Lock()
        self._is_closed = False
        self._complained_at = -COMPLAIN_EVERY

    async def ask(self, write: Write, pace: Sequence[float], *, rewrite: bool = False) -> Request | None:
        """The true reply, or None when each wait of ``pace`` has passed without one.

        ``rewrite`` makes each retransmission a new packet: accounting, whose Acct-Delay-Time has grown meanwhile.
        A late reply to an earlier one counts too.
        """
        answer: asyncio.Future[Request] = asyncio.get_running_loop().create_future()
        sent: list[tuple[Channel, int]] = []

        def hear(asked: bytes, datagram: bytes) -> None:
            reply = self._believed(asked, datagram)
            if reply is not None and not answer.done():
                answer.set_result(reply)

        try:
            return await self._wait(write, pace, sent, hear, answer, rewrite=rewrite)
        finally:
            for channel, identifier in sent:
                channel.forget(identifier)
            self._retire()

    async def is_alive(self, write: Write, pace: Sequence[float]) -> bool:
        """Ask a mere sign of life; silence about that says nothing new of a server that is silent already."""
        before = self.silent_since
        if await self.ask(write, pace) is not None:
            return True
        self.silent_since = self.silent_since if before is None else before
        return False

    def close(self) -> None:
        self._is_closed = True
        for channel in self._channels:
            channel.close()
        self._channels.clear()

    async def _wait(
        self,
        write: Write,
        pace: Sequence[float],
        sent: list[tuple[Channel, int]],
        hear: Hear,
        answer: asyncio.Future[Request],
        *,
        rewrite: bool,
    ) -> Request | None:
        for seconds in pace:
            if rewrite or not sent:
                channel = await self._channel()
                if channel is not None:
                    sent.append((channel, channel.send(write, hear)))
            else:
                channel, identifier = sent[-1]
                channel.repeat(identifier)
            # RFC 5080 section 2.2.1: spread by ten per cent, so that gateways do not ask in step
            done, _ = await asyncio.wait([answer], timeout=seconds * _random.uniform(0.9, 1.1))
            if done:
                self._answered()
                return answer.result()
        self._gave_none()
        return None

    async def _channel(self) -> Channel | None:
        """A socket with a free Identifier; None where there is no route, or all are taken."""
        async with self._opening:  # a hundred at once wait for one new socket, and do not open a hundred
            free = next((channel for channel in self._channels if not channel.is_full), None)
            return free if free or len(self._channels) >= MOST_CHANNELS else await self._open()

    async def _open(self) -> Channel | None:
        local = (self._source, 0) if self._source else None
        loop = asyncio.get_running_loop()
        try:
            _, channel = await loop.create_datagram_endpoint(Channel, remote_addr=self.address, local_addr=local)
        except OSError as error:
            self._complain("no way to a RADIUS server", error.strerror or "unknown")
            return None
        if self._is_closed:  # meanwhile
            channel.close()
            return None
        self._channels.append(channel)
        return channel

    def _believed(self, asked: bytes, datagram: bytes) -> Request | None:
        reply = reply_to(asked, datagram, self._secret, must_seal=self._must_seal)
        if isinstance(reply, Malformed):
            self._complain("a reply was not believed", reply.reason)
            return None
        return reply

    def _answered(self) -> None:
        if self.silent_since is not None:
            event(_log, logging.INFO, "a RADIUS server answers again", server=self.address[0], port=self.address[1])
        self.silent_since = None

    def _gave_none(self) -> None:
        if self.silent_since is None:
            event(_log, logging.WARNING, "a RADIUS server is silent", server=self.address[0], port=self.address[1])
        self.silent_since = asyncio.get_running_loop().time()

    def _retire(self) -> None:
        """Sockets of a silent server are closed: a new one finds a route or an address of ours that has changed."""
        if self.silent_since is None:
            return
        for channel in [channel for channel in self._channels if channel.is_idle]:
            channel.close()
            self._channels.remove(channel)

    def _complain(self, text: str, reason: str) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._complained_at >= COMPLAIN_EVERY:
            self._complained_at = now
            event(_log, logging.WARNING, text, server=self.address[0], port=self.address[1], reason=reason)
