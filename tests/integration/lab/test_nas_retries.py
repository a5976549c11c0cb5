"""What a NAS sends again when it hears nothing: the same Access-Request, but a new record with a longer delay."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import struct
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import cast

import pytest

from hotspot.clock import LabClock
from lab.nas.client import Credentials
from lab.nas.weather import Weather
from lab.town import Town
from lab.truth import Truth, read
from lab.world import World
from tests.peers.house import House, build
from tests.peers.town import step

NAS = "gw-alun-alun-besar"


class FirstRepliesLost(Weather):
    """Loses the first replies on their way to the NAS and nothing after them."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.left = count

    def loses_reply(self) -> bool:
        self.left -= 1
        return self.left >= 0


class Yes(asyncio.DatagramProtocol):
    """A server made by hand that says yes to everything and keeps what it was asked."""

    def __init__(self, secret: bytes) -> None:
        self.asked: list[bytes] = []
        self._secret = secret

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str | object, int]) -> None:
        self.asked.append(data)
        signed = data[0] == 1
        body = bytes([80, 18]) + bytes(16) if signed else b""
        head = struct.pack("!BBH", 2 if signed else 5, data[1], 20 + len(body))
        if signed:
            body = body[:2] + hmac.digest(self._secret, head + data[4:20] + body, "md5")
        octets = hashlib.md5(head + data[4:20] + body + self._secret).digest()  # noqa: S324 - RFC 2865 section 3
        self._transport.sendto(head + octets + body, addr)


@pytest.fixture
def home(tmp_path: Path) -> House:
    return build(tmp_path, rate=0)


@pytest.fixture
def truth(home: House) -> Iterator[Truth]:
    log = Truth(home.state / "truth.jsonl")
    yield log
    log.close()


def asked(home: House, truth: Truth, lost: int, story: Callable[[Town], Awaitable[None]]) -> list[bytes]:
    """Every packet that the server got while the story went on at one NAS."""

    async def run() -> list[bytes]:
        loop = asyncio.get_running_loop()
        server = Yes(home.secrets.read(f"nas-{NAS}").octets)
        transport, _ = await loop.create_datagram_endpoint(lambda: server, local_addr=("127.0.0.1", 0))
        where = transport.get_extra_info("sockname")
        clock = LabClock(home.clock_file)
        world = World(home.sites, home.secrets, clock, truth, where, where, weather=FirstRepliesLost(lost), hurry=True)
        world.sites = world.sites.model_copy(update={"nases": (world.sites.nas[NAS],)})
        town = Town(world)
        try:
            async with town.open(announce=False):
                await story(town)
        finally:
            transport.close()
            clock.close()
        return server.asked

    return asyncio.run(run())


def attributes(octets: bytes) -> dict[int, bytes]:
    found, at = {}, 20
    while at < len(octets):
        found[octets[at]] = octets[at + 2 : at + octets[at + 1]]
        at += octets[at + 1]
    return found


def test_an_access_request_is_sent_again_octet_for_octet(home: House, truth: Truth) -> None:
    async def story(town: Town) -> None:
        box = town.boxes[NAS]
        verdict = await box.log_in(box.client("127.0.0.1"), Credentials("g1", password=b"sandi"))
        assert verdict.accepted

    packets = asked(home, truth, 2, story)
    requests = [octets for octets in packets if octets[0] == 1]
    assert len(requests) == 3
    assert len(set(requests)) == 1


def test_a_record_is_sent_again_with_another_identifier_and_its_delay(home: House, truth: Truth) -> None:
    async def story(town: Town) -> None:
        box = town.boxes[NAS]
        town.world.weather = box.acct._weather = FirstRepliesLost(3)
        await box.log_in(box.client("127.0.0.1"), Credentials("g1", password=b"sandi"))
        await step(town, home, 100)

    packets = asked(home, truth, 0, story)
    starts = [octets for octets in packets if octets[0] == 4 and attributes(octets)[40] == b"\0\0\0\1"]
    assert len(starts) == 4
    assert len({octets[1] for octets in starts}) == 4
    delays = [int.from_bytes(attributes(octets)[41]) for octets in starts]
    assert delays == sorted(set(delays))
    assert delays[0] == 0
    assert len({attributes(octets)[55] for octets in starts}) == 1
    heard = [line["heard"] for line in read(home.state / "truth.jsonl") if line.get("record") == "start"]
    assert heard == [False, False, False, True]
