"""Loss and round trip of many addresses at once, by Linux ping sockets that need no privilege (icmp(7))."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import struct
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from types import MappingProxyType

ECHO_REQUEST = {socket.AF_INET: 8, socket.AF_INET6: 128}  # RFC 792; RFC 4443 section 4.1
ECHO_REPLY = {socket.AF_INET: 0, socket.AF_INET6: 129}
_PROTOCOL = {socket.AF_INET: socket.IPPROTO_ICMP, socket.AF_INET6: socket.IPPROTO_ICMPV6}
_SO_TIMESTAMPNS = 35  # asm-generic/socket.h; the standard library names it from Python 3.15 on
_ROOM_FOR_TIME = socket.CMSG_SPACE(16)
_BURST = 64  # echoes sent before the answers are let in, so that a thousand addresses do not overrun the buffer
_RANGE = Path("/proc/sys/net/ipv4/ping_group_range")


@dataclass(frozen=True)
class Echo:
    """What one address answered: ``rtts`` in seconds, one for each answer that came in time."""

    sent: int
    rtts: tuple[float, ...]

    @property
    def loss(self) -> float:
        """The share that was lost, 0 to 1."""
        return 1 - len(self.rtts) / self.sent

    @property
    def rtt(self) -> float | None:
        """The median round trip, or None when nothing came back."""
        return sorted(self.rtts)[len(self.rtts) // 2] if self.rtts else None


def allowed() -> str | None:
    """None when this process may ping; otherwise the sentence that tells the operator what to set."""
    try:
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP).close()
    except PermissionError:
        have = " ".join(_RANGE.read_text().split()) if _RANGE.exists() else "unknown"
        return (
            f"the kernel forbids ping sockets to this user's groups (net.ipv4.ping_group_range is {have}); "
            'run: sysctl -w net.ipv4.ping_group_range="0 2147483647" and keep it in /etc/sysctl.d, '
            "or set ping: false for the devices"
        )
    except OSError as error:
        return f"this kernel has no ping sockets ({error.strerror}); set ping: false for the devices"
    return None


@dataclass
class _Batch:
    """The echoes of one call that are still out; many calls share the sockets and none wakes another."""

    out: set[tuple[str, int]] = field(default_factory=set)
    back: asyncio.Event = field(default_factory=asyncio.Event)


class Pinger:
    """One socket a family for all addresses; made inside the running loop, closed with :meth:`close`."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._sockets: dict[socket.AddressFamily, socket.socket] = {}
        self._sequence = 0
        self._waiting: dict[tuple[str, int], tuple[int, _Batch]] = {}  # (address, sequence) -> sent at in ns
        self._answers: dict[tuple[str, int], float] = {}

    async def ping(
        self, addresses: Iterable[str], count: int = 3, gap: float = 0.2, patience: float = 1.0
    ) -> Mapping[str, Echo]:
        """Send each address ``count`` echoes, ``gap`` seconds apart, and wait ``patience`` after the last."""
        targets, batch = list(dict.fromkeys(addresses)), _Batch()
        sent: dict[str, list[tuple[str, int]]] = {address: [] for address in targets}
        for turn in range(count):
            for place, address in enumerate(targets):
                sent[address].append(self._send(address, batch))
                if place % _BURST == _BURST - 1:
                    await asyncio.sleep(0.002)
            await asyncio.sleep(gap if turn < count - 1 else 0)
        await self._all_answered(batch, patience)
        return MappingProxyType({address: self._harvest(keys) for address, keys in sent.items()})

    def close(self) -> None:
        for one in self._sockets.values():
            self._loop.remove_reader(one)
            one.close()
        self._sockets.clear()

    def _send(self, address: str, batch: _Batch) -> tuple[str, int]:
        """The kernel writes identifier and checksum; an address without a route is an echo without an answer."""
        one = ip_address(address)
        family = socket.AF_INET6 if one.version == 6 else socket.AF_INET
        self._sequence = (self._sequence + 1) & 0xFFFF
        key = (str(one), self._sequence)
        packet = struct.pack("!BBHHH", ECHO_REQUEST[family], 0, 0, 0, self._sequence) + bytes(24)
        batch.out.add(key)
        self._waiting[key] = (time.time_ns(), batch)
        try:
            self._socket(family).sendto(packet, (address, 0))
        except OSError:
            batch.out.discard(key)
        return key

    async def _all_answered(self, batch: _Batch, patience: float) -> None:
        if batch.out:
            batch.back.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(batch.back.wait(), patience)
        for one in self._sockets.values():
            self._drain(one)  # a busy loop is not loss: what the kernel holds already has its time of arrival

    def _harvest(self, keys: list[tuple[str, int]]) -> Echo:
        for key in keys:
            self._waiting.pop(key, None)
        rtts = [self._answers.pop(key) for key in keys if key in self._answers]
        return Echo(len(keys), tuple(rtts))

    def _socket(self, family: socket.AddressFamily) -> socket.socket:
        if family not in self._sockets:
            one = socket.socket(family, socket.SOCK_DGRAM, _PROTOCOL[family])
            one.setblocking(False)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
            one.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
            self._sockets[family] = one
            self._loop.add_reader(one, self._drain, one)
        return self._sockets[family]

    def _drain(self, one: socket.socket) -> None:
        while True:
            try:
                packet, extra, _flags, sender = one.recvmsg(2048, _ROOM_FOR_TIME)
            except OSError as error:
                if error.errno == errno.EINTR:
                    continue
                return
            self._take(one.family, packet, sender[0], _arrival(extra))

    def _take(self, family: int, packet: bytes, sender: str, arrived: int) -> None:
        if len(packet) < 8 or packet[0] != ECHO_REPLY[socket.AddressFamily(family)]:
            return
        key = (sender.partition("%")[0], int.from_bytes(packet[6:8], "big"))
        if key in self._waiting:
            began, batch = self._waiting.pop(key)
            self._answers[key] = max(0.0, (arrived - began) / 1e9)
            batch.out.discard(key)
            if not batch.out:
                batch.back.set()


def _arrival(extra: list[tuple[int, int, bytes]]) -> int:
    """The kernel's own time of arrival in ns, so that a busy event loop does not look like a slow network."""
    for level, kind, data in extra:
        if level == socket.SOL_SOCKET and kind == _SO_TIMESTAMPNS and len(data) >= 16:
            seconds, nanoseconds = struct.unpack("@qq", data[:16])
            return int(seconds) * 10**9 + int(nanoseconds)
    return time.time_ns()
