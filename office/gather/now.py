"""How the town is at this moment: clients, today's sessions and octets, and what the monitor says of each subject."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, func, select

from hotspot.clock import day_bounds, local_day, local_hour
from hotspot.presence import clients_by_site
from hotspot.sites import Sites
from hotspot.tables import client_hours, portal_tallies, sessions, states, usage_hours
from office.facts import Condition, Data, Now, Subject

WAY_IN = "way-in"  # the portal's own word


def now(connection: Connection, at: float, sites: Sites) -> Now:
    zone = sites.timezone
    midnight, _ = day_bounds(local_day(at, zone), zone)
    return Now(
        at=at,
        clients=clients_by_site(connection, at),
        sessions=_sessions_since(connection, list(sites.site), midnight),
        data=_data_since(connection, midnight),
        conditions=conditions(connection),
        last_hour=_data_of(connection, last_whole_hour(at, zone)),
    )


def last_whole_hour(at: float, zone: ZoneInfo) -> int:
    return local_hour(local_hour(at, zone) - 1, zone)


def conditions(connection: Connection) -> dict[Subject, Condition]:
    query = select(states.c.kind, states.c.subject, states.c.state, states.c.since)
    return {(kind, subject): Condition(word, since) for kind, subject, word, since in connection.execute(query)}


def clients_by_device(connection: Connection) -> dict[str, int]:
    """Clients of each access point that the monitor could ask, all its networks together."""
    query = select(states.c.subject, states.c.detail).where(states.c.kind == "device")
    found = {}
    for subject, detail in connection.execute(query):
        clients = json.loads(detail).get("clients")
        if isinstance(clients, dict):
            found[subject] = sum(int(number) for number in clients.values())
    return found


def data_by_hour(connection: Connection, site: str, start: int, end: int) -> dict[int, Data]:
    """Octets by site-local hour (UTC seconds of its start)."""
    downloads, uploads = func.sum(usage_hours.c.output_octets), func.sum(usage_hours.c.input_octets)
    query = (
        select(usage_hours.c.hour, downloads, uploads)
        .where(usage_hours.c.site == site, usage_hours.c.hour >= start, usage_hours.c.hour < end)
        .group_by(usage_hours.c.hour)
    )
    return {hour: Data(int(down), int(up)) for hour, down, up in connection.execute(query)}


def client_seconds_by_hour(connection: Connection, site: str, start: int, end: int) -> dict[int, int]:
    """Of the hours in which somebody was online, as the nightly job counted them."""
    query = select(client_hours.c.hour, client_hours.c.client_seconds).where(
        client_hours.c.site == site, client_hours.c.hour >= start, client_hours.c.hour < end
    )
    return {hour: int(seconds) for hour, seconds in connection.execute(query)}


def way_in(connection: Connection, sites: Iterable[str], since: int) -> dict[int, int]:
    """How many took so many seconds from the portal's page to the session's start."""
    tallies = portal_tallies.c
    query = select(tallies.kind, func.sum(tallies.number)).where(tallies.site.in_(list(sites)), tallies.hour >= since)
    found = connection.execute(query.where(tallies.what == WAY_IN).group_by(tallies.kind))
    return {int(seconds): int(number) for seconds, number in found}


def sessions_by_hour(connection: Connection, site: str, start: int, end: int, zone: ZoneInfo) -> dict[int, int]:
    """Sessions that started in each site-local hour."""
    query = select(sessions.c.started_at).where(
        sessions.c.site == site, sessions.c.started_at >= start, sessions.c.started_at < end
    )
    counts: dict[int, int] = defaultdict(int)
    for began in connection.execute(query).scalars():
        counts[local_hour(began, zone)] += 1
    return dict(counts)


def _sessions_since(connection: Connection, sites: Sequence[str], start: int) -> dict[str, int]:
    """The sites by name: without them SQLite reads its whole index of sites, however long the history."""
    today = (sessions.c.site.in_(sites), sessions.c.started_at >= start)
    query = select(sessions.c.site, func.count()).where(*today).group_by(sessions.c.site)
    return {site: int(count) for site, count in connection.execute(query)}


def _data_since(connection: Connection, start: int) -> dict[str, Data]:
    return _data(connection, usage_hours.c.hour >= start)


def _data_of(connection: Connection, hour: int) -> dict[str, Data]:
    return _data(connection, usage_hours.c.hour == hour)


def _data(connection: Connection, hours: ColumnElement[bool]) -> dict[str, Data]:
    downloads, uploads = func.sum(usage_hours.c.output_octets), func.sum(usage_hours.c.input_octets)
    query = select(usage_hours.c.site, downloads, uploads).where(hours).group_by(usage_hours.c.site)
    return {site: Data(int(down), int(up)) for site, down, up in connection.execute(query)}
