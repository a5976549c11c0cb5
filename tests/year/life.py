"""Lives through a year of the rehearsal town against the real services, closing each month on its third day."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from hotspot import nightly
from hotspot.command import Settings
from hotspot.mac import Mac
from hotspot.nightly import days
from hotspot.tables import site_days, usage_hours
from lab.mishaps import Mishap
from lab.month import days_of, rehearse
from lab.nas.weather import Weather
from lab.phones import Plan
from lab.truth import Line, read
from tests.conftest import FixedClock
from tests.peers import postgres
from tests.peers.house import House, house
from tests.peers.town import town, truth_file

MONTHS = tuple(f"2025-{number:02}" for number in (11, 12)) + tuple(f"2026-{number:02}" for number in range(1, 11))
VISITS_A_DAY, SEED, LOSS = 2.0, 3306, 0.02
LATE_NAS = "gw-alun-alun-besar"
CLOSED_ON = "-03"  # the third day of the next month, at its end


@dataclass
class Year:
    """The lab's log, each frozen month as JSON, when it was frozen, where a roll-up was no recount, all octets."""

    home: House
    lines: list[Line] = field(default_factory=list)
    books: dict[str, dict[str, Any]] = field(default_factory=dict)
    frozen: dict[str, float] = field(default_factory=dict)
    unequal: list[str] = field(default_factory=list)
    nightly: int = 0
    booked: int = 0


@contextlib.contextmanager
def lived(database: str, folder: Path, months: Sequence[str] = MONTHS) -> Iterator[Year]:
    """``database`` is sqlite or postgresql."""
    with contextlib.ExitStack() as stack:
        folder.mkdir(parents=True, exist_ok=True)
        url = stack.enter_context(postgres.cluster()) if database == "postgresql" else None
        environ = {"HOTSPOT_DATABASE": url} if url else {}
        begins = datetime.fromisoformat(f"{months[0]}-01T00:00+07:00") - timedelta(hours=12)
        home = stack.enter_context(
            house(folder, services=("portal", "radius"), at=begins.isoformat(), rate=0, volatile=True, environ=environ)
        )
        year = Year(home)
        _live(year, months)
        year.booked = _booked(home)
        yield year


def _live(year: Year, months: Sequence[str]) -> None:
    """The last month is closed on the third day of the month after it, which is lived through so far."""
    zone = year.home.sites.timezone
    names = [day for month in months for day in days_of(month, zone)]
    names += [str((datetime.fromisoformat(names[-1]) + timedelta(days=number)).date()) for number in (1, 2, 3)]

    async def after(day: str) -> None:
        await asyncio.to_thread(_end_day, year, months, day)

    with town(year.home, weather=Weather(requests=LOSS, replies=LOSS)) as built:
        for day in names:
            built.expect(_regular(day))
        for month in months[1:]:
            built.expect([_late(month)])
            built.endure([_long_cut(month)])
        asyncio.run(rehearse(built, year.home.clock_file, names, per_day=VISITS_A_DAY, seed=SEED, after_day=after))
    year.lines = read(truth_file(year.home))


def _eve(month: str) -> datetime:
    """Seven in the evening of the day before a month."""
    return datetime.fromisoformat(f"{month}-01T19:00+07:00") - timedelta(days=1)


def _late(month: str) -> Plan:
    """Somebody who gets online in the second in which the uplink is lost: the server hears of it a month later."""
    return _visit(LATE_NAS.removeprefix("gw-"), _eve(month), "8c00000000" + month[-2:], 3000)


def _regular(day: str) -> Iterator[Plan]:
    """One phone that is back after 21 to 51 minutes, by the date; on even dates it is elsewhere in the evening too."""
    date, first = int(day[-2:]), datetime.fromisoformat(f"{day}T17:00+07:00")
    again = first + timedelta(minutes=10 + 20 + date, seconds=-date)
    yield _visit("romansa-kuliner", first, "8c0000000100", 600)
    yield _visit("romansa-kuliner", again, "8c0000000100", 900)
    if date % 2 == 0:
        yield _visit("alun-alun-kutoarjo", first + timedelta(hours=4), "8c0000000100", 600)


def _visit(site: str, at: datetime, mac: str, seconds: int) -> Plan:
    return Plan(
        site=site,
        at=at.timestamp(),
        mac=Mac(mac),
        language="id",
        taps=1,
        impatient=False,
        seconds=seconds,
        up=20_000,
        down=200_000,
        leaving="logout",
    )


def _long_cut(month: str) -> Mishap:
    """Until the month before it is closed, and its device key with it."""
    return Mishap(LATE_NAS, _eve(month).timestamp(), "cut", timedelta(days=6).total_seconds())


def _end_day(year: Year, months: Sequence[str], day: str) -> None:
    """The nightly job in this process: a year has too many midnights for a command each."""
    home = year.home
    settings = Settings(home.sites_file, home.state, home.database, home.clock_file, False, "warning", home.environ)
    with home.store() as store:
        assert nightly.run(settings, home.sites, store, FixedClock(home.now())) == 0, day
    year.nightly += 1
    month = (datetime.fromisoformat(f"{day[:7]}-01") - timedelta(days=1)).strftime("%Y-%m")
    if day.endswith(CLOSED_ON) and month in months:
        year.unequal += _unequal(home, month)
        words = ("--month", month, "--freeze", "--format", "json")
        made = home.command("hotspot-report", *words, timeout=600)
        assert made.returncode == 0, made.stderr
        year.books[month], year.frozen[month] = json.loads(made.stdout), home.now()
        print(f"  {month} lived, counted and frozen", flush=True)


def _unequal(home: House, month: str) -> list[str]:
    """Days of sites whose rolled-up row is not what a recount of the sessions gives."""
    columns = [site_days.c.site, site_days.c.day, site_days.c.sessions, site_days.c.visits, site_days.c.devices]
    columns += [site_days.c.seconds, site_days.c.peak_clients, site_days.c.peak_at]
    with home.store() as store, store.reading() as connection:
        rolled = {(row.site, row.day): row[2:] for row in connection.execute(select(*columns)) if row.day[:7] == month}
        found = days.recount(connection, home.sites, set(rolled))
    again = {
        of: (one.sessions, one.visits, one.devices, one.seconds, one.peak_clients, one.peak_at)
        for of, one in ((of, counted.figures) for of, counted in found.items())
    }
    return [f"{site} {day}" for (site, day), row in rolled.items() if tuple(row) != again[site, day]]


def _booked(home: House) -> int:
    """Every octet that the store has, of whichever month."""
    octets = func.sum(usage_hours.c.input_octets + usage_hours.c.output_octets)
    with home.store() as store, store.reading() as connection:
        return int(connection.execute(select(octets)).scalar_one())
