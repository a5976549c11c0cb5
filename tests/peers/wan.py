"""The way between a gateway and one port of a RADIUS server: it can be cut, and it remembers what was sent over it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Wan(asyncio.DatagramProtocol):
    """``sent`` are the datagrams that the gateway sent, whether they arrived or not; ``ports`` where they came from."""

    server: tuple[str, int]
    source: str
    is_cut: bool = False
    loses_replies: bool = False
    swallows: Callable[[bytes], bool] = lambda _: False
    sent: list[bytes] = field(default_factory=list)
    ports: set[int] = field(default_factory=set)
    _near: asyncio.DatagramTransport | None = None
    _far: dict[tuple[str, int], asyncio.DatagramTransport] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def address(self) -> tuple[str, int]:
        assert self._near is not None
        host, port = self._near.get_extra_info("sockname")[:2]
        return host, port

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self._near = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.sent.append(data)
        self.ports.add(addr[1])
        if not self.is_cut and not self.swallows(data):
            task = asyncio.create_task(self._carry(data, addr))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _carry(self, data: bytes, addr: tuple[str, int]) -> None:
        async with self._opening:
            if addr not in self._far:
                loop = asyncio.get_running_loop()
                back = _Back(self, addr)
                self._far[addr], _ = await loop.create_datagram_endpoint(
                    lambda: back, local_addr=(self.source, 0), remote_addr=self.server
                )
        self._far[addr].sendto(data)

    def bring_back(self, data: bytes, addr: tuple[str, int]) -> None:
        if self._near is not None and not (self.is_cut or self.loses_replies):
            self._near.sendto(data, addr)

    def close(self) -> None:
        for transport in (self._near, *self._far.values()):
            if transport is not None:
                transport.close()


@dataclass
class _Back(asyncio.DatagramProtocol):
    wan: Wan
    to: tuple[str, int]

    def datagram_received(self, data: bytes, addr: object) -> None:  # noqa: ARG002 - asyncio's signature
        self.wan.bring_back(data, self.to)


async def wan(server: tuple[str, int], source: str, *, is_cut: bool = False) -> Wan:
    """A port of loopback behind which the server seems to be; the server sees ``source``."""
    way = Wan(server, source, is_cut)
    await asyncio.get_running_loop().create_datagram_endpoint(lambda: way, local_addr=("127.0.0.1", 0))
    return way
