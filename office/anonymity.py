"""Which figures may be published: none of a group of fewer than ten devices, nor what would give one away (pure).

Totals are published beside their parts, so that what is hidden could be had by subtraction: then other parts are
hidden too, until two parts and ten devices stand behind every difference. What is shown is rounded.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from typing import TypeVar

FEWEST = 10
STEP = 5

Name = TypeVar("Name", bound=Hashable)
Row = TypeVar("Row", bound=Hashable)
Column = TypeVar("Column", bound=Hashable)


def public_count(devices: int) -> int | None:
    """The count, or None where it is too small to publish."""
    return devices if devices >= FEWEST else None


def rounded(count: int) -> int:
    """To the nearest five, halves up; each total is rounded by itself, so that sums may differ a little."""
    return (count + STEP // 2) // STEP * STEP


def hidden_days(devices: Mapping[str, int]) -> set[str]:
    """The days of one site and month whose figures must not be shown, by their numbers of devices.

    A small day takes the days after it along. An earlier one would not do: who looks every day has it already when
    the small one comes, and has the small one when the month's total comes.
    """
    return set(_hidden(devices)[0])


def without_company(devices: Mapping[str, int]) -> set[str]:
    """The hidden days of a month that found no company before its end: its total has to do without them."""
    gone, waiting = _hidden(devices)
    return set(gone) if waiting else set()


def _hidden(devices: Mapping[str, int]) -> tuple[list[str], bool]:
    gone: list[str] = []
    waiting = False
    for day in sorted(devices):
        if devices[day] < FEWEST or waiting:
            gone.append(day)
            waiting = len(gone) < 2 or sum(devices[one] for one in gone) < FEWEST
    return gone, waiting


def hidden_cells(table: Mapping[tuple[Row, Column], int]) -> set[tuple[Row, Column]]:
    """The cells of a table with published totals of its rows and of its columns that must not be shown.

    What is hidden for a row may give a column away and the other way round, so both go on until nothing changes.
    """
    hidden: set[tuple[Row, Column]] = set()
    lines = [*_lines(table, 0), *_lines(table, 1)]
    while True:
        before = len(hidden)
        for line in lines:
            hidden |= _with_company({cell: table[cell] for cell in line}, hidden)
        if len(hidden) == before:
            return hidden


def _lines(table: Iterable[tuple[Row, Column]], part: int) -> list[list[tuple[Row, Column]]]:
    """The cells of each row (part 0) or of each column (part 1)."""
    found: dict[Hashable, list[tuple[Row, Column]]] = {}
    for cell in table:
        found.setdefault(cell[part], []).append(cell)
    return list(found.values())


def _with_company(devices: Mapping[Name, int], hidden: Collection[Name]) -> set[Name]:
    """Of one line: what is too small or hidden already, and the next smallest until no difference is telling."""
    gone = {name for name, count in devices.items() if count < FEWEST or name in hidden}
    rest = sorted((name for name in devices if name not in gone), key=lambda name: (devices[name], str(name)))
    while gone and rest and (len(gone) == 1 or sum(devices[name] for name in gone) < FEWEST):
        gone.add(rest.pop(0))
    return gone
