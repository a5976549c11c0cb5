"""A UDP socket that is read dry at each wake-up: asyncio's own protocol reads one datagram a turn, six times slower."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable, Sequence

from hotspot.command import OperatorError
from radius.receive import Door

MOST_PER_WAKE = 64
RECEIVE_BUFFER = 8 * 1024 * 1024  # a burst of 512 packets overruns the kernel's default
_LARGEST = 8192

Datagram = tuple[bytes, tuple[str, int]]


class Listener:
    """One port. The reply to a datagram leaves by the socket that it came in by."""

    def __init__(self, door: Door, address: tuple[str, int], variable: str) -> None:
        self.door = door
        host, port = address
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        try:
            self._socket.bind((host, port))
        except OSError as error:
            self._socket.close()
            raise OperatorError(f"cannot listen on {host}:{port}/udp: {error.strerror}; set {variable}") from None

    @property
    def number(self) -> int:
        return self._socket.fileno()

    @property
    def address(self) -> str:
        host, port = self._socket.getsockname()[:2]
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    def start(self, take: Callable[[Listener, Sequence[Datagram]], None]) -> None:
        asyncio.get_running_loop().add_reader(self._socket, self._drain, take)

    def stop(self) -> None:
        """Read no more; replies can still be sent."""
        asyncio.get_running_loop().remove_reader(self._socket)

    def send(self, octets: bytes, address: tuple[str, int]) -> None:
        """A reply that the kernel does not take now is lost, like any datagram: the NAS asks again."""
        with contextlib.suppress(OSError):
            self._socket.sendto(octets, address)

    def close(self) -> None:
        self._socket.close()

    def _drain(self, take: Callable[[Listener, Sequence[Datagram]], None]) -> None:
        datagrams: list[Datagram] = []
        with contextlib.suppress(BlockingIOError, ConnectionError):
            while len(datagrams) < MOST_PER_WAKE:
                octets, address = self._socket.recvfrom(_LARGEST)
                datagrams.append((octets, address[:2]))  # IPv6 addresses have two parts more
        take(self, datagrams)
