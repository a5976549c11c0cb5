"""What the monitor knew of each NAS; one behind a dead device or link is in its shadow, so its uplink is in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select

from hotspot import watched
from hotspot.clock import day_bounds
from hotspot.sites import Sites
from hotspot.tables import incident_members, incidents, maintenances, reading_hours
from office.report.availability import History, Span
from office.report.contract import Contract
from office.report.month import Citizen, Echoes, Incident
from office.report.reach import Subject, upstream

# What the citizens' probes keep in reading_hours under a site's name (monitor/probes/kept.py).
CAME_IN, ANSWER, SPEED = "citizen-in", "citizen-answer", "citizen-speed"


def histories(connection: Connection, start: int, end: int, kind: str = "nas") -> dict[str, History]:
    """What was known of each NAS or link; the time in which the monitor was away is in none."""
    found = watched.known(connection, start, end)
    return {subject: history for (of, subject), history in found.items() if of == kind}


def echoes(connection: Connection, sites: Sites, start: int, end: int) -> dict[str, Echoes]:
    """Pings of each site's NASes."""
    found: dict[str, Echoes] = {}
    for row in _hours(connection, ("rtt", "loss"), start, end):
        if (nas := sites.nas.get(row.subject)) is not None:
            found[nas.site] = _with_hour(found.get(nas.site, Echoes()), row)
    return found


def _with_hour(before: Echoes, row: Any) -> Echoes:
    if row.what == "loss":
        return replace(before, tries=before.tries + row.samples, lost=before.lost + row.total)
    return replace(
        before,
        trips=before.trips + row.samples,
        seconds=before.seconds + row.total,
        worst=max(before.worst, row.highest),
        hours=(*before.hours, row.total / row.samples),
    )


def citizens(connection: Connection, start: int, end: int) -> dict[str, Citizen]:
    """What the probes inside the sites found."""
    found: dict[str, Citizen] = {}
    for row in _hours(connection, (CAME_IN, ANSWER, SPEED), start, end):
        before, mean = found.get(row.subject, Citizen()), row.total / row.samples
        if row.what == CAME_IN:
            after = replace(before, walks=before.walks + row.samples, came_in=before.came_in + round(row.total))
        elif row.what == ANSWER:
            after = replace(before, answers=(*before.answers, mean))
        else:
            after = replace(before, speeds=(*before.speeds, mean))
        found[row.subject] = after
    return found


def _hours(connection: Connection, what: tuple[str, ...], start: int, end: int) -> Iterator[Any]:
    hours = reading_hours.c
    query = select(hours.subject, hours.what, hours.samples, hours.total, hours.highest)
    here = (hours.hour >= start, hours.hour < end, hours.what.in_(what))
    yield from connection.execute(query.where(*here).order_by(hours.subject, hours.port, hours.what, hours.hour))


def of_site(sites: Sites, site: str, known: Mapping[str, History]) -> tuple[History, ...]:
    """One history for each NAS of a site, empty where nothing is known."""
    return tuple(known.get(nas.id, ()) for nas in sites.nases if nas.site == site)


def of_sites(connection: Connection, sites: Sites, start: int, end: int) -> dict[str, tuple[Incident, ...]]:
    """Incidents that were opened in the time, by each site that one of them darkened."""
    opened = (incidents.c.opened_at >= start, incidents.c.opened_at < end)
    rows = connection.execute(select(incidents).where(*opened).order_by(incidents.c.opened_at)).all()
    touched: defaultdict[int, set[Subject]] = defaultdict(set)
    members = (
        select(incident_members.c.incident, incident_members.c.kind, incident_members.c.subject)
        .join(incidents, incidents.c.id == incident_members.c.incident)
        .where(*opened)
    )
    for number, kind, subject in connection.execute(members):
        touched[number].add((kind, subject))
    found: dict[str, tuple[Incident, ...]] = {}
    for site in sites.site:
        own = {("site", site), *(("nas", nas.id) for nas in sites.nases if nas.site == site)}
        own |= {("device", device.id) for device in sites.devices if device.site == site}
        found[site] = tuple(
            Incident(row.id, row.cause, row.opened_at, row.closed_at)
            for row in rows
            if own & (touched[row.id] | {(row.kind, row.subject)})
        )
    return found


def planned(connection: Connection, sites: Sites, start: int, end: int) -> dict[str, tuple[Span, ...]]:
    """Announced work by each site that it touches, put together where it overlaps."""
    columns = (maintenances.c.kind, maintenances.c.subject, maintenances.c.began_at, maintenances.c.ends_at)
    held = (maintenances.c.began_at < end, maintenances.c.ends_at > start, maintenances.c.cancelled_at.is_(None))
    works = connection.execute(select(*columns).where(*held).order_by(maintenances.c.began_at)).all()
    found: dict[str, tuple[Span, ...]] = {}
    for site in sites.site:
        reach = upstream(sites, site)
        found[site] = united(
            (max(start, begins), min(end, ends)) for kind, subject, begins, ends in works if (kind, subject) in reach
        )
    return found


def united(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans in the order of their starts, those that touch each other as one."""
    found: list[Span] = []
    for starts, ends in sorted(spans):
        if found and starts <= found[-1][1]:
            found[-1] = (found[-1][0], max(ends, found[-1][1]))
        elif starts < ends:
            found.append((starts, ends))
    return tuple(found)


def contracts(sites: Sites) -> tuple[Contract, ...]:
    """Every link of sites.yaml, planned ones too: the sheet shows what is not there yet."""
    return tuple(
        Contract(
            link=link.id,
            kecamatan=link.kecamatan or "",
            name=sites.kecamatan_name.get(link.kecamatan or "", ""),
            contractor=link.contractor or "",
            status=link.status,
            promised=link.sla,
            since=day_bounds(str(link.since), sites.timezone)[0] if link.since else 0,
        )
        for link in sites.links
    )
