"""make year: a year with reboots, cuts and late reports on SQLite and on PostgreSQL, each figure counted twice."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lab.truth import sessions
from tests.conftest import ROOT
from tests.year.life import MONTHS, Year, lived
from tests.year.reckoning import OCTETS, Reckoning

DATABASES = ("sqlite", "postgresql")
OUTPUT = ROOT / "var" / "year.json"


@dataclass
class Row:
    """``figures`` were compared, ``different`` names those that were not equal; ``unbooked`` octets are in no month."""

    database: str
    months: int
    visits: int
    nightly_runs: int
    figures: int
    different: list[str]
    rollups_unequal: list[str]
    corrected_octets: int
    late_sessions: int
    unbooked: int
    seconds: int


def main() -> int:
    parser = argparse.ArgumentParser(prog="make year", description=__doc__)
    parser.add_argument("--database", choices=DATABASES, action="append", help="one of them alone (default: both)")
    parser.add_argument("--months", type=int, default=len(MONTHS), help="the first so many alone (default 12)")
    arguments = parser.parse_args()
    rows = [one(database, arguments.months) for database in arguments.database or DATABASES]
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")
    for row in rows:
        print(_line(row))
    print(f"written to {OUTPUT.relative_to(ROOT)}")
    return int(any(row.different or row.rollups_unequal or row.unbooked for row in rows))


def one(database: str, months: int) -> Row:
    print(f"{database}: {months} months", flush=True)
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="hotspot-year-") as folder,
        lived(database, Path(folder), MONTHS[:months]) as year,
    ):
        figures, different = 0, list[str]()
        for month in year.books:
            compared, wrong = compare(year, month)
            figures, different = figures + compared, different + wrong
        octets = {name: _sum(year, name) for name in OCTETS}
        return Row(
            database=database,
            months=len(year.books),
            visits=sum(line["what"] == "start" for line in year.lines),
            nightly_runs=year.nightly,
            figures=figures,
            different=different,
            rollups_unequal=year.unequal,
            corrected_octets=octets["correction_download_bytes"] + octets["correction_upload_bytes"],
            late_sessions=_sum(year, "late_sessions"),
            unbooked=_acknowledged(year) - year.booked,
            seconds=round(time.monotonic() - began),
        )


def compare(year: Year, month: str) -> tuple[int, list[str]]:
    """How many figures of a frozen month were compared, and which differ from the log's as it was then."""
    zone = year.home.sites.timezone
    reckoning = Reckoning(year.lines, zone, year.frozen[month], year.home.sites.site)
    expected = reckoning.month(month, year.frozen)
    figures: dict[str, Any] = year.books[month]["figures"]
    pages = {page["site"]: page for page in (*figures["sites"], figures["total"])}
    compared, different = 0, []
    for site, values in expected.items():
        for name, value in values.items():
            compared += 1
            if pages[site]["values"][name] != value:
                different.append(f"{month} {site or 'all'} {name}: {pages[site]['values'][name]} is {value} in the log")
        if site:
            compared += 7 * 24
            if pages[site]["week"] != reckoning.week(month, site):
                different.append(f"{month} {site} week")
    return compared, different


def _sum(year: Year, name: str) -> int:
    return sum(int(book["figures"]["total"]["values"].get(name) or 0) for book in year.books.values())


def _acknowledged(year: Year) -> int:
    """All octets that the log says were acknowledged."""
    return sum(one.input + one.output for one in sessions(year.lines).values())


def _line(row: Row) -> str:
    return (
        f"{row.database:12} {row.months} months, {row.visits} sessions, {row.nightly_runs} nightly runs: "
        f"{row.figures} figures compared, {len(row.different)} different, {len(row.rollups_unequal)} roll-ups unequal, "
        f"corrections of {row.corrected_octets} octets and {row.late_sessions} sessions, "
        f"{row.unbooked} octets in no month, {row.seconds} s"
    )


if __name__ == "__main__":
    sys.exit(main())
