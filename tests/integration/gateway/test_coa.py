"""Debian's radclient asks a gateway to end a stay or to change it; an eavesdropper plays the same packets again."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from ipaddress import ip_address

import pytest
from pyrad.dictionary import Dictionary  # type: ignore[import-untyped]
from pyrad.packet import CoAPacket  # type: ignore[import-untyped]

from gateway.change import Which
from gateway.coa import Listener, listen
from gateway.identity import Identity
from gateway.terms import Terms
from hotspot.command import OperatorError
from hotspot.secret import Secret
from radius.names import FOLDER
from tests.peers.radclient import SEAL, Heard, ask

NOW = 1_780_000_000
SECRET = Secret("a secret of this gateway")
HERE = "127.0.0.1"
STAMP = f"Event-Timestamp = {NOW}"
NEMO = 'User-Name = "nemo"'
DICTIONARY = Dictionary(str(FOLDER / "dictionary"))


@dataclass
class Stays:
    """What the gateway did; only nemo is online."""

    at: float = NOW
    ended: list[Which] = field(default_factory=list)
    changed: list[tuple[Which, Terms]] = field(default_factory=list)
    trouble: bool = False

    def now(self) -> float:
        return self.at

    async def disconnect(self, which: Which) -> bool:
        if self.trouble:
            raise RuntimeError("the kernel is away")
        self.ended.append(which)
        return which.user == "nemo"

    async def change(self, which: Which, terms: Terms) -> bool:
        self.changed.append((which, terms))
        return which.user == "nemo"


@contextlib.asynccontextmanager
async def listening(stays: Stays, *, peers: tuple[str, ...] = (HERE,)) -> AsyncIterator[Listener]:
    identity = Identity("gw-museum", ip_address(HERE))
    heard = await listen(
        (HERE, 0), identity, SECRET, peers, now=stays.now, disconnect=stays.disconnect, change=stays.change
    )
    try:
        yield heard
    finally:
        await heard.stop()


def heard_by_radclient(stays: Stays, kind: str, *attributes: str, secret: str = SECRET.reveal()) -> Heard:
    async def story() -> Heard:
        async with listening(stays) as listener:
            address = "{}:{}".format(*listener.address)
            return await asyncio.to_thread(partial(ask, kind, address, secret, *attributes, source=HERE, wait=0.5))

    return asyncio.run(story())


def test_a_disconnect_of_a_known_stay_is_acknowledged() -> None:
    stays = Stays()

    assert heard_by_radclient(stays, "disconnect", STAMP, NEMO, 'Acct-Session-Id = "s1"').code == "Disconnect-ACK"
    assert stays.ended == [Which(user="nemo", session="s1")]


def test_a_sealed_disconnect_gets_a_sealed_answer() -> None:
    heard = heard_by_radclient(Stays(), "disconnect", STAMP, NEMO, SEAL)

    assert (heard.code, list(heard.attributes)) == ("Disconnect-ACK", ["Message-Authenticator"])


def test_a_change_of_limits_is_acknowledged() -> None:
    stays = Stays()

    heard = heard_by_radclient(
        stays, "coa", STAMP, NEMO, "WISPr-Bandwidth-Max-Down = 512000", "ChilliSpot-Max-Total-Octets = 1000"
    )

    assert heard.code == "CoA-ACK"
    assert stays.changed == [(Which(user="nemo"), Terms(down=512_000, octets=1000))]


@pytest.mark.parametrize(
    ("kind", "attributes", "code", "cause"),
    [
        ("disconnect", (STAMP, 'User-Name = "bob"'), "Disconnect-NAK", "Session-Context-Not-Found"),
        ("coa", (STAMP, 'User-Name = "bob"', "Session-Timeout = 60"), "CoA-NAK", "Session-Context-Not-Found"),
        ("disconnect", (NEMO,), "Disconnect-NAK", "Missing-Attribute"),
        ("disconnect", (STAMP,), "Disconnect-NAK", "Missing-Attribute"),
        ("disconnect", (STAMP, NEMO, "Session-Timeout = 60"), "Disconnect-NAK", "Unsupported-Attribute"),
        ("coa", (STAMP, NEMO, 'Filter-Id = "x"'), "CoA-NAK", "Unsupported-Attribute"),
        ("coa", (STAMP, NEMO, "NAS-IP-Address = 10.0.0.1"), "CoA-NAK", "NAS-Identification-Mismatch"),
        ("coa", (STAMP, NEMO, "Service-Type = Authorize-Only"), "CoA-NAK", "Unsupported-Service"),
    ],
)
def test_a_refusal_says_why(kind: str, attributes: tuple[str, ...], code: str, cause: str) -> None:
    heard = heard_by_radclient(Stays(), kind, *attributes)

    assert (heard.code, heard.attributes["Error-Cause"]) == (code, cause)


@pytest.mark.parametrize(
    ("attributes", "secret"),
    [
        ((STAMP, NEMO), "another secret than that"),
        ((STAMP, NEMO, SEAL), "another secret than that"),
        ((f"Event-Timestamp = {NOW - 301}", NEMO), SECRET.reveal()),
        ((f"Event-Timestamp = {NOW + 301}", NEMO), SECRET.reveal()),
    ],
)
def test_a_wrong_secret_and_a_packet_of_another_time_get_no_answer(attributes: tuple[str, ...], secret: str) -> None:
    stays = Stays()

    assert heard_by_radclient(stays, "disconnect", *attributes, secret=secret).code is None
    assert stays.ended == []


def test_trouble_is_told_as_trouble(caplog: pytest.LogCaptureFixture) -> None:
    heard = heard_by_radclient(Stays(trouble=True), "disconnect", STAMP, NEMO)

    assert heard.attributes["Error-Cause"] == "Resources-Unavailable"
    assert "the kernel is away" in caplog.text


def disconnect(session: str = "s1") -> bytes:
    """A Disconnect-Request as pyrad writes it."""
    packet = CoAPacket(code=40, secret=SECRET.octets, id=7, dict=DICTIONARY)
    packet[1], packet[44], packet[55] = [b"nemo"], [session.encode()], [NOW.to_bytes(4, "big")]
    return bytes(packet.RequestPacket())


def played(stays: Stays, story: Callable[[Callable[[bytes], Awaitable[bytes | None]]], Awaitable[None]]) -> None:
    """Each packet from a port of its own, as somebody would who listened on the way."""

    def send(address: tuple[str, int], octets: bytes) -> bytes | None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
            wire.settimeout(0.3)
            wire.sendto(octets, address)
            with contextlib.suppress(TimeoutError):
                return wire.recv(4096)
        return None

    async def act() -> None:
        async with listening(stays) as listener:
            await story(lambda octets: asyncio.to_thread(send, listener.address, octets))

    asyncio.run(act())


def test_a_packet_that_is_played_again_does_nothing_again() -> None:
    stays = Stays()

    async def story(send: Callable[[bytes], Awaitable[bytes | None]]) -> None:
        first, again = await send(disconnect()), await send(disconnect())
        assert first is not None
        assert first[0] == 41
        assert again == first
        assert await send(disconnect("s2")) is not None
        stays.at = NOW + 299
        assert await send(disconnect()) == first
        stays.at = NOW + 301
        assert await send(disconnect()) is None

    played(stays, story)
    assert [which.session for which in stays.ended] == ["s1", "s2"]


def test_a_flood_of_true_packets_makes_none_of_them_playable_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.coa.MOST_RECENT", 3)
    stays = Stays()

    async def story(send: Callable[[bytes], Awaitable[bytes | None]]) -> None:
        codes = [reply[0] for number in range(5) if (reply := await send(disconnect(f"s{number}")))]
        assert codes == [41, 41, 41, 42, 42]
        await send(disconnect("s0"))
        stays.at = NOW + 200
        assert await send(disconnect("s0")) is not None

    played(stays, story)
    assert [which.session for which in stays.ended] == ["s0", "s1", "s2"]


def test_a_stranger_is_not_heard() -> None:
    async def story() -> None:
        stays = Stays()
        async with listening(stays, peers=("127.0.0.9",)) as listener:
            address = "{}:{}".format(*listener.address)
            heard = await asyncio.to_thread(
                partial(ask, "disconnect", address, SECRET.reveal(), STAMP, NEMO, source=HERE, wait=0.3)
            )
        assert heard.code is None
        assert stays.ended == []

    asyncio.run(story())


def test_an_address_that_is_not_here_is_an_operators_error() -> None:
    async def story() -> None:
        identity = Identity("gw", ip_address(HERE))
        stays = Stays()
        await listen(
            ("192.0.2.1", 3799), identity, SECRET, (HERE,),
            now=stays.now, disconnect=stays.disconnect, change=stays.change,
        )  # fmt: skip

    with pytest.raises(OperatorError, match=r"cannot listen on 192\.0\.2\.1:3799/udp"):
        asyncio.run(story())
