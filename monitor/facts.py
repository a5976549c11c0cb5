"""What the monitor reads of other rooms' tables: NASes heard, clients online, complaints, the nightly job."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import func, select

from hotspot.metrics import Family, gauge
from hotspot.nightly.runs import last_success
from hotspot.presence import clients_by_site, is_open
from hotspot.sites import Sites
from hotspot.store import Store
from hotspot.tables import complaints, nas_facts, sessions

BACKUP_STEP = "backup"
RETENTION_STEPS = ("scrub", "expiry", "keys")
ANSWER_SECONDS = 2 * 24 * 3600  # a complaint is to be answered within twice 24 hours


@dataclass(frozen=True)
class Facts:
    """Seconds since RADIUS heard each NAS, and how many clients are online at each NAS."""

    heard: Mapping[str, float] = field(default_factory=dict)
    clients: Mapping[str, int] = field(default_factory=dict)


def read_facts(store: Store, now: float) -> Facts:
    joined = sessions.outerjoin(nas_facts, nas_facts.c.nas == sessions.c.nas)
    online = select(sessions.c.nas, func.count()).select_from(joined).where(is_open(now)).group_by(sessions.c.nas)
    with store.reading() as connection:
        heard = {nas: now - at for nas, at in connection.execute(select(nas_facts.c.nas, nas_facts.c.heard_at))}
        return Facts(heard, {nas: int(count) for nas, count in connection.execute(online)})


def families(store: Store, sites: Sites, now: float) -> Iterable[Family]:
    """Gauges that are computed from the store; the monitor alone serves them (design section 5)."""
    waiting = select(func.count()).select_from(complaints).where(complaints.c.answered_at.is_(None))
    overdue = waiting.where(complaints.c.received_at < int(now) - ANSWER_SECONDS)
    with store.reading() as connection:
        online = clients_by_site(connection, now)
        counts = [int(connection.execute(query).scalar_one()) for query in (waiting, overdue)]
        kept = last_success(connection, BACKUP_STEP)
        done = [last_success(connection, step) for step in RETENTION_STEPS]
    yield gauge(
        "hotspot_sessions_open",
        "Clients online by site.",
        ("site",),
        (((site.id,), float(online.get(site.id, 0))) for site in sites.sites),
    )
    yield gauge("hotspot_complaints_open", "Complaints without an answer.", (), [((), float(counts[0]))])
    yield gauge("hotspot_complaints_overdue", "Of these, older than 2 x 24 hours.", (), [((), float(counts[1]))])
    found = [at for at in done if at is not None]
    yield gauge(
        "hotspot_retention_last_success_timestamp_seconds",
        "When the step of retention that is longest ago last went well.",
        (),
        [((), float(min(found)))] if len(found) == len(done) else [],
    )
    yield gauge(
        "hotspot_backup_last_success_timestamp_seconds",
        "When the last backup that went well began.",
        (),
        [((), float(kept))] if kept is not None else [],
    )
