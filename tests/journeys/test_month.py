"""A month of visits on the lab's clock becomes a report whose figures the lab's own log confirms, to the byte."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import func, or_, select

from hotspot.clock import local_month
from hotspot.tables import sessions as session_table
from hotspot.tables import site_days
from lab.month import days_of
from lab.nas.weather import Weather
from lab.truth import Session, sessions
from tests.peers.house import House, house
from tests.peers.town import live_through

pytestmark = pytest.mark.timeout(600)  # a minute where the machine is its own
MONTH = "2026-10"
VISITS_A_DAY = 3


@dataclass
class Lived:
    """The month as the lab did it and as the office reports it."""

    home: House
    truth: list[Session]
    report: dict[str, dict[str, str]]
    pages: dict[str, dict[str, Any]]
    nightly: list[int]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """Every day ends with the nightly job, as the timer would have run it."""
    folder = tmp_path_factory.mktemp("month")
    with house(folder, services=("portal", "radius"), at="2026-09-30T12:00:00+07:00", rate=0, volatile=True) as home:
        nightly: list[int] = []

        async def nightly_job(_day: str) -> None:
            done = await asyncio.to_thread(home.command, "hotspot", "nightly")
            nightly.append(done.returncode)

        lines = live_through(
            home,
            days_of(MONTH, home.sites.timezone),
            per_day=VISITS_A_DAY,
            seed=7,
            weather=Weather(requests=0.02, replies=0.02),
            after_day=nightly_job,
        )
        home.set_time("2026-11-04T03:00:00+07:00", rate=0)
        nightly.append(home.command("hotspot", "nightly").returncode)
        made = [home.command("hotspot-report", "--month", MONTH, "--format", kind) for kind in ("csv", "json")]
        assert [one.returncode for one in made] == [0, 0], made[0].stderr
        rows = {row["site"]: row for row in csv.DictReader(io.StringIO(made[0].stdout))}
        pages = {page["site"]: page for page in json.loads(made[1].stdout)["figures"]["sites"]}
        yield Lived(home, list(sessions(lines).values()), rows, pages, nightly)


def sums(truth: list[Session]) -> dict[str, tuple[int, int]]:
    """Upload and download by site: the last counters that each NAS knows to be acknowledged."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for session in truth:
        found[session.site][0] += session.input
        found[session.site][1] += session.output
    return {site: (up, down) for site, (up, down) in found.items()}


def test_the_month_was_eventful(lived: Lived) -> None:
    assert len(lived.truth) > 6 * 31
    assert any(session.unreported_output for session in lived.truth), "no session lost its last report"
    assert len({session.site for session in lived.truth}) == 6
    assert set(lived.nightly) == {0}


def test_each_sites_bytes_are_those_that_the_nases_know_to_be_acknowledged(lived: Lived) -> None:
    reported = {site: (int(row["upload_bytes"]), int(row["download_bytes"])) for site, row in lived.report.items()}

    assert reported == sums(lived.truth)


def test_each_sites_sessions_are_those_that_were_heard_of(lived: Lived) -> None:
    zone = lived.home.sites.timezone
    heard: dict[str, int] = defaultdict(int)
    for session in lived.truth:
        if session.heard_at is not None and local_month(session.started_at, zone) == MONTH:
            heard[session.site] += 1

    assert {site: int(row["sessions"]) for site, row in lived.report.items()} == heard


def stays(lived: Lived, site: str) -> list[tuple[int, int, int, int]]:
    """Of a site's sessions that were heard of in their month: phone, start, last sign of life, acknowledged seconds."""
    zone = lived.home.sites.timezone
    return [
        (one.phone, one.started_at, max(one.heard_at, one.started_at), one.seconds)
        for one in lived.truth
        if one.site == site and one.heard_at is not None and local_month(one.started_at, zone) == MONTH
    ]


