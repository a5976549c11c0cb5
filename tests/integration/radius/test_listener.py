"""The listening sockets on the real kernel."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence

import pytest

from radius.listener import MOST_PER_WAKE, RECEIVE_BUFFER, Datagram, Listener
from radius.receive import Door


def echo(host: str, asked: str, packets: int, family: socket.AddressFamily = socket.AF_INET) -> tuple[int, list[int]]:
    """How many packets came back to a client that listens to the address it asked only; how many each wake-up read."""
    wakes: list[int] = []

    def take(listener: Listener, datagrams: Sequence[Datagram]) -> None:
        wakes.append(len(datagrams))
        for datagram in datagrams:
            listener.answer(datagram, datagram.octets)

    async def talk() -> int:
        listener = Listener(Door.AUTH, (host, 0), "X")
        port = int(listener.address.rpartition(":")[2])
        with socket.socket(family, socket.SOCK_DGRAM) as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)  # it must not lose them either
            client.connect((asked, port))
            client.setblocking(False)
            for _ in range(packets):
                client.send(b"x" * 100)
            listener.start(take)
            back = 0
            while back < packets:
                await asyncio.wait_for(asyncio.get_running_loop().sock_recv(client, 200), 2)
                back += 1
        listener.stop()
        listener.close()
        return back

    return asyncio.run(talk()), wakes


@pytest.mark.parametrize(
    ("host", "asked", "family"),
    [
        ("", "127.66.200.7", socket.AF_INET),
        ("0.0.0.0", "127.66.200.7", socket.AF_INET),
        ("127.66.200.7", "127.66.200.7", socket.AF_INET),
        ("::", "127.66.200.7", socket.AF_INET),
        ("::", "::1", socket.AF_INET6),
        ("::1", "::1", socket.AF_INET6),
    ],
)
def test_a_reply_comes_from_the_address_that_was_asked(host: str, asked: str, family: socket.AddressFamily) -> None:
    if ":" in host + asked and not _has_ipv6():
        pytest.skip("this machine has no IPv6")
    assert echo(host, asked, 3, family)[0] == 3


def test_a_burst_is_read_in_few_wake_ups_and_none_is_lost() -> None:
    back, wakes = echo("127.0.0.1", "127.0.0.1", 500)

    assert back == 500
    assert max(wakes) == MOST_PER_WAKE


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True
