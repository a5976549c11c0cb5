"""The lab's NASes against Debian's FreeRADIUS, which shares no line with the product: logins hold, records decode."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from hotspot.clock import LabClock
from lab.browser import Away, Browser
from lab.nas.box import Box
from lab.nas.limits import Limits
from lab.town import Town
from lab.truth import Truth, read
from lab.world import World
from tests.peers.freeradius import FreeRadius, freeradius
from tests.peers.house import House, build
from tests.peers.town import step

USERS = """\
gast Cleartext-Password := "sandi"
     Session-Timeout = 3600, Idle-Timeout = 600, Acct-Interim-Interval = 300,
     Mikrotik-Rate-Limit = "1M/4M", WISPr-Bandwidth-Max-Up = 1000000, WISPr-Bandwidth-Max-Down = 4000000,
     Class = 0x6873313a61, Message-Authenticator = 0x00
"""
Story = Callable[[Town], Awaitable[None]]
KINDS = {"mikrotik": "gw-alun-alun-besar", "coovachilli": "gw-museum-tosan-aji"}


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> House:
    return build(tmp_path_factory.mktemp("house"), rate=0)


@pytest.fixture(scope="module")
def server(bare: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FreeRadius]:
    secrets = {nas.address: bare.secrets.read(f"nas-{nas.id}").reveal() for nas in bare.sites.nases}
    with freeradius(tmp_path_factory.mktemp("freeradius"), secrets, USERS) as started:
        yield started


def test_a_chap_login_holds_at_each_kind_and_its_stay_is_accounted(
    bare: House, server: FreeRadius, tmp_path: Path
) -> None:
    async def story(town: Town) -> None:
        for nas in KINDS.values():
            box = town.boxes[nas]
            assert await logged_in(box, chap=True)
            online = box.client("127.0.0.1").online
            assert online is not None
            assert online.stay.limits == Limits(seconds=3600, idle=600, interim=300, up=1_000_000, down=4_000_000)
            assert online.classes == [b"hs1:a"]
        await step(town, bare, 1000)

    lived_through(bare, server, tmp_path, story)
    for nas in KINDS.values():
        records = [record for record in server.records() if record["NAS-Identifier"] == [nas]]
        words = [record["Acct-Status-Type"][0] for record in records]
        assert words == ["Accounting-On", "Start", *["Interim-Update"] * 3, "Stop", "Accounting-Off"]
        stop = records[-2]
        assert stop["Acct-Input-Octets"] == [str(1000 * 100_000 // 8)]
        assert (stop["Acct-Session-Time"], stop["Acct-Terminate-Cause"]) == (["1000"], ["Admin-Reboot"])
        assert (stop["Class"], stop["User-Name"]) == (["0x6873313a61"], ["gast"])
        assert (len(stop["Acct-Session-Id"]), len(stop["Event-Timestamp"])) == (1, 1)
        assert stop["Calling-Station-Id"] == [box_spelling(nas)]


@pytest.mark.parametrize("nas", KINDS.values())
def test_a_pap_login_holds_and_a_wrong_password_does_not(
    bare: House, server: FreeRadius, tmp_path: Path, nas: str
) -> None:
    async def story(town: Town) -> None:
        assert not await logged_in(town.boxes[nas], password=b"salah")
        assert await logged_in(town.boxes[nas])

    lived_through(bare, server, tmp_path, story)
    results = [line["result"] for line in read(tmp_path / "truth.jsonl") if line["what"] == "login"]
    assert results == ["rejected", "accepted"]


async def logged_in(box: Box, password: bytes = b"sandi", *, chap: bool = False) -> bool:
    """What a portal would send the browser to, made by hand; where the NAS sends it afterwards, nobody is."""
    client = box.client("127.0.0.1")
    browser = Browser("127.0.0.1", box.web, {}, lambda host: host.startswith("127.") and host != "127.0.0.1")
    host, port = box.web
    with contextlib.suppress(Away):
        await browser.open(f"http://{host}:{port}/" + ("login" if box.nas.kind == "mikrotik" else "prelogin"))
    if box.nas.kind == "mikrotik":
        ident, challenge = client.challenge[:1], client.challenge[1:]
        word = md5(ident + password + challenge).hex() if chap else password.decode()
        query = f"login?username=gast&password={word}"
    else:
        challenge = md5(client.challenge + box.world.secrets.read(f"nas-{box.nas.id}-uam").octets)
        hidden = bytes(a ^ b for a, b in zip(password, challenge, strict=False)).hex()
        half = f"response={md5(bytes(1) + password + challenge).hex()}" if chap else f"password={hidden}"
        query = f"logon?username=gast&{half}"
    with contextlib.suppress(Away):
        await browser.open(f"http://{host}:{port}/{query}")
    return client.online is not None


def lived_through(bare: House, server: FreeRadius, tmp_path: Path, story: Story) -> None:
    clock, truth = LabClock(bare.clock_file), Truth(tmp_path / "truth.jsonl")
    world = World(bare.sites, bare.secrets, clock, truth, server.auth, server.acct, hurry=True)

    async def run() -> None:
        town = Town(world)
        async with town.open():
            await story(town)

    try:
        asyncio.run(run())
    finally:
        truth.close()
        clock.close()


def box_spelling(nas: str) -> str:
    """127.0.0.1's made-up MAC as each kind spells it."""
    return "02:C1:7F:00:00:01" if nas == KINDS["mikrotik"] else "02-C1-7F-00-00-01"


def md5(octets: bytes) -> bytes:
    return hashlib.md5(octets).digest()  # noqa: S324 - the protocols'
