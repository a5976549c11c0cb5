"""A UDP socket that is read dry at each wake-up: asyncio's own protocol reads one datagram a turn, six times slower."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from hotspot.command import OperatorError
from radius.receive import Door

MOST_PER_WAKE = 64
RECEIVE_BUFFER = 8 * 1024 * 1024  # a burst of 512 packets overruns the kernel's default
_LARGEST = 8192
_EVERYWHERE = ("", "0.0.0.0", "::")
_IP_PKTINFO = 8  # Linux, ip(7); Python 3.11 does not name it
_ROOM = socket.CMSG_SPACE(20)  # struct in6_pktinfo, the larger of the two

Ancillary = tuple[int, int, bytes]


class Datagram(NamedTuple):
    """What came in: from whom, and which of our addresses it was sent to where we listen on all of them."""

    octets: bytes
    address: tuple[str, int]
    asked: tuple[Ancillary, ...] = ()


class Listener:
    """One port. A reply leaves by the socket and from the address that was asked: CoovaChilli drops others."""

    def __init__(self, door: Door, address: tuple[str, int], variable: str, *, is_shared: bool = False) -> None:
        """``is_shared``: others of the crew bind the same port; without it a second RADIUS is refused."""
        self.door = door
        host, port = address
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, is_shared)
        if host in _EVERYWHERE[:2]:
            self._socket.setsockopt(socket.IPPROTO_IP, _IP_PKTINFO, 1)
        if host == "::":
            self._socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            self._socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
        try:
            self._socket.bind((host, port))
        except OSError as error:
            self._socket.close()
            raise OperatorError(f"cannot listen on {host}:{port}/udp: {error.strerror}; set {variable}") from None
        self.number = self._socket.fileno()
        self._is_everywhere = host in _EVERYWHERE

    @property
    def address(self) -> str:
        host, port = self._socket.getsockname()[:2]
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    def start(self, take: Callable[[Listener, Sequence[Datagram]], None]) -> None:
        asyncio.get_running_loop().add_reader(self._socket, self._drain, take)

    def stop(self) -> None:
        """Read no more; replies can still be sent."""
        asyncio.get_running_loop().remove_reader(self._socket)

    def answer(self, datagram: Datagram, octets: bytes) -> None:
        """A reply that the kernel does not take now is lost, like any datagram: the NAS asks again."""
        try:
            if datagram.asked:
                self._socket.sendmsg([octets], datagram.asked, 0, datagram.address)
            else:
                self._socket.sendto(octets, datagram.address)
        except OSError:  # contextlib.suppress would cost as much as a hash
            return

    def close(self) -> None:
        self._socket.close()

    def _drain(self, take: Callable[[Listener, Sequence[Datagram]], None]) -> None:
        datagrams: list[Datagram] = []
        with contextlib.suppress(BlockingIOError, ConnectionError):
            datagrams.extend(self._read() for _ in range(MOST_PER_WAKE))
        take(self, datagrams)

    def _read(self) -> Datagram:
        """Where one address is listened on, there is no asking which of ours it was."""
        if not self._is_everywhere:
            octets, address = self._socket.recvfrom(_LARGEST)
            return Datagram(octets, address[:2])
        octets, ancillary, _flags, address = self._socket.recvmsg(_LARGEST, _ROOM)
        return Datagram(octets, address[:2], _sent_to(ancillary))


def _sent_to(ancillary: Iterable[Ancillary]) -> tuple[Ancillary, ...]:
    """The control message that makes a reply leave from the asked address, by whichever interface the route says."""
    for level, kind, value in ancillary:
        if (level, kind) == (socket.IPPROTO_IP, _IP_PKTINFO):
            return ((level, kind, bytes(4) + value[4:8] + bytes(4)),)  # in_pktinfo: index, spec_dst, addr
        if (level, kind) == (socket.IPPROTO_IPV6, socket.IPV6_PKTINFO):
            return ((level, kind, value[:16] + bytes(4)),)  # in6_pktinfo: addr, index
    return ()
