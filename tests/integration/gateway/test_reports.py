"""A gateway's reports on their way to Debian's FreeRADIUS: a WAN that is cut, an ignored On, a lost acknowledgement."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from gateway.accounting import gateway_up
from gateway.queue import Queue
from gateway.radius_client import Server
from hotspot.wire import Attr, Request, parse
from tests.peers.freeradius import FreeRadius
from tests.peers.gateway_radius import HERE, NOW, Clock, abroad, draining, stay, until
from tests.peers.wan import Wan, wan


def sent_reports(way: Wan) -> list[Request]:
    found = [parse(octets) for octets in way.sent if octets[0] == 4]
    return [request for request in found if isinstance(request, Request)]


@pytest.mark.usefixtures("hasty")
def test_a_wan_that_is_cut_delays_reports_and_loses_none(free: FreeRadius, tmp_path: Path) -> None:
    clock = Clock()

    async def story() -> list[Request]:
        way = await wan(free.acct, HERE, is_cut=True)
        client = abroad(Server(HERE, free.auth[1], way.address[1]), clock=clock)
        queue = Queue(tmp_path)
        queue.put(gateway_up(NOW), *(report for name in ("cut-a", "cut-b") for report in stay(name)))
        async with draining(queue, client):
            await until(lambda: len(sent_reports(way)) >= 2, "two tries into the void")
            clock.at += 3600
            await until(lambda: len(sent_reports(way)) >= 4, "two more")
            way.is_cut = False
            await until(lambda: len(queue) == 0, "the queue is empty")
        queue.close()
        way.close()
        return sent_reports(way)

    sent = asyncio.run(story())
    assert all(request.number(Attr.ACCT_STATUS_TYPE) == 7 for request in sent[:4])
    assert sent[0].number(Attr.ACCT_DELAY_TIME) == 0
    assert sent[3].number(Attr.ACCT_DELAY_TIME) == 3600
    assert len({(request.identifier, request.authenticator) for request in sent[:4]}) == 4
    arrived = [record for record in free.records() if record["Acct-Session-Id"][0].startswith(("cut-", "gateway-"))]
    assert arrived[0]["Acct-Status-Type"] == ["Accounting-On"]
    for name in ("cut-a", "cut-b"):
        words = [record["Acct-Status-Type"][0] for record in arrived if record["Acct-Session-Id"] == [name]]
        assert words == ["Start", "Interim-Update", "Stop"]
    assert {record["Acct-Delay-Time"][0] for record in arrived if record["Acct-Session-Id"] == ["cut-a"]} == {
        "3600", "3300", "3000",
    }  # fmt: skip


@pytest.mark.usefixtures("hasty")
def test_a_living_server_that_ignores_an_on_does_not_hold_up_the_stays(free: FreeRadius, tmp_path: Path) -> None:
    def is_on(octets: bytes) -> bool:
        request = parse(octets)
        return isinstance(request, Request) and request.number(Attr.ACCT_STATUS_TYPE) == 7

    async def story() -> None:
        way = await wan(free.acct, HERE)
        way.swallows = is_on
        client = abroad(Server(HERE, free.auth[1], way.address[1]))
        queue = Queue(tmp_path)
        queue.put(gateway_up(NOW), *stay("after-on"))
        async with draining(queue, client):
            await until(lambda: len(queue) == 1, "the stay is told")
        queue.close()
        way.close()

    asyncio.run(story())
    words = [record["Acct-Status-Type"][0] for record in free.records() if record["Acct-Session-Id"] == ["after-on"]]
    assert words == ["Start", "Interim-Update", "Stop"]


@pytest.mark.usefixtures("hasty")
def test_a_report_whose_acknowledgement_is_lost_is_sent_again_before_the_next_of_its_stay(
    free: FreeRadius, tmp_path: Path
) -> None:
    async def story() -> None:
        way = await wan(free.acct, HERE)
        way.loses_replies = True
        client = abroad(Server(HERE, free.auth[1], way.address[1]))
        queue = Queue(tmp_path)
        queue.put(*stay("lost-ack"))
        async with draining(queue, client):
            await until(lambda: len(way.sent) >= 3, "three tries")
            way.loses_replies = False
            await until(lambda: len(queue) == 0, "the queue is empty")
        queue.close()
        way.close()

    asyncio.run(story())
    words = [record["Acct-Status-Type"][0] for record in free.records() if record["Acct-Session-Id"] == ["lost-ack"]]
    assert words[:3] == ["Start"] * 3
    assert [word for word in words if word != "Start"] == ["Interim-Update", "Stop"]
