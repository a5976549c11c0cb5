"""What becomes of a visitor at the door, whatever RADIUS says, and when it says nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

import pytest

from gateway.change import Which
from gateway.desk import Desk
from gateway.known import KnownDevices
from gateway.lan import Lan
from gateway.measures import Measures
from gateway.neighbours import Neighbours
from gateway.radius_client import Accept, NoAnswer, Reject
from gateway.session import Address
from gateway.terms import Terms
from hotspot.allowance import Limits
from hotspot.command import OperatorError
from hotspot.mac import Mac
from hotspot.metrics import Metrics
from hotspot.secret import Secret
from hotspot.sites import Sites
from tests.conftest import FixedClock
from tests.unit.gateway.test_keeper import ANN, Bench
from tests.unit.gateway.test_session import LIMITS

HERE = "10.70.4.9"
TOLD = replace(LIMITS, down=3_000_000)


class Radius:
    """Answers what a test says, and remembers who asked."""

    otherwise = LIMITS

    def __init__(self) -> None:
        self.outcome: Accept | Reject | NoAnswer = Reject("unknown-client")
        self.asked: list[str] = []
        self.answers = True

    async def authenticate(self, user: str, *_: str | Mac | Address) -> Accept | Reject | NoAnswer:
        self.asked.append(user)
        return self.outcome


class Door:
    """A desk with a note-taking kernel, one phone on the LAN, and RADIUS as the test wants it."""

    def __init__(self, folder: Path, clock: FixedClock, sites: Sites, rule: Literal["open", "known", "closed"]) -> None:
        self.bench = Bench(folder, clock)
        self.radius = Radius()
        self.known = KnownDevices(folder / "known", Secret("k" * 32))
        self.metrics = Metrics()
        keeper = self.bench.keeper
        lan = Lan(lambda: Neighbours({ip_address(HERE): ANN}, {}), lambda: 100.0)
        lan.look()
        self.desk = Desk(
            keeper=keeper,
            radius=self.radius,
            lan=lan,
            known=self.known,
            policy=sites.policies["umum"].model_copy(update={"radius_down": rule}),
            clock=clock,
            measures=Measures(self.metrics, "gw-a", "a", online=lambda: len(keeper.sessions), waiting=lambda: 0),
        )

    def log_in(self) -> str | None:
        return asyncio.run(self.desk.log_in(ANN, HERE, "gAAAA", "word"))

    def knock(self, times: int = 1) -> None:
        async def story() -> None:
            for _ in range(times):
                await self.desk.mac_of(HERE)
                await asyncio.sleep(0.01)

        asyncio.run(story())

    def limits(self) -> Limits | None:
        session = self.bench.keeper.of(ANN)
        return session.limits if session else None

    def logins(self, result: str) -> bool:
        return f'hotspot_gateway_logins_total{{nas="gw-a",result="{result}",site="a"}}' in self.metrics.page().decode()


MakeDoor = Callable[[Literal["open", "known", "closed"]], Door]


@pytest.fixture
def make(tmp_path: Path, clock: FixedClock, sites: Sites) -> MakeDoor:
    return lambda rule: Door(tmp_path, clock, sites, rule)


def test_whom_radius_accepts_is_online_with_its_limits_and_classes(make: MakeDoor) -> None:
    door = make("closed")
    door.radius.outcome = Accept(TOLD, ("6873",))

    assert door.log_in() is None

    assert door.limits() == TOLD
    session = door.bench.keeper.sessions[0]
    assert (session.classes, session.by_radius, session.addresses) == (("6873",), True, (ip_address(HERE),))
    assert door.logins("accepted")


def test_a_refusal_is_passed_on_in_radiuss_words(make: MakeDoor) -> None:
    door = make("open")
    door.radius.outcome = Reject("time-used")

    assert door.log_in() == "time-used"
    assert door.limits() is None
    assert door.logins("refused")


@pytest.mark.parametrize(("rule", "lets_in"), [("open", True), ("known", False), ("closed", False)])
def test_a_stranger_meets_the_sites_rule_when_radius_is_silent(
    make: MakeDoor, rule: Literal["open", "known", "closed"], lets_in: bool
) -> None:
    door = make(rule)
    door.radius.outcome, door.radius.answers = NoAnswer(), False

    assert door.log_in() == (None if lets_in else "busy")

    assert (door.limits() is not None) == lets_in
    assert door.logins("let-through" if lets_in else "silent")
    assert [session.by_radius for session in door.bench.keeper.sessions] == [False] * lets_in


def test_a_device_that_radius_accepted_before_is_known(make: MakeDoor, clock: FixedClock) -> None:
    door = make("known")
    door.radius.outcome = Accept(TOLD)
    door.log_in()
    asyncio.run(door.desk.log_out(ANN))
    door.radius.outcome, door.radius.answers = NoAnswer(), False

    door.knock()

    assert door.limits() == LIMITS
    asyncio.run(door.desk.log_out(ANN))
    clock.at += 31 * 86_400
    door.knock()
    assert door.limits() is None, "it was here too long ago"


def test_a_strangers_mac_is_shown_to_radius_once_a_minute(make: MakeDoor) -> None:
    door = make("closed")

    door.knock(times=3)
    assert door.radius.asked == ["02-11-22-00-00-0A"]

    door.radius.answers = False
    door.knock(times=3)
    assert len(door.radius.asked) == 1, "a silent server is not asked"


def test_a_returning_mac_that_radius_knows_comes_in_without_a_tap(make: MakeDoor) -> None:
    door = make("closed")
    door.radius.outcome = Accept(TOLD)

    door.knock()

    assert door.bench.keeper.sessions[0].user_name == "02-11-22-00-00-0A"
    assert door.logins("returning")


def test_a_kernel_that_refuses_makes_the_visitor_try_again(make: MakeDoor, monkeypatch: pytest.MonkeyPatch) -> None:
    door = make("open")
    door.radius.outcome = Accept(TOLD)

    def refuse(_: object) -> None:
        raise OperatorError("nft failed")

    monkeypatch.setattr(door.bench.note, "admit", refuse)

    assert door.log_in() == "busy"
    assert door.limits() is None
    assert door.logins("failed")


def test_radius_ends_and_changes_the_stays_it_means_and_no_other(make: MakeDoor) -> None:
    door = make("closed")
    door.radius.outcome = Accept(TOLD)
    door.log_in()

    async def both(which: Which) -> tuple[bool, bool]:
        return await door.desk.change(which, Terms(down=512_000)), await door.desk.disconnect(which)

    nobody: Awaitable[tuple[bool, bool]] = both(Which(user="gZZZZ"))
    assert asyncio.run(_done(nobody)) == (False, False)
    assert door.limits() == TOLD

    assert asyncio.run(door.desk.change(Which(mac=ANN), Terms(down=512_000)))
    assert door.limits() == replace(TOLD, down=512_000)
    assert asyncio.run(door.desk.disconnect(Which(user="gAAAA")))
    assert door.limits() is None


async def _done(work: Awaitable[tuple[bool, bool]]) -> tuple[bool, bool]:
    return await work
