"""The lab's NASes and phones with the real portal and RADIUS commands: what the lab knows, the store must say."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from hotspot.clock import day_bounds, local_day
from hotspot.mac import Mac
from lab.browser import Browser
from lab.nas.internet import CHECK_URL
from lab.nas.stay import Cause
from lab.nas.weather import Weather
from lab.phones import CONNECT, Plan
from lab.town import live
from lab.truth import Line, Session, read, sessions
from tests.peers.house import House, house
from tests.peers.town import live_through, step, town, truth_file

MIKROTIK, COOVA = "alun-alun-besar", "museum-tosan-aji"
MORNING = 9 * 3600  # when both of these sites are open


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("house"), rate=0) as running:
        yield running


@pytest.fixture(autouse=True)
def _next_morning(built: House) -> None:
    """Each test has a day of its own; time never goes back."""
    built.set_time(_next_midnight(built) + MORNING, 0)


def _next_midnight(house: House) -> int:
    return day_bounds(local_day(house.now(), house.sites.timezone), house.sites.timezone)[1]


def plan(house: House, site: str, number: int, **changes: Any) -> Plan:
    visit = Plan(
        site=site,
        at=house.now(),
        mac=Mac(f"8c0000{number:06x}"),
        language="id",
        taps=1,
        impatient=False,
        seconds=1500,
        up=100_000,
        down=800_000,
        leaving="logout",
    )
    return replace(visit, **changes)


def visits(house: House, name: str, plans: Sequence[Plan], seconds: float = 3600) -> list[Line]:
    """What the truth says after these visits."""

    async def story() -> None:
        with town(house, name) as built:
            async with built.open(announce=False):
                built.expect(plans)
                await step(built, house, seconds)

    asyncio.run(story())
    return read(truth_file(house, name))


def rows(house: House, tokens: Sequence[str]) -> dict[str, Any]:
    """The store's sessions by the Class that the NAS was given."""
    with house.store() as store, store.reading() as connection:
        found = connection.execute(text("SELECT * FROM sessions")).mappings().all()
    return {row["class_token"]: row for row in found if row["class_token"] in tokens}


def assert_the_store_agrees(house: House, known: Sequence[Session]) -> None:
    found = rows(house, [session.class_token for session in known])
    for session in known:
        row = found[session.class_token]
        assert (row["nas"], row["site"], row["started_at"]) == (session.nas, session.site, session.started_at)
        assert (row["input_octets"], row["output_octets"]) == (session.input, session.output)
        assert row["seconds"] == session.seconds
        assert (row["stopped_at"] is not None) == session.stop_acknowledged


@pytest.mark.parametrize(("site", "number"), [(MIKROTIK, 1), (COOVA, 2)])
def test_a_phone_gets_online_by_one_tap_and_is_accounted(built: House, site: str, number: int) -> None:
    lines = visits(built, site, [plan(built, site, number)])
    [session] = sessions(lines).values()
    assert [line["outcome"] for line in lines if line["what"] == "arrival"] == ["online"]
    assert (session.input, session.output, session.seconds) == (18_750_000, 150_000_000, 1500)
    assert session.stop_acknowledged
    assert_the_store_agrees(built, [session])
    row = rows(built, [session.class_token])[session.class_token]
    assert (row["stop_cause"], row["way"], row["interim"]) == (Cause.USER_REQUEST, "tap", 300)


def test_a_double_tap_and_an_impatient_visitor_still_make_one_session_each(built: House) -> None:
    plans = [plan(built, site, 10 + i, taps=2, impatient=bool(i)) for i, site in enumerate((MIKROTIK, COOVA))]
    lines = visits(built, "taps", plans)
    assert [line["outcome"] for line in lines if line["what"] == "arrival"] == ["online", "online"]
    assert len(sessions(lines)) == 2
    assert_the_store_agrees(built, list(sessions(lines).values()))


