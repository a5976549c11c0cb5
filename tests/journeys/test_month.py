"""A month of visits on the lab's clock becomes a report whose figures the lab's own log confirms, to the byte."""

from __future__ import annotations

import asyncio
import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import or_, select

from hotspot.clock import local_month
from hotspot.tables import sessions as session_table
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
        made = home.command("hotspot-report", "--month", MONTH, "--format", "csv")
        assert made.returncode == 0, made.stderr
        rows = {row["site"]: row for row in csv.DictReader(io.StringIO(made.stdout))}
        yield Lived(home, list(sessions(lines).values()), rows, nightly)


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
