"""A gateway's RADIUS side against our own server and Debian's FreeRADIUS: logins, reports, a server away, a WAN cut."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import insert, select

from gateway.accounting import Record, Who, gateway_up, going_on, started, stopped
from gateway.admission import Octets
from gateway.identity import Identity
from gateway.queue import Queue
from gateway.radius_client import Accept, NoAnswer, RadiusClient, Reject, Server
from gateway.sender import Sender
from gateway.session import Cause
from hotspot import grants, tables
from hotspot.allowance import Limits
from hotspot.mac import Mac
from hotspot.secret import Secret
from hotspot.wire import Attr, Request, parse
from tests.peers.freeradius import FreeRadius, freeradius
from tests.peers.house import House, house
from tests.peers.process import wait_until
from tests.peers.wan import Wan, wan

NAS = "gw-pendopo-wabup"
MAC = Mac("021122000001")
PHONE = ip_address("10.70.7.20")
SECRET = Secret("a secret of FreeRADIUS' own")
HERE = "127.0.0.1"
POLICY = Limits(seconds=7200, idle=900, octets=None, up=2_000_000, down=8_000_000, interim=300)
USERS = """\
gast Cleartext-Password := "sandi"
     Session-Timeout = 3600, Idle-Timeout = 600, WISPr-Bandwidth-Max-Up = 1000000, WISPr-Bandwidth-Max-Down = 4000000,
     Class = 0x6873313a61, Class = 0x62, Reply-Message = "halo", Message-Authenticator = 0x00

tua Cleartext-Password := "sandi"
     Session-Timeout = 3600
"""
NOW = 1_780_000_000

T = TypeVar("T")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house"), services=("radius",)) as built:
        yield built


@pytest.fixture(scope="module")
def free(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FreeRadius]:
    with freeradius(tmp_path_factory.mktemp("freeradius"), {HERE: SECRET.reveal()}, USERS) as started_:
        yield started_


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits that fit into a test."""
    for name, pace in (("LOGIN_PACE", (0.2, 0.3)), ("REPORT_PACE", (0.3, 0.3)), ("PROBE_PACE", (0.2,))):
        monkeypatch.setattr(f"gateway.radius_client.{name}", pace)
    monkeypatch.setattr("gateway.radius_client.PROBE_EVERY", 0.2)
    monkeypatch.setattr("gateway.sender.FIRST_PAUSE", 0.1)
    monkeypatch.setattr("gateway.sender.LONGEST_PAUSE", 0.3)


@dataclass
class Clock:
    at: float = NOW

    def now(self) -> float:
        return self.at


def at_home(town: House) -> RadiusClient:
    """The client of a gateway of the town."""
    nas = town.sites.nas[NAS]
    auth, acct = (town.address("radius", name).rpartition(":") for name in ("auth", "acct"))
    return RadiusClient(
        Identity(NAS, ip_address(nas.address)),
        [Server(auth[0], int(auth[2]), int(acct[2]))],
        town.secrets.read(f"nas-{NAS}"),
        now=town.now,
        otherwise=POLICY,
        source=nas.address,
    )


def abroad(
    *servers: Server, clock: Clock | None = None, secret: Secret = SECRET, must_seal: bool = True
) -> RadiusClient:
    """The client of a gateway that FreeRADIUS knows."""
    now = (clock or Clock()).now
    identity = Identity("gw-test", ip_address(HERE))
    return RadiusClient(identity, servers, secret, now=now, otherwise=POLICY, must_seal=must_seal)


def server_of(free: FreeRadius) -> Server:
    return Server(HERE, free.auth[1], free.acct[1])


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


def run(client: RadiusClient, story: Callable[[RadiusClient], Awaitable[T]]) -> T:
    async def act() -> T:
        try:
            return await story(client)
        finally:
            client.close()

    return asyncio.run(act())


def log_in(client: RadiusClient, user: str, word: str, mac: Mac = MAC) -> Accept | Reject | NoAnswer:
    return run(client, lambda radius: radius.authenticate(user, word, mac, PHONE))


@contextlib.asynccontextmanager
async def draining(queue: Queue, client: RadiusClient) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(Sender(queue, client.account).run()), asyncio.create_task(client.watch())]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        client.close()


async def until(ready: Callable[[], object], what: str, seconds: float = 15) -> None:
    await asyncio.to_thread(wait_until, ready, what, seconds)


