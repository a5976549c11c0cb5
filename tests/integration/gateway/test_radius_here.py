"""A gateway's RADIUS side against our own server: what it is told, and what stands in the books afterwards."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from gateway.accounting import Who, going_on, started, stopped
from gateway.admission import Octets
from gateway.queue import Queue
from gateway.radius_client import Accept, RadiusClient, Reject
from gateway.session import Cause
from hotspot import grants, tables
from hotspot.allowance import Limits
from hotspot.mac import Mac
from tests.peers.gateway_radius import MAC, NAS, PHONE, at_home, draining, log_in, run, until
from tests.peers.house import House, house


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house"), services=("radius",)) as built:
        yield built


def mint(town: House, mac: Mac, **facts: Any) -> tuple[str, str]:
    grant, now = grants.new_id(secrets.token_bytes(10)), int(town.now())
    row = {
        "id": grant, "flow": grant, "nas": NAS, "site": town.sites.nas[NAS].site, "mac": mac.digits, "way": "tap",
        "minted_at": now, "expires_at": now + grants.LIFETIME,
    }  # fmt: skip
    with town.store() as store, store.writing() as connection:
        connection.execute(insert(tables.grants), row | facts)
    return grant, grants.password(town.secrets.read("grant-key"), grant)


def sessions_of(town: House, session: str) -> list[dict[str, Any]]:
    query = select(tables.sessions).where(tables.sessions.c.acct_session_id == session)
    with town.store() as store, store.reading() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def test_our_server_accepts_a_grant_and_tells_its_limits_and_its_class(town: House) -> None:
    name, word = mint(town, MAC)

    accept = log_in(at_home(town), name, word)

    assert isinstance(accept, Accept)
    policy = town.sites.policies["pendopo"]
    assert accept.limits == Limits(
        seconds=policy.visit.time, idle=policy.visit.idle, octets=policy.day.octets,
        up=policy.speed.up, down=policy.speed.down, interim=policy.interim,
    )  # fmt: skip
    assert [bytes.fromhex(value)[:4] for value in accept.classes] == [b"hs1:"]


def test_our_servers_refusals_keep_their_words(town: House) -> None:
    name, word = mint(town, MAC)
    client = at_home(town)

    async def story(radius: RadiusClient) -> list[object]:
        return [
            await radius.authenticate(name, word[::-1], MAC),
            await radius.authenticate(name, word, Mac("021122000002")),
            await radius.authenticate(MAC.dashes, MAC.dashes, MAC),
            await radius.authenticate("x" * 300, word, MAC),
        ]

    assert run(client, story) == [
        Reject("password"), Reject("grant-elsewhere"), Reject("unknown-client"), Reject("password"),
    ]  # fmt: skip


def test_a_stay_from_start_to_stop_is_in_our_books_to_the_octet(town: House, tmp_path: Path) -> None:
    name, word = mint(town, MAC)
    client, now = at_home(town), int(town.now())
    total = Octets(700, 3 * 2**32 + 9, 5, 6)

    async def story() -> None:
        accept = await client.authenticate(name, word, MAC, PHONE)
        assert isinstance(accept, Accept)
        who = Who("stay-1", name, MAC, (PHONE,), accept.classes)
        queue = Queue(tmp_path)
        assert queue.put(
            started(who, now - 60),
            going_on(who, now - 30, 30, Octets(500, 2**32, 3, 4)),
            stopped(who, now, 60, total, Cause.IDLE_TIMEOUT),
        )
        async with draining(queue, client):
            await until(lambda: len(queue) == 0, "the queue is empty")
        queue.close()

    asyncio.run(story())
    (row,) = sessions_of(town, "stay-1")
    assert (row["grant_id"], row["way"], row["mac"], row["address"]) == (name, "tap", MAC.digits, str(PHONE))
    assert (row["input_octets"], row["output_octets"]) == (total.up, total.down)
    assert (row["started_at"], row["stopped_at"], row["stop_cause"]) == (now - 60, now, 4)
