"""The return code that the page of a visit shows, once it is online, to whom it belongs."""

from __future__ import annotations

from sqlalchemy import select

from captive_portal.portal import Portal
from captive_portal.visit import Progress, Visit
from captive_portal.ways import memory
from hotspot.tables import grants


def return_code(portal: Portal, visit: Visit) -> str | None:
    """Where the place takes such codes, and its client has none yet."""
    policy = portal.sites.policy_of(portal.sites.site[visit.site])
    if visit.progress is not Progress.ONLINE or "code" not in policy.ways:
        return None
    now = portal.now()
    with portal.store.writing() as connection:
        query = select(grants.c.client, grants.c.way).where(grants.c.id == visit.grant_id)
        row = connection.execute(query).one_or_none()
        if row is None or row.client is None or row.way == "grace":
            return None
        until = int(now) + policy.per_client.remember
        known = memory.Known(row.client, row.way)
        return memory.show_code(connection, portal.grant_key, visit.grant_id, known, now=now, until=until)