def visits_of(lived: Lived, site: str) -> list[int]:
    """Lengths in seconds, by the definition alone: one phone, one day, gaps under half an hour bridged."""
    zone = lived.home.sites.timezone
    by_phone: defaultdict[tuple[int, str], list[tuple[int, int]]] = defaultdict(list)
    for phone, began, ended, _ in stays(lived, site):
        by_phone[phone, datetime.fromtimestamp(began, zone).strftime("%d")].append((began, ended))
    lengths = []
    for spans in by_phone.values():
        begins, until = None, 0
        for began, ended in sorted(spans):
            if begins is not None and began - until >= 1800:
                lengths.append(until - begins)
                begins = None
            begins, until = (began, ended) if begins is None else (begins, max(until, ended))
        lengths.append(until - (begins or until))
    return lengths


def test_visits_and_how_long_they_lasted_are_those_of_the_log(lived: Lived) -> None:
    for site, page in lived.pages.items():
        lengths = visits_of(lived, site)
        minutes = sorted(length // 60 for length in lengths if length // 60 <= 480)

        assert page["values"]["visits"] == len(lengths), site
        assert page["values"]["dwell_median"] == minutes[(len(minutes) - 1) // 2], site
        assert page["values"]["dwell_p90"] == minutes[-(-len(minutes) * 9 // 10) - 1], site


def test_connected_time_is_that_of_the_log_to_the_second(lived: Lived) -> None:
    query = select(site_days.c.site, func.sum(site_days.c.seconds)).group_by(site_days.c.site)
    with lived.home.store() as store, store.reading() as connection:
        counted = {site: int(seconds) for site, seconds in connection.execute(query)}

    assert counted == {site: sum(seconds for *_, seconds in stays(lived, site)) for site in counted}


def test_the_week_of_hours_holds_the_clients_of_the_log(lived: Lived) -> None:
    """Mean clients of each weekday and hour, from a count of every stay's seconds in it."""
    zone = lived.home.sites.timezone
    for site, page in lived.pages.items():
        spent: defaultdict[tuple[int, int], int] = defaultdict(int)
        for _, began, ended, _ in stays(lived, site):
            for at in range(began, ended):
                moment = datetime.fromtimestamp(at, zone)
                if moment.strftime("%Y-%m") == MONTH:
                    spent[moment.weekday(), moment.hour] += 1
        for day, row in enumerate(page["week"]):
            dates = sum(datetime(2026, 10, date, tzinfo=zone).weekday() == day for date in range(1, 32))
            assert row == [round(spent[day, hour] / dates / 3600, 2) for hour in range(24)], (site, day)


def test_the_peak_is_that_of_the_log(lived: Lived) -> None:
    for site, row in lived.report.items():
        minutes: defaultdict[int, int] = defaultdict(int)
        for _, began, ended, _ in stays(lived, site):
            for minute in range(-(-began // 60), -(-ended // 60)):
                minutes[minute] += 1

        assert int(row["peak_clients"]) == max(minutes.values(), default=0), site


def test_the_tail_that_was_never_reported_is_listed_apart(lived: Lived) -> None:
    unstopped: dict[str, int] = dict.fromkeys(lived.report, 0)
    for session in lived.truth:
        if session.heard_at is not None and not session.stop_acknowledged:
            unstopped[session.site] += 1

    assert {site: int(row["unreported_sessions"]) for site, row in lived.report.items()} == unstopped


def test_devices_of_the_month_are_counted_though_every_address_is_gone(lived: Lived) -> None:
    for row in lived.report.values():
        assert 0 < int(row["devices_month"]) <= int(row["devices_daily_sum"])
        assert int(row["devices_not_counted"]) == 0

    personal = or_(session_table.c.mac.is_not(None), session_table.c.user_name.is_not(None))
    with lived.home.store() as store, store.reading() as connection:
        assert connection.execute(select(session_table.c.id).where(personal)).all() == []
    assert not list((lived.home.state / "keys").glob("day-2026-10-??"))
