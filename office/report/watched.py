"""What the monitor knew of each NAS; one behind a dead device or link is in its shadow, so its uplink is in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import Connection, select

from hotspot.sites import Sites
from hotspot.tables import intervals
from office.report.availability import History, Interval


def histories(connection: Connection, start: int, end: int) -> dict[str, list[Interval]]:
    """Known intervals that touch the time, by NAS; the time in which the monitor was away is in none."""
    columns = (intervals.c.subject, intervals.c.began_at, intervals.c.seen_until, intervals.c.state)
    touching = (intervals.c.kind == "nas", intervals.c.began_at < end, intervals.c.seen_until > start)
    found: defaultdict[str, list[Interval]] = defaultdict(list)
    for nas, began_at, seen_until, state in connection.execute(
        select(*columns).where(*touching).order_by(intervals.c.began_at, intervals.c.id)
    ):
        found[nas].append(Interval(began_at, seen_until, state))
    return found


def of_site(sites: Sites, site: str, known: Mapping[str, History]) -> tuple[History, ...]:
    """One history for each NAS of a site, empty where nothing is known."""
    return tuple(known.get(nas.id, ()) for nas in sites.nases if nas.site == site)