def dead_port() -> Iterator[int]:
    """A port where packets arrive and nobody answers."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as nobody:
        nobody.bind((HERE, 0))
        yield nobody.getsockname()[1]


silent = pytest.fixture(dead_port)


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


def test_freeradius_accepts_and_what_it_leaves_open_the_policy_says(free: FreeRadius) -> None:
    accept = log_in(abroad(server_of(free)), "gast", "sandi")

    assert accept == Accept(
        Limits(seconds=3600, idle=600, octets=None, up=1_000_000, down=4_000_000, interim=300),
        (b"hs1:a".hex(), b"b".hex()),
        "halo",
    )
    assert log_in(abroad(server_of(free)), "gast", "x") == Reject("halo")


@pytest.mark.usefixtures("hasty")
def test_an_accept_without_seal_counts_only_where_sites_yaml_allows_it(free: FreeRadius) -> None:
    assert log_in(abroad(server_of(free)), "tua", "sandi") == NoAnswer()
    assert isinstance(log_in(abroad(server_of(free), must_seal=False), "tua", "sandi"), Accept)


@pytest.mark.usefixtures("hasty")
def test_another_secret_is_silence_and_the_log_says_what_to_look_at(
    free: FreeRadius, caplog: pytest.LogCaptureFixture
) -> None:
    outcome = log_in(abroad(server_of(free), secret=Secret("another secret than that")), "gast", "sandi")

    assert outcome == NoAnswer()
    assert "a RADIUS server is silent" in caplog.text


@pytest.mark.usefixtures("hasty")
def test_the_secondary_is_asked_at_once_while_the_primary_is_dead_and_no_more_when_it_is_back(
    free: FreeRadius, silent: int
) -> None:
    async def story() -> None:
        way = await wan(free.auth, HERE, is_cut=True)
        client = abroad(Server(*way.address, silent), server_of(free))
        watching = asyncio.create_task(client.watch())
        took = [await timed(client) for _ in range(2)]
        assert took[0] >= 0.4
        assert took[1] < 0.2
        way.is_cut = False
        await until(lambda: client._auth[0].silent_since is None, "the primary is found again")
        before = len(way.sent)
        await timed(client)
        assert len(way.sent) == before + 1
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        client.close()
        way.close()

    asyncio.run(story())


@pytest.mark.usefixtures("hasty")
def test_a_primary_that_knows_no_status_server_is_asked_again_after_a_while(
    free: FreeRadius, silent: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.radius_client.RETRY_AFTER", 2.0)

    async def story() -> None:
        way = await wan(free.auth, HERE, is_cut=True)
        way.swallows = lambda octets: octets[0] == 12
        client = abroad(Server(*way.address, silent), server_of(free))
        watching = asyncio.create_task(client.watch())
        began = asyncio.get_running_loop().time()
        await timed(client)
        way.is_cut = False
        while client._auth[0].silent_since is not None:
            await timed(client)
            await asyncio.sleep(0.1)
        assert asyncio.get_running_loop().time() - began >= 2
        assert any(octets[0] == 12 for octets in way.sent)
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        client.close()
        way.close()

    asyncio.run(asyncio.wait_for(story(), 15))


async def timed(client: RadiusClient) -> float:
    began = asyncio.get_running_loop().time()
    assert isinstance(await client.authenticate("gast", "sandi", MAC), Accept)
    return asyncio.get_running_loop().time() - began


@pytest.mark.usefixtures("hasty")
def test_a_login_is_repeated_octet_by_octet_and_each_server_gets_its_own(free: FreeRadius) -> None:
    async def story() -> tuple[Wan, Wan]:
        ways = [await wan(free.auth, HERE, is_cut=True) for _ in range(2)]
        client = abroad(*(Server(*way.address) for way in ways))
        assert await client.authenticate("gast", "sandi", MAC) == NoAnswer()
        assert not client.answers
        client.close()
        for way in ways:
            way.close()
        return ways[0], ways[1]

    first, second = asyncio.run(story())
    assert len(first.sent) == len(second.sent) == 2
    assert first.sent[0] == first.sent[1]
    assert first.sent[0][4:20] != second.sent[0][4:20]


def test_six_hundred_logins_in_flight_need_more_identifiers_than_one_socket_has(
    free: FreeRadius, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.radius_client.LOGIN_PACE", (1.0,) * 20)

    async def story() -> tuple[set[str], int]:
        way = await wan(free.auth, HERE, is_cut=True)
        client = abroad(Server(*way.address))
        macs = [Mac(f"0211220{number:05x}") for number in range(600)]
        logins = [asyncio.create_task(client.authenticate("gast", "sandi", mac)) for mac in macs]
        await until(lambda: len(way.sent) >= 600, "all are on their way")
        way.is_cut = False
        outcomes = {type(await login).__name__ for login in logins}
        client.close()
        way.close()
        return outcomes, len(way.ports)

    outcomes, sockets = asyncio.run(story())
    assert outcomes == {"Accept"}
    assert sockets == 3


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


def stay(name: str) -> Sequence[Record]:
    who = Who(name, "gast", MAC, (PHONE,), (b"hs1:a".hex(),))
    return (
        started(who, NOW),
        going_on(who, NOW + 300, 300, Octets(1, 2, 3, 4)),
        stopped(who, NOW + 600, 600, Octets(5, 2**32 + 6, 7, 8), Cause.USER_REQUEST),
    )


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


@pytest.mark.usefixtures("hasty")
def test_a_gateway_without_any_way_out_says_so_and_waits(caplog: pytest.LogCaptureFixture) -> None:
    nowhere = abroad(Server("fd00::1"))

    assert log_in(nowhere, "gast", "sandi") == NoAnswer()
    assert "no way to a RADIUS server" in caplog.text or "is silent" in caplog.text
