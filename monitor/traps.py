"""SNMP traps as pokes: a trap of a known device is a reason to poll it now, and for a cause at most a hint."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping
from ipaddress import IPv6Address, ip_address
from typing import Any, cast

from hotspot.command import OperatorError
from hotspot.log import event
from hotspot.metrics import Metrics
from monitor.notices import known, vendor
from monitor.trap import Malformed, Proved, Trap, read_trap

HOLD_SECONDS = 5.0  # between two pokes of one device; what comes sooner is one poke when the time is over
OTHERS_SECONDS = 60.0  # between two pokes by traps of which nobody here knows what they mean
_NO_UNKNOWN_LINE_BEFORE = 60.0  # one line a minute says that foreign traps were dropped
ENTERPRISES = "1.3.6.1.4.1."
log = logging.getLogger(__name__)


def turn(last: float | None, now: float) -> float:
    """How long a poke has to wait so that a device is polled at most once in ``HOLD_SECONDS`` by traps."""
    return 0.0 if last is None else max(0.0, last + HOLD_SECONDS - now)


class Traps(asyncio.DatagramProtocol):
    """Give it the devices by address; it calls ``poke`` with the id of one to poll now, and the ports it spoke of.

    ``told`` hears what a vendor's trap is evidence for (monitor.notices), with the port's ifIndex where it names one.
    ``v3`` proves the traps of devices that are asked by SNMPv3. Of these a trap in clear counts for nothing.
    """

    def __init__(
        self,
        devices: Mapping[str, str],
        poke: Callable[[str, Collection[int]], None],
        metrics: Metrics,
        v3: Mapping[str, Proved] | None = None,
        told: Callable[[str, str, int | None], None] | None = None,
    ) -> None:
        self._told = told
        self._devices = devices
        self._v3 = v3 or {}
        self._poke = poke
        self._counter = metrics.counter("hotspot_traps_total", "SNMP traps by what became of them.", ("result",))
        self._others = metrics.counter(
            "hotspot_trap_others_total", "Traps of known devices whose meaning is not known, by vendor.", ("reason",)
        )
        self._last: dict[str, float] = {}
        self._last_other: dict[str, float] = {}
        self._waiting: dict[str, asyncio.TimerHandle] = {}
        self._ports: dict[str, set[int]] = {}  # of those that wait
        self._silent_until = 0.0
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)  # Python 3.11's is not of that class

    def connection_lost(self, _error: Exception | None) -> None:
        for handle in self._waiting.values():
            handle.cancel()

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        device = self._devices.get(_plain(addr[0]))
        if device is None:
            self._count("unknown")
            self._say_unknown()
        elif device in self._waiting:
            self._count("held")
        else:
            self._known(device, data, addr)

    def _known(self, device: str, data: bytes, addr: tuple[str | Any, int]) -> None:
        trap = read_trap(data, addr[0], self._v3.get(device))
        if trap.reply and self._transport:
            self._transport.sendto(trap.reply, addr)
        if isinstance(trap, Malformed):
            self._count("malformed")
            event(log, logging.DEBUG, "trap is malformed", device=device, why=trap.why)
            return
        notice = known(trap.oid)
        if not trap.name and notice is None:
            self._other(device, trap)
            return
        self._count("accepted")
        name = trap.name or (notice.name if notice else "")
        event(log, logging.INFO, "trap asks for a poll", device=device, trap=name, if_index=trap.if_index)
        if notice and notice.says and self._told:
            self._told(device, notice.says, trap.if_index)
        self._wait(device, trap)

    def _other(self, device: str, trap: Trap) -> None:
        """Nobody here knows what it means, but its vendor does: worth a look, and no line in the log."""
        self._count("other")
        self._others.labels(vendor(trap.oid)).inc()
        now = asyncio.get_running_loop().time()
        last = self._last_other.get(device)
        if trap.oid.startswith(ENTERPRISES) and (last is None or now - last >= OTHERS_SECONDS):
            self._last_other[device] = now
            self._wait(device, trap)

    def _wait(self, device: str, trap: Trap) -> None:
        self._ports.setdefault(device, set()).update(() if trap.if_index is None else (trap.if_index,))
        loop = asyncio.get_running_loop()
        delay = turn(self._last.get(device), loop.time())
        self._waiting[device] = loop.call_later(delay, self._now, device)

    def _now(self, device: str) -> None:
        del self._waiting[device]
        self._last[device] = asyncio.get_running_loop().time()
        self._poke(device, self._ports.pop(device, set()))

    def _count(self, result: str) -> None:
        self._counter.labels(result).inc()

    def _say_unknown(self) -> None:
        now = asyncio.get_running_loop().time()
        if now >= self._silent_until:
            self._silent_until = now + _NO_UNKNOWN_LINE_BEFORE
            event(log, logging.WARNING, "trap dropped: its sender is not an address of a device in sites.yaml")


async def listen(host: str, port: int, receiver: Traps) -> asyncio.DatagramTransport:
    """Open the socket; the caller closes the transport. OperatorError when the address is taken."""
    loop = asyncio.get_running_loop()
    try:
        transport, _protocol = await loop.create_datagram_endpoint(
            lambda: receiver, local_addr=(host or "0.0.0.0", port)
        )
    except OSError as error:
        raise OperatorError(
            f"HOTSPOT_TRAPS={host}:{port}: {error.strerror or error}; stop what listens there (snmptrapd?), or choose "
            "another port"
        ) from error
    return transport


def _plain(address: str) -> str:
    """A socket for both families shows IPv4 senders as ::ffff:a.b.c.d."""
    one = ip_address(address.partition("%")[0])
    mapped = one.ipv4_mapped if isinstance(one, IPv6Address) else None
    return str(mapped or one)
