"""Gathers what the status page shows from the store and writes its files whole, so that no reader sees half of one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, or_, select
from sqlalchemy.exc import DBAPIError

from hotspot.log import event
from hotspot.sites import Sites
from hotspot.store import Store
from hotspot.tables import intervals, states
from monitor.status.days import DAYS, Interval, days
from monitor.status.page import Line, Status, data, html

EVERY = 300.0  # real seconds
FRESH = 600  # seconds of the domain's clock after which the monitor has lost sight
log = logging.getLogger(__name__)


def gather(connection: Connection, sites: Sites, now: float) -> Status:
    word = {(row.kind, row.subject): row.state for row in connection.execute(select(states))}
    past = _intervals(connection, now)
    seen = max((one.until for found in past.values() for one in found), default=0)

    def line(kind: str, subject: str, name: str) -> Line:
        found = days(past.get((kind, subject), ()), now, sites.timezone)
        return Line(subject, name, word.get((kind, subject), "unknown"), found)

    places = tuple(line("nas", nas.id, sites.site[nas.site].name) for nas in sites.nases)
    links = [link for link in sites.links if link.kecamatan]
    return Status(
        f"{sites.office.region} {_region(sites)}".strip(),
        datetime.fromtimestamp(now, sites.timezone),
        places,
        tuple(
            line("link", link.id, sites.kecamatan_name[link.kecamatan or ""])
            if link.status == "active"
            else Line(link.id, sites.kecamatan_name[link.kecamatan or ""], link.status)
            for link in links
        ),
        fresh=now - seen <= FRESH,
    )


def publish(status: Status, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (("index.html", html(status)), ("status.json", data(status))):
        draft = folder / f".{name}"
        draft.write_text(text, encoding="utf-8")
        draft.chmod(0o644)
        draft.replace(folder / name)


async def keep_publishing(store: Store, sites: Sites, folder: Path, now: Callable[[], float]) -> None:
    """Until cancelled; a page that cannot be written is told of, and written the next time."""

    def once() -> None:
        with store.reading() as connection:
            status = gather(connection, sites, now())
        publish(status, folder)

    while True:
        try:
            await asyncio.to_thread(once)
        except (DBAPIError, OSError) as error:
            event(log, logging.ERROR, "the status page could not be written", why=type(error).__name__)
        await asyncio.sleep(EVERY)


def _intervals(connection: Connection, now: float) -> dict[tuple[str, str], list[Interval]]:
    since = int(now) - (DAYS + 1) * 86400
    lately = or_(intervals.c.ended_at.is_(None), intervals.c.ended_at > since)
    found: dict[tuple[str, str], list[Interval]] = {}
    for row in connection.execute(select(intervals).where(lately, intervals.c.seen_until > since)):
        until = row.seen_until if row.ended_at is None else min(row.seen_until, row.ended_at)
        found.setdefault((row.kind, row.subject), []).append(Interval(row.state, row.began_at, until))
    return found


def _region(sites: Sites) -> str:
    return sites.office.letter.city if sites.office.letter else ""
