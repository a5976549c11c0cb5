"""What came too late for months that were frozen: named in the next report, month by month and site by site."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, func, select

from hotspot.tables import frozen_months, site_days, usage_hours
from office.report.book import Difference
from office.report.freeze import Frozen, frozen
from office.report.month import month_before

LOOK_BACK = 3  # months; older days are not counted again, because their sessions are deleted

Key = tuple[str, str]  # the frozen month that something belongs to, and the site
Counts = Mapping[Key, tuple[int, int]]


def news(connection: Connection, month: str, start: int, end: int) -> tuple[Difference, ...]:
    """What is new in ``month``, from ``start`` to ``end``, about months that were frozen before it.

    Sessions and visits are the days as they are counted now, less what was frozen, less what earlier reports named.
    """
    closed = _closed(connection, month)
    now, then, told = _counted(connection, closed), _frozen(closed.values()), _told(closed.values())
    octets = _octets(connection, start, end)
    found = []
    for key in sorted({*now, *octets}):
        sessions, visits = (
            now.get(key, (0, 0))[part] - then.get(key, (0, 0))[part] - told.get(key, (0, 0))[part] for part in (0, 1)
        )
        down, up = octets.get(key, (0, 0))
        if sessions or visits or down or up:
            found.append(Difference(*key, sessions, visits, down, up))
    return tuple(found)


def since_frozen(connection: Connection, proof: Frozen) -> tuple[int, int, int]:
    """Sessions, downloaded and uploaded octets that a frozen month lacks, as it is known now."""
    month = proof.book.month
    now, then = _counted(connection, {month: proof}), _frozen([proof])
    sessions = sum(count for count, _ in now.values()) - sum(count for count, _ in then.values())
    sums = select(func.sum(usage_hours.c.output_octets), func.sum(usage_hours.c.input_octets))
    down, up = connection.execute(sums.where(usage_hours.c.corrects == month)).one()
    return sessions, int(down or 0), int(up or 0)


def by_site(differences: Iterable[Difference]) -> Counter[str]:
    """Late sessions of each site."""
    found: Counter[str] = Counter()
    for one in differences:
        found[one.site] += one.sessions
    return found


def _closed(connection: Connection, month: str) -> dict[str, Frozen]:
    """The frozen ones of the months before this."""
    wanted = [month_before(month, back) for back in range(1, LOOK_BACK + 1)]
    there = connection.execute(select(frozen_months.c.month).where(frozen_months.c.month.in_(wanted))).scalars().all()
    return {name: closed for name in sorted(there) if (closed := frozen(connection, name))}


def _counted(connection: Connection, closed: Mapping[str, Frozen]) -> Counts:
    if not closed:
        return {}
    name = func.substr(site_days.c.day, 1, 7)
    query = select(name, site_days.c.site, func.sum(site_days.c.sessions), func.sum(site_days.c.visits))
    first, last = min(closed), max(closed)
    days = (site_days.c.day >= f"{first}-01", site_days.c.day <= f"{last}-31")
    rows = connection.execute(query.where(*days).group_by(name, site_days.c.site))
    return {(month, site): (int(sessions), int(visits)) for month, site, sessions, visits in rows if month in closed}


def _frozen(closed: Iterable[Frozen]) -> Counts:
    found: dict[Key, tuple[int, int]] = {}
    for one in closed:
        columns = one.report.columns
        sessions, visits, site = (columns.index(name) for name in ("sessions", "visits", "site"))
        for row in one.report.rows:
            found[one.report.month, str(row[site])] = int(row[sessions] or 0), int(row[visits] or 0)
    return found


def _told(closed: Iterable[Frozen]) -> Counts:
    found: dict[Key, tuple[int, int]] = {}
    for one in closed:
        for known in one.book.differences:
            before = found.get((known.month, known.site), (0, 0))
            found[known.month, known.site] = before[0] + known.sessions, before[1] + known.visits
    return found


def _octets(connection: Connection, start: int, end: int) -> Counts:
    used = usage_hours.c
    query = (
        select(used.corrects, used.site, func.sum(used.output_octets), func.sum(used.input_octets))
        .where(used.hour >= start, used.hour < end, used.corrects != "")
        .group_by(used.corrects, used.site)
    )
    return {(month, site): (int(down), int(up)) for month, site, down, up in connection.execute(query)}
