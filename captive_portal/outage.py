"""Whether the monitor says that a site's NAS is dark; without a living monitor nothing is claimed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, and_, func, or_, select

from hotspot.sites import Sites
from hotspot.tables import incident_members, incidents, intervals

HEARD_SECONDS = 300  # a monitor that has confirmed nothing for so long is away
_DARK = ("link-down", "link-flapping", "device-down", "nas-down", "power-cut", "section-dark")


def dark_since(connection: Connection, sites: Sites, site: str, now: float) -> int | None:
    """Since when the site's internet is down, in UTC seconds; None when it is not, or when nobody knows."""
    nases = _nases(sites, site)
    if not _is_watched(connection, nases, now):
        return None
    return connection.execute(_darkening(func.min(incidents.c.opened_at), nases)).scalar()


def open_incident(connection: Connection, sites: Sites, site: str, now: float) -> int | None:
    """The number of what darkens the site now, the earliest where there are several."""
    nases = _nases(sites, site)
    if not _is_watched(connection, nases, now):
        return None
    query = _darkening(incidents.c.id, nases).order_by(incidents.c.opened_at).limit(1)
    return connection.execute(query).scalar()


def _nases(sites: Sites, site: str) -> list[str]:
    return [nas.id for nas in sites.nases if nas.site == site]


def _darkening(what: Any, nases: list[str]) -> Select[Any]:
    member = and_(
        incident_members.c.incident == incidents.c.id,
        incident_members.c.left_at.is_(None),
        incident_members.c.kind == "nas",
        incident_members.c.subject.in_(nases),
    )
    touched = or_(and_(incidents.c.kind == "nas", incidents.c.subject.in_(nases)), select(1).where(member).exists())
    return select(what).where(incidents.c.closed_at.is_(None), incidents.c.cause.in_(_DARK), touched)


def _is_watched(connection: Connection, nases: list[str], now: float) -> bool:
    query = select(func.max(intervals.c.seen_until)).where(
        intervals.c.kind == "nas", intervals.c.subject.in_(nases), intervals.c.ended_at.is_(None)
    )
    seen = connection.execute(query).scalar()
    return seen is not None and now - seen <= HEARD_SECONDS
