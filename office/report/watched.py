"""What the monitor knew of each site's NASes and of the way to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, func, or_, select

from hotspot.sites import Nas, Sites
from hotspot.tables import intervals
from office.report.availability import Interval, Watch

TICK = 120  # seconds; an interval that was followed up so soon after its last look is known to its end

Subject = tuple[str, str]  # device | nas | link, and its id


def histories(connection: Connection, start: int, end: int) -> dict[Subject, list[Interval]]:
    """Known intervals that touch the time, by subject; the time in which the monitor was away is in none."""
    last = func.coalesce(intervals.c.ended_at, intervals.c.seen_until)
    touching = (intervals.c.began_at < end, or_(last > start, intervals.c.seen_until > start))
    found: defaultdict[Subject, list[Interval]] = defaultdict(list)
    for row in connection.execute(select(intervals).where(*touching).order_by(intervals.c.began_at, intervals.c.id)):
        followed_up = row.ended_at is not None and row.ended_at - row.seen_until <= TICK
        known_until = row.ended_at if followed_up else row.seen_until
        found[row.kind, row.subject].append(Interval(row.began_at, known_until, row.state))
    return found


def watches(sites: Sites, site: str, known: Mapping[Subject, list[Interval]]) -> tuple[Watch, ...]:
    return tuple(
        Watch(known.get(("nas", nas.id), ()), tuple(known.get(subject, ()) for subject in path(sites, nas)))
        for nas in sites.nases
        if nas.site == site
    )


def path(sites: Sites, nas: Nas) -> Iterator[Subject]:
    """The devices and links between a NAS and the root of the network."""
    node, passed = nas.uplink, {nas.id}
    while node is not None and node not in passed:
        passed.add(node)
        yield ("nas" if node in sites.nas else "device"), node
        links = [link for link in sites.links if link.status == "active" and link.b and link.b.device == node]
        if len(links) == 1:  # with two ways in, the end of one is not the end of the site
            yield "link", links[0].id
            node = _uplink(sites, node) or (links[0].a.device if links[0].a else None)
        else:
            node = _uplink(sites, node)


def _uplink(sites: Sites, node: str) -> str | None:
    here = sites.device.get(node) or sites.nas.get(node)
    return here.uplink if here else None
