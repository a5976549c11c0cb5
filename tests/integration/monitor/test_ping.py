"""Ping sockets against a real kernel: in namespaces of their own, with a cable that can be cut."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.peers.namespace import Namespace, join, namespace

PING = """
import asyncio, json, os, sys
from monitor.ping import Pinger, allowed
if sys.argv[1] == "nobody":
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
async def main():
    pinger = Pinger()
    try:
        echoes = await pinger.ping(sys.argv[2:], count=3, gap=0.05, patience=0.5)
    finally:
        pinger.close()
    print(json.dumps({a: [e.sent, e.loss, e.rtt] for a, e in echoes.items()}))
print(allowed()) if len(sys.argv) == 2 else asyncio.run(main())
"""


@pytest.fixture
def pair() -> Iterator[tuple[Namespace, Namespace]]:
    with namespace() as near, namespace() as far:
        join((near, "v0", "10.66.0.1/24"), (far, "v1", "10.66.0.2/24"))
        near.ip("addr", "add", "fd66::1/64", "dev", "v0", "nodad")
        far.ip("addr", "add", "fd66::2/64", "dev", "v1", "nodad")
        far.ip("addr", "add", "10.66.0.3/24", "dev", "v1")
        near.allow_ping_sockets()
        yield near, far


def ping(place: Namespace, *addresses: str, user: str = "nobody") -> dict[str, list[float]]:
    answer: dict[str, list[float]] = json.loads(place.python(PING, user, *addresses))
    return answer


def test_an_unprivileged_user_gets_loss_and_round_trip_of_both_families(pair: tuple[Namespace, Namespace]) -> None:
    near, _far = pair

    echoes = ping(near, "10.66.0.2", "10.66.0.3", "fd66::2", "10.66.0.99", "192.0.2.1")

    for alive in ("10.66.0.2", "10.66.0.3", "fd66::2"):
        assert echoes[alive][:2] == [3, 0]
        assert 0 < echoes[alive][2] < 0.5
    assert echoes["10.66.0.99"] == [3, 1, None], "a silent address"
    assert echoes["192.0.2.1"] == [3, 1, None], "an address without a route"


MANY = """
import asyncio, json
from monitor.ping import Pinger
async def main():
    pinger = Pinger()
    alone = [f"127.66.{n // 200}.{n % 200 + 1}" for n in range(400)]
    try:
        calls = [pinger.ping([address], count=3, gap=0.05, patience=2) for address in alone]
        calls.append(pinger.ping([f"127.67.{n // 200}.{n % 200 + 1}" for n in range(1000)], count=1, patience=2))
        echoes = [echo for answer in await asyncio.gather(*calls) for echo in answer.values()]
    finally:
        pinger.close()
    print(json.dumps([len(echoes), sum(len(e.rtts) for e in echoes), pinger._waiting == {}, pinger._answers == {}]))
asyncio.run(main())
"""


def test_many_calls_share_the_socket_and_lose_nothing() -> None:
    with namespace() as place:
        place.allow_ping_sockets()

        assert json.loads(place.python(MANY)) == [1400, 400 * 3 + 1000, True, True]


def test_a_cut_cable_is_full_loss(pair: tuple[Namespace, Namespace]) -> None:
    near, far = pair
    assert ping(near, "10.66.0.2")["10.66.0.2"][1] == 0

    far.ip("link", "set", "v1", "down")

    assert ping(near, "10.66.0.2")["10.66.0.2"][:2] == [3, 1]


def test_a_fresh_kernel_forbids_it_and_the_operator_reads_what_to_set() -> None:
    with namespace() as place:
        assert "net.ipv4.ping_group_range is 1 0" in place.python(PING, "nobody")

        place.allow_ping_sockets()

        assert place.python(PING, "nobody") == "None\n"
