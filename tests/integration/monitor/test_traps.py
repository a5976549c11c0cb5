"""Debian's snmptrap as the sender: a known device's link trap is a poke, everything else is dropped and counted."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest

from hotspot.command import OperatorError
from hotspot.metrics import Metrics
from hotspot.secret import Secret
from monitor import traps
from monitor.snmp.agent import Access
from monitor.trap_v3 import V3Reader
from tests.peers.process import program

LINK_DOWN = ("", "1.3.6.1.6.3.1.1.5.3", "1.3.6.1.2.1.2.2.1.1.6", "i", "6")
V3 = Access(
    "127.66.33.14",
    161,
    "3",
    None,
    "pemantau",
    "sha256",
    Secret("sandi-autentikasi"),
    "aes128",
    Secret("sandi-privasi-uji"),
)
UNKNOWN = ("", "1.3.6.1.4.1.5875.800.9.9.9")  # some trap of FiberHome
REFUSED = ("", "1.3.6.1.6.3.1.1.5.5")  # authenticationFailure: anybody can make a device send it
ON_BATTERY = ("", "1.3.6.1.2.1.33.2.1", "1.3.6.1.2.1.33.1.2.3.0", "i", "12")
LITTLE_LIGHT = (
    "",
    "1.3.6.1.4.1.3902.1082.500.1.3.1.3",
    "1.3.6.1.4.1.3902.1082.500.1.2.4.2.1.2.285278465.7",
    "i",
    "-29100",
)
V1_LINK_DOWN = ("1.3.6.1.4.1.14988.1", "10.0.0.1", "2", "0", "")
V1_COLD_START = ("1.3.6.1.4.1.14988.1", "10.0.0.1", "0", "0", "")


class Town:
    """A receiver on a free port that knows two devices, and a sender with a choice of address."""

    def __init__(self, folder: Path) -> None:
        self.pokes: list[str] = []
        self.ports: set[int] = set()
        self.told: list[tuple[str, str, int | None]] = []
        self.metrics = Metrics()
        self.receiver = traps.Traps(
            {"127.66.0.2": "core-kutoarjo", "127.66.33.13": "sw-bruno", "127.66.33.14": "olt-bruno"},
            self._poked,
            self.metrics,
            {"olt-bruno": V3Reader(V3)},
            lambda *hint: self.told.append(hint),
        )
        self.port = 0
        self._program = program("snmptrap", "snmp")
        self._environ = {"HOME": str(folder), "MIBS": "", "PATH": "/usr/bin"}

    def _poked(self, device: str, ports: Collection[int]) -> None:
        self.pokes.append(device)
        self.ports |= set(ports)

    async def open(self) -> asyncio.DatagramTransport:
        transport = await traps.listen("", 0, self.receiver)
        self.port = transport.get_extra_info("sockname")[1]
        return transport

    async def send(self, source: str, version: str, *words: str, inform: bool = False) -> int:
        command = [self._program, *(["-Ci", "-r", "0", "-t", "2"] if inform else []), "-v", version, "-c", "secret"]
        return await self._run(command, source, words)

    async def send_v3(
        self, *words: str, inform: bool = False, auth: str = "sandi-autentikasi", level: str = "authPriv"
    ) -> int:
        command = [self._program, *(["-Ci", "-r", "1", "-t", "2"] if inform else []), "-v", "3", "-u", "pemantau"]
        command += ["-l", level, "-a", "SHA-256", "-A", auth, "-x", "AES", "-X", "sandi-privasi-uji"]
        return await self._run(command, "127.66.33.14", words)

    async def _run(self, command: list[str], source: str, words: tuple[str, ...]) -> int:
        process = await asyncio.create_subprocess_exec(
            *command,
            f"--clientaddr={source}",
            f"127.0.0.1:{self.port}",
            *words,
            env=self._environ,
            stderr=asyncio.subprocess.DEVNULL,
        )
        code = await process.wait()
        await asyncio.sleep(0.05)
        return code

    def counted(self, result: str) -> bool:
        return f'hotspot_traps_total{{result="{result}"}} 1.0' in self.metrics.page().decode()


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path)


def test_link_and_start_traps_of_known_devices_are_pokes(town: Town) -> None:
    async def story() -> None:
        transport = await town.open()
        await town.send("127.66.0.2", "2c", *LINK_DOWN)
        await town.send("127.66.33.13", "1", *V1_COLD_START)
        transport.close()

    asyncio.run(story())

    assert town.pokes == ["core-kutoarjo", "sw-bruno"]
    assert town.ports == {6}, "the port that the trap spoke of is looked at first"


def test_an_inform_is_acknowledged_and_pokes_too(town: Town) -> None:
    async def story() -> int:
        transport = await town.open()
        code = await town.send("127.66.0.2", "2c", *LINK_DOWN, inform=True)
        transport.close()
        return code

    assert asyncio.run(story()) == 0, "snmpinform saw the answer"
    assert town.pokes == ["core-kutoarjo"]


def test_a_v3_trap_and_a_v3_inform_of_a_known_user_are_pokes(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traps, "HOLD_SECONDS", 0.0)

    async def story() -> int:
        transport = await town.open()
        await town.send_v3(*LINK_DOWN)
        code = await town.send_v3(*LINK_DOWN, inform=True)
        transport.close()
        return code

    assert asyncio.run(story()) == 0, "snmpinform found our engine id and time, and saw the answer"
    assert town.pokes == ["olt-bruno"] * 2


@pytest.mark.parametrize(
    "lie", [{"auth": "sandi-yang-salah"}, {"level": "noAuthNoPriv"}, {"level": "authNoPriv"}], ids=str
)
def test_a_v3_trap_that_is_not_proved_pokes_nobody(town: Town, lie: dict[str, Any]) -> None:
    async def story() -> None:
        transport = await town.open()
        await town.send_v3(*LINK_DOWN, **lie)
        transport.close()

    asyncio.run(story())

    assert town.pokes == []
    assert town.counted("malformed")


def test_who_is_asked_by_v3_is_not_believed_in_clear(town: Town) -> None:
    async def story() -> None:
        transport = await town.open()
        await town.send("127.66.33.14", "2c", *LINK_DOWN)
        transport.close()

    asyncio.run(story())

    assert town.pokes == []


def test_a_stranger_is_dropped_and_counted(town: Town) -> None:
    async def story() -> None:
        transport = await town.open()
        await town.send("127.9.9.9", "2c", *LINK_DOWN)
        transport.close()

    asyncio.run(story())

    assert town.pokes == []
    assert town.counted("unknown")


def test_what_a_vendors_trap_means_is_told_and_its_port_looked_at(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traps, "HOLD_SECONDS", 0.0)

    async def story() -> None:
        transport = await town.open()
        await town.send("127.66.33.13", "2c", *ON_BATTERY)
        await town.send("127.66.33.13", "1", "1.3.6.1.2.1.33.2", "10.0.0.1", "6", "1", "")
        await town.send_v3(*LITTLE_LIGHT)
        transport.close()

    asyncio.run(story())

    assert town.told == [("sw-bruno", "battery", None)] * 2 + [("olt-bruno", "light", 285278465)]
    assert town.pokes == ["sw-bruno", "sw-bruno", "olt-bruno"]
    assert town.ports == {285278465}


def test_a_trap_that_nobody_knows_is_counted_by_its_vendor_and_asks_for_a_poll_now_and_then(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(traps, "HOLD_SECONDS", 0.0)

    async def story() -> None:
        transport = await town.open()
        for words in (UNKNOWN, UNKNOWN, UNKNOWN, REFUSED):
            await town.send("127.66.0.2", "2c", *words)
        transport.close()

    asyncio.run(story())

    page = town.metrics.page().decode()
    assert town.pokes == ["core-kutoarjo"]
    assert town.told == []
    assert 'hotspot_trap_others_total{reason="fiberhome"} 3.0' in page
    assert 'hotspot_trap_others_total{reason="standard"} 1.0' in page


def test_other_traps_and_damaged_ones_poke_nobody(town: Town) -> None:
    async def story() -> None:
        transport = await town.open()
        await town.send("127.66.0.2", "2c", *REFUSED)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as raw:
            raw.bind(("127.66.0.2", 0))
            raw.sendto(b"\x30\x80garbage", ("127.0.0.1", town.port))
        await asyncio.sleep(0.05)
        transport.close()

    asyncio.run(story())

    assert town.pokes == []
    assert town.counted("other")
    assert town.counted("malformed")


def test_a_storm_of_one_device_is_two_pokes(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traps, "HOLD_SECONDS", 4.0)

    async def story() -> list[str]:
        transport = await town.open()
        for words in (V1_LINK_DOWN, V1_COLD_START, V1_LINK_DOWN, V1_COLD_START):
            await town.send("127.66.0.2", "1", *words)
        early = list(town.pokes)
        async with asyncio.timeout(30):
            while town.pokes == early:  # noqa: ASYNC110 - a poke is a call, and nothing to wait for
                await asyncio.sleep(0.05)
        transport.close()
        return early

    assert asyncio.run(story()) == ["core-kutoarjo"], "the first at once"
    assert town.pokes == ["core-kutoarjo"] * 2, "the rest together, when the hold is over"


def test_a_taken_port_is_told_in_one_sentence(town: Town) -> None:
    async def story() -> None:
        transport = await town.open()
        try:
            await traps.listen("", town.port, town.receiver)
        finally:
            transport.close()

    with pytest.raises(OperatorError, match=r"HOTSPOT_TRAPS=:\d+: .*; stop what listens there"):
        asyncio.run(story())
