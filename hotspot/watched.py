"""How long each device, NAS, link and district was up, down, in a shadow, under work, or not known (pure, and its SQL).

The one account of time for the status page and the reports: unknown is neither up nor down, and a shadow is not a
failure of what lies in it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from sqlalchemy import Connection, or_, select

from hotspot.tables import intervals, maintenances

Subject = tuple[str, str]


class Kept(StrEnum):
    UP = "up"
    DOWN = "down"
    SHADOW = "shadow"
    MAINTENANCE = "maintenance"
    NO_DATA = "no data"


_KEPT = {"up": Kept.UP, "weak": Kept.UP, "down": Kept.DOWN, "shadow": Kept.SHADOW}
_WORST = (Kept.DOWN, Kept.SHADOW, Kept.MAINTENANCE, Kept.NO_DATA, Kept.UP)


@dataclass(frozen=True)
class Stretch:
    """A time in one state."""

    start: int
    end: int
    state: Kept


def stretches(known: Iterable[Stretch], work: Iterable[tuple[int, int]], start: int, end: int) -> tuple[Stretch, ...]:
    """All of the time without a gap. Work explains down time and shadows; what stayed up under it was up."""
    known, work = sorted(known, key=lambda one: one.start), list(work)
    cuts = {start, end} | {at for one in known for at in (one.start, one.end)} | {at for span in work for at in span}
    moments = sorted(at for at in cuts if start <= at <= end)
    return _joined([Stretch(a, b, _at(known, work, a)) for a, b in pairwise(moments)])


def together(parts: Sequence[Sequence[Stretch]]) -> tuple[Stretch, ...]:
    """A district of several links or a site of several NASes: as the worst of its parts, up only when all are."""
    moments = sorted({at for part in parts for one in part for at in (one.start, one.end)})
    return _joined([Stretch(a, b, _worst(parts, a)) for a, b in pairwise(moments)])


def seconds(found: Iterable[Stretch]) -> dict[Kept, int]:
    """Every state, so that they add up to the whole time."""
    sums = dict.fromkeys(Kept, 0)
    for one in found:
        sums[one.state] += one.end - one.start
    return sums


def availability(sums: Mapping[Kept, int]) -> float | None:
    """Up of up and down, as a share; None when neither is known. Shadows count against what casts them."""
    known = sums[Kept.UP] + sums[Kept.DOWN]
    return sums[Kept.UP] / known if known else None


def _at(known: Sequence[Stretch], work: Sequence[tuple[int, int]], at: int) -> Kept:
    state = _state(known, at)
    under_work = any(began <= at < ends for began, ends in work)
    return Kept.MAINTENANCE if under_work and state in (Kept.DOWN, Kept.SHADOW) else state


def _worst(parts: Sequence[Sequence[Stretch]], at: int) -> Kept:
    return min((_state(part, at) for part in parts), key=_WORST.index, default=Kept.NO_DATA)


def _state(part: Sequence[Stretch], at: int) -> Kept:
    """``part`` in the order of time: of a year's stretches each moment looks at one."""
    place = bisect_right(part, at, key=lambda one: one.start) - 1
    return part[place].state if place >= 0 and at < part[place].end else Kept.NO_DATA


def _joined(found: Sequence[Stretch]) -> tuple[Stretch, ...]:
    whole: list[Stretch] = []
    for one in found:
        if whole and whole[-1].state is one.state and whole[-1].end == one.start:
            whole[-1] = Stretch(whole[-1].start, one.end, one.state)
        elif one.start < one.end:
            whole.append(one)
    return tuple(whole)


def known(connection: Connection, start: int, end: int) -> dict[Subject, list[Stretch]]:
    """What the monitor confirmed; the time in which it was away is in none."""
    c = intervals.c
    query = select(c.kind, c.subject, c.began_at, c.seen_until, c.state).order_by(c.began_at, c.id)
    found: defaultdict[Subject, list[Stretch]] = defaultdict(list)
    for kind, subject, began, seen, state in connection.execute(query.where(c.began_at < end, c.seen_until > start)):
        if state in _KEPT:
            found[kind, subject].append(Stretch(began, seen, _KEPT[state]))
    return found


def work(connection: Connection, start: int, end: int) -> list[tuple[Subject, int, int]]:
    """Announced work that touches the time; who cancels it ends it."""
    c = maintenances.c
    query = select(c.kind, c.subject, c.began_at, c.ends_at, c.cancelled_at).where(c.began_at < end, c.ends_at > start)
    began = query.where(or_(c.cancelled_at.is_(None), c.cancelled_at > c.began_at)).order_by(c.id)
    return [
        ((r.kind, r.subject), r.began_at, min(r.ends_at, r.cancelled_at or r.ends_at))
        for r in connection.execute(began)
    ]
