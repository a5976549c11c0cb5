"""Somebody who keeps every public answer and solves for what is hidden: no group of fewer than ten comes out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from hotspot.sites import Sites
from office.anonymity import FEWEST
from office.facts import Data, Day
from office.open_data import satu_data
from office.published import by_day, by_month
from office.report.book import Book, DayLine, Page
from tests.unit.office import months

SITES, MONTHS, DAYS = ("a", "b", "c"), ("2026-09", "2026-10"), (1, 2, 3, 4)
CELLS = [(site, f"{month}-{day:02}") for site in SITES for month in MONTHS for day in DAYS]
Vector = list[Fraction]
Cell = tuple[str, str]


class Attacker:
    """Knows sums of octets of cells; keeps them as a basis, so that a sum is known when it reduces to nothing."""

    def __init__(self) -> None:
        self._basis: list[tuple[int, Vector]] = []

    def learns(self, cells: Iterable[Cell]) -> None:
        rest = self._reduced(cells)
        pivot = next((number for number, part in enumerate(rest) if part), None)
        if pivot is not None:
            self._basis.append((pivot, [part / rest[pivot] for part in rest]))

    def knows(self, cells: Iterable[Cell]) -> bool:
        return not any(self._reduced(cells))

    def _reduced(self, cells: Iterable[Cell]) -> Vector:
        wanted = set(cells)
        rest = [Fraction(int(cell in wanted)) for cell in CELLS]
        for pivot, known in self._basis:
            factor = rest[pivot]
            if factor:
                rest = [one - factor * other for one, other in zip(rest, known, strict=True)]
        return rest


def of_month(site: str, month: str) -> list[Cell]:
    return [cell for cell in CELLS if cell[0] == site and cell[1].startswith(month)]


def a_day(cell: Cell, devices: int) -> Day:
    return Day(*cell, devices, devices, devices, devices * 60, devices, Data(octets(cell), 0))


def octets(cell: Cell) -> int:
    """Powers of two: every sum says by itself what is in it."""
    return 1 << CELLS.index(cell)


def cells_of(value: int) -> list[Cell]:
    return [cell for number, cell in enumerate(CELLS) if value >> number & 1]


def book(month: str, devices: dict[Cell, int]) -> Book:
    made = months.growth().book
    pages = []
    for site in SITES:
        days = [(cell, devices[cell]) for cell in of_month(site, month)]
        pages.append(page(made.sites[0], site, days))
    whole = page(made.total, "", [(cell, devices[cell]) for site in SITES for cell in of_month(site, month)])
    return replace(made, month=month, sites=tuple(pages), total=whole)


def page(like: Page, site: str, days: Sequence[tuple[Cell, int]]) -> Page:
    total, used = sum(count for _, count in days), sum(octets(cell) for cell, _ in days)
    sums = dict.fromkeys(("sessions", "visits", "devices_daily_sum", "devices_month"), total)
    lines = tuple(DayLine(cell[1], count, count, count, octets(cell), 0) for cell, count in days) if site else ()
    return replace(like, site=site, days=lines, values={**like.values, **sums, "download_bytes": used})


def watched(devices: dict[Cell, int], sites: Sites) -> Attacker:
    """Every answer of every day, every finished month of every window, and the package after each month."""
    attacker = Attacker()
    for today in sorted({f"{month}-{day:02}" for month in MONTHS for day in (*DAYS, 5)}):
        so_far = [a_day(cell, devices[cell]) for cell in CELLS if cell[1] <= today]
        for row in by_day(so_far, "2026-01-01", "2026-12-31", today):
            if row["download_bytes"] is not None:
                attacker.learns([(row["site"], row["day"])])
    every = [a_day(cell, devices[cell]) for cell in CELLS]
    for window in ((MONTHS[0],), (MONTHS[1],), MONTHS):
        found = [day for day in every if day.day[:7] in window]
        counts = {(s, m): sum(devices[cell] for cell in of_month(s, m)) for s in SITES for m in window}
        for row in by_month(found, counts, "2026-11"):
            if row["download_bytes"] is not None:
                attacker.learns(cells_of(row["download_bytes"]))
    books = [book(month, devices) for month in MONTHS]
    at = satu_data.USAGE.index("download_bytes")
    for known in (books[:1], books):
        for line in satu_data.usage(known, sites):
            if isinstance(line[at], int):
                attacker.learns(cells_of(int(line[at] or 0)))
    return attacker


counts = st.one_of(st.integers(0, 12), st.integers(0, 60))


@given(st.lists(counts, min_size=len(CELLS), max_size=len(CELLS)))
@settings(max_examples=60, deadline=None, derandomize=True, database=None)
def test_no_sum_of_fewer_than_ten_devices_can_be_solved_for(sites: Sites, many: list[int]) -> None:
    devices = dict(zip(CELLS, many, strict=True))
    attacker = watched(devices, sites)
    for site in SITES:
        for month in MONTHS:
            own = of_month(site, month)
            for size in range(1, len(own) + 1):
                for some in combinations(own, size):
                    if sum(devices[cell] for cell in some) < FEWEST:
                        assert not attacker.knows(some), (some, devices)
    for month in MONTHS:
        for pair in combinations(SITES, 2):
            both = [cell for site in pair for cell in of_month(site, month)]
            assert sum(devices[cell] for cell in both) >= FEWEST or not attacker.knows(both)


def test_the_attacker_would_find_a_total_that_holds_what_is_hidden(sites: Sites) -> None:
    """A test that cannot fail proves nothing: the old total, with all sites in it, gives the small one away."""
    devices = {cell: 2 if cell[0] == "a" else 50 for cell in CELLS}
    attacker = watched(devices, sites)
    small = of_month("a", MONTHS[0])

    assert not attacker.knows(small)
    attacker.learns([cell for site in SITES for cell in of_month(site, MONTHS[0])])
    assert attacker.knows(small)