def test_who_walks_away_is_ended_by_the_idle_time_that_radius_gave(built: House) -> None:
    lines = visits(built, "walk", [plan(built, MIKROTIK, 20, leaving="walk", seconds=600)])
    [end] = [line for line in lines if line["what"] == "end"]
    policy = built.sites.policy_of(built.sites.site[MIKROTIK])
    assert (end["cause"], end["seconds"]) == ("idle_timeout", 600 + policy.visit.idle)
    assert end["input"] == 600 * 100_000 // 8


def test_a_greedy_client_is_held_to_its_speed_and_its_time(built: House) -> None:
    hungry = plan(built, MIKROTIK, 30, up=10**9, down=10**9, seconds=9 * 3600)
    lines = visits(built, "greedy", [hungry], seconds=4 * 3600)
    [end] = [line for line in lines if line["what"] == "end"]
    policy = built.sites.policy_of(built.sites.site[MIKROTIK])
    assert (end["cause"], end["seconds"]) == ("session_timeout", policy.visit.time)
    assert end["output"] == policy.speed.down // 8 * policy.visit.time
    assert_the_store_agrees(built, list(sessions(lines).values()))


def test_a_days_data_runs_out_at_the_nas_and_the_next_tap_is_refused(built: House) -> None:
    hungry = plan(built, "pendopo-bupati", 35, down=12_000_000, seconds=3 * 3600)
    lines = visits(built, "quota", [hungry, replace(hungry, at=hungry.at + 3 * 3600)], seconds=4 * 3600)
    [session] = sessions(lines).values()
    [end] = [line for line in lines if line["what"] == "end"]
    octets = built.sites.policies["pendopo"].day.octets
    assert end["cause"] == "nas_request"
    assert octets <= end["input"] + end["output"] < octets + 2_000_000
    assert [line["outcome"] for line in lines if line["what"] == "arrival"] == ["online", "refused"]
    assert_the_store_agrees(built, [session])


@pytest.mark.parametrize("site", [MIKROTIK, COOVA])
def test_what_a_phone_asks_for_in_the_background_does_not_void_the_page_it_shows(built: House, site: str) -> None:
    async def story() -> int:
        with town(built, "background") as built_town:
            async with built_town.open(announce=False):
                box = built_town.boxes[f"gw-{site}"]
                browser = Browser("127.0.0.1", box.web, {"Accept-Language": "en"}, lambda _: True)
                page = await browser.open(CHECK_URL)
                for url in ("http://example.com/feed", "http://{}:{}/favicon.ico".format(*box.web)):
                    await browser.open(url)
                await browser.submit(page, CONNECT)
                return (await browser.open(CHECK_URL)).status

    assert asyncio.run(story()) == 204


def test_a_lost_accept_is_asked_for_again_and_nobody_is_locked_out(built: House) -> None:
    class FirstReplyLost(Weather):
        lost = 0

        def loses_reply(self) -> bool:
            self.lost += 1
            return self.lost == 1

    async def story() -> None:
        with town(built, "lost", FirstReplyLost()) as wet:
            async with wet.open(announce=False):
                wet.expect([plan(built, COOVA, 70)])
                await step(wet, built, 3600)

    asyncio.run(story())
    lines = read(truth_file(built, "lost"))
    assert [line["result"] for line in lines if line["what"] == "login"] == ["accepted"]
    assert_the_store_agrees(built, list(sessions(lines).values()))


def test_a_nas_without_uplink_keeps_its_records_and_delivers_them_with_their_delay(built: House) -> None:
    async def story() -> None:
        with town(built, "cut") as cut:
            async with cut.open(announce=False):
                box = cut.boxes[f"gw-{COOVA}"]
                cut.expect([plan(built, COOVA, 40, seconds=1800)])
                await step(cut, built, 400)
                box.cut()
                cut.expect([plan(built, COOVA, 41)])
                await step(cut, built, 3000)
                assert len(box.outbox.waiting) >= 5
                await box.restore()

    asyncio.run(story())
    lines = read(truth_file(built, "cut"))
    late = [line["delay"] for line in lines if line["what"] == "acknowledged" and line["session"]]
    assert max(late) > 2000
    assert [line["outcome"] for line in lines if line["what"] == "arrival"] == ["online", "away"]
    [session] = sessions(lines).values()
    assert session.stop_acknowledged
    assert_the_store_agrees(built, [session])


