"""A gateway's logins against Debian's FreeRADIUS: its words, its seal, a primary that is away, many at once."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator

import pytest

from gateway.radius_client import Accept, NoAnswer, RadiusClient, Reject, Server
from hotspot.allowance import Limits
from hotspot.mac import Mac
from hotspot.secret import Secret
from tests.peers.freeradius import FreeRadius
from tests.peers.gateway_radius import HERE, MAC, abroad, log_in, server_of, until
from tests.peers.wan import Wan, wan


@pytest.fixture
def silent() -> Iterator[int]:
    """A port where packets arrive and nobody answers."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as nobody:
        nobody.bind((HERE, 0))
        yield nobody.getsockname()[1]


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
        await accepted(client)
        asked = len(logins_on(way))
        await accepted(client)
        assert len(logins_on(way)) == asked == 2, "the primary's own tries, and none for the second visitor"
        way.is_cut = False
        await until(lambda: client._auth[0].silent_since is None, "the primary is found again")
        await accepted(client)
        assert len(logins_on(way)) == asked + 1
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
        await accepted(client)
        way.is_cut = False
        while client._auth[0].silent_since is not None:
            await accepted(client)
            await asyncio.sleep(0.1)
        assert asyncio.get_running_loop().time() - began >= 2
        assert any(octets[0] == 12 for octets in way.sent)
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        client.close()
        way.close()

    asyncio.run(asyncio.wait_for(story(), 15))


async def accepted(client: RadiusClient) -> None:
    assert isinstance(await client.authenticate("gast", "sandi", MAC), Accept)


def logins_on(way: Wan) -> list[bytes]:
    return [octets for octets in way.sent if octets[0] == 1]


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


@pytest.mark.usefixtures("hasty")
def test_a_gateway_without_any_way_out_says_so_and_waits(caplog: pytest.LogCaptureFixture) -> None:
    nowhere = abroad(Server("fd00::1"))

    assert log_in(nowhere, "gast", "sandi") == NoAnswer()
    assert "no way to a RADIUS server" in caplog.text or "is silent" in caplog.text