def test_what_a_power_cut_takes_is_the_unreported_tail_and_the_store_does_not_have_it(built: House) -> None:
    async def story() -> None:
        with town(built, "power") as dark:
            async with dark.open(announce=False):
                dark.expect([plan(built, MIKROTIK, 50, seconds=3000)])
                await step(dark, built, 700)
                dark.boxes[f"gw-{MIKROTIK}"].reboot(announce=False)

    asyncio.run(story())
    [session] = sessions(read(truth_file(built, "power"))).values()
    assert (session.seconds, session.input, session.unreported_input) == (600, 7_500_000, 1_250_000)
    assert not session.stop_acknowledged
    assert_the_store_agrees(built, [session])


def test_a_visitor_whose_nas_hears_nothing_from_radius_is_told_so_and_not_online(built: House) -> None:
    async def story() -> None:
        with town(built, "storm", Weather(requests=1.0)) as storm:
            async with storm.open(announce=False):
                storm.expect([plan(built, MIKROTIK, 60), plan(built, COOVA, 61)])
                await step(storm, built, 10)

    asyncio.run(story())
    lines = read(truth_file(built, "storm"))
    assert [line["result"] for line in lines if line["what"] == "login"] == ["no-answer", "no-answer"]
    assert {line["outcome"] for line in lines if line["what"] == "arrival"} == {"failed"}


def test_two_rainy_days_of_lying_nases_end_with_the_same_sums_in_the_lab_and_in_the_store(built: House) -> None:
    midnight = _next_midnight(built)
    days = [local_day(midnight + i * 86400, built.sites.timezone) for i in range(2)]
    weather = Weather(0.03, 0.03, random.Random(7))
    lines = live_through(built, days, per_day=4, seed=7, mishap_share=0.5, weather=weather, lies=0.1)
    known = list(sessions(lines).values())
    assert len(known) > 30
    assert any(line["what"] == "acknowledged" and not line["heard"] for line in lines)
    assert {line["fault"] for line in lines if line["what"] == "fault"} >= {"cut", "restore", "reboot"}
    assert fell_back(lines)
    assert_the_store_agrees(built, known)


def fell_back(lines: list[Line]) -> bool:
    """Whether some NAS reported less than it had reported before."""
    most: dict[str, int] = {}
    for line in lines:
        if line["what"] == "acknowledged":
            if line["input"] < most.get(line["session"], 0):
                return True
            most[line["session"]] = line["input"]
    return False


def test_the_same_seed_lives_through_the_same_day(tmp_path: Any, built: House) -> None:
    del built  # its services are not used; two fresh houses must agree
    days = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        with house(tmp_path / name, rate=0) as fresh:
            days.append([_named(line) for line in live_through(fresh, ["2026-11-25"], per_day=2, seed=11)])
    assert len(days[0]) > 60
    assert days[0] == days[1]


def _named(line: Line) -> Line:
    """A line without what chance outside the lab decides: the Class, and which page was seen last."""
    return {key: value for key, value in line.items() if key not in ("class", "page")}


def test_people_come_and_go_by_themselves_while_the_clock_runs(built: House) -> None:
    async def story() -> None:
        with town(built, "live", hurry=False) as lively:
            async with lively.open(announce=False):
                stop = asyncio.Event()
                asyncio.get_running_loop().call_later(3, stop.set)
                await live(lively, stop, per_day=60, seed=3)

    built.set_time(built.now(), 300)
    try:
        asyncio.run(story())
    finally:
        built.set_time(built.now(), 0)
    lines = read(truth_file(built, "live"))
    assert sum(line["what"] == "arrival" for line in lines) > 5
    assert sum(line.get("outcome") == "online" for line in lines) > 3
    assert_the_store_agrees(built, list(sessions(lines).values()))
