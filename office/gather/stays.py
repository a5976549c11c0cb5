"""Sessions of visitors for whoever helps them: found by MAC while it exists, by voucher or by time; and refusals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select, update

from hotspot.mac import Mac
from hotspot.session import Facts, State, state
from hotspot.tables import blocks, nas_facts, refusals, sessions, wishes
from hotspot.wishes import Act, wish

MOST = 200  # rows of an answer
BY_ITSELF = 2  # Acct-Authentic "Local" (RFC 2866 section 5.6): the gateway let it in while RADIUS was away
GUEST = "guest"  # RADIUS' word for whom a controller let in by itself


@dataclass(frozen=True)
class Stay:
    """One session; its MAC is masked by its type, and goes a day after the end."""

    id: int
    site: str
    nas: str
    way: str | None
    mac: Mac | None
    client: str | None
    started_at: int
    last_seen_at: int
    seconds: int
    download: int
    upload: int
    state: State
    cause: int | None
    origin: str = ""  # "gateway" or "controller" when that let it in without asking us


@dataclass(frozen=True)
class Refusal:
    site: str
    nas: str
    way: str | None
    reason: str
    at: int


@dataclass(frozen=True)
class Block:
    id: int
    kind: str
    label: str
    reason: str
    blocked_by: str
    since: int
    until: int | None


def by_mac(connection: Connection, mac: Mac, now: float) -> list[Stay]:
    return _stays(connection, sessions.c.mac == mac.digits, now)


def by_client(connection: Connection, client: str, now: float) -> list[Stay]:
    return _stays(connection, sessions.c.client == client, now)


def at_time(connection: Connection, site: str, start: int, end: int, now: float) -> list[Stay]:
    """Those that were online at a site in a time."""
    within = (sessions.c.site == site) & (sessions.c.started_at < end) & (sessions.c.last_seen_at >= start)
    return _stays(connection, within, now)


def one(connection: Connection, number: int, now: float) -> Stay | None:
    found = _stays(connection, sessions.c.id == number, now)
    return found[0] if found else None


def refused(connection: Connection, mac: Mac | None, site: str | None = None) -> list[Refusal]:
    """The latest refusals of a MAC, or of a site."""
    query = select(refusals).order_by(refusals.c.refused_at.desc()).limit(MOST)
    query = query.where(refusals.c.mac == mac.digits) if mac else query.where(refusals.c.site == site)
    return [Refusal(row.site, row.nas, row.way, row.reason, row.refused_at) for row in connection.execute(query)]


def let_in_alone(connection: Connection, site: str, since: int) -> dict[str, int]:
    """Sessions that began without us, by who let them in."""
    by = {"gateway": sessions.c.authentic == BY_ITSELF, "controller": sessions.c.acct_session_id == GUEST}
    counts = select(*(func.count().filter(which).label(who) for who, which in by.items()))
    here = (sessions.c.site == site, sessions.c.started_at >= since)
    return dict(connection.execute(counts.where(*here)).mappings().one())


def end(connection: Connection, number: int, now: float, reason: str = "staff") -> None:
    wish(connection, number, Act.END, reason=reason, by="office", now=now)


def end_of_clients(connection: Connection, clients: Iterable[str], now: float, reason: str) -> int:
    """Ask for the end of every open session of these clients; how many were asked for."""
    query = select(sessions.c.id).where(sessions.c.client.in_(list(clients)), sessions.c.stopped_at.is_(None))
    found = list(connection.execute(query).scalars())
    for number in found:
        end(connection, number, now, reason)
    return len(found)


def wishes_of(connection: Connection, number: int) -> list[Row[Any]]:
    """What was asked for a session and what became of it, the latest first."""
    return list(connection.execute(select(wishes).where(wishes.c.session == number).order_by(wishes.c.id.desc())))


def block(connection: Connection, kind: str, client: str, said: Block) -> int:
    row = {
        "kind": kind,
        "client": client,
        "label": said.label,
        "reason": said.reason,
        "blocked_by": said.blocked_by,
        "since": said.since,
        "until": said.until,
    }
    done = connection.execute(insert(blocks).values(**row))
    return int((done.inserted_primary_key or (0,))[0])


def lift(connection: Connection, number: int, by: str, now: float) -> bool:
    change = update(blocks).where(blocks.c.id == number, blocks.c.lifted_at.is_(None))
    return connection.execute(change.values(lifted_at=int(now), lifted_by=by)).rowcount == 1


def blocked(connection: Connection, now: float) -> list[Block]:
    """Those that hold now, the latest first."""
    query = select(blocks).where(blocks.c.lifted_at.is_(None), (blocks.c.until.is_(None)) | (blocks.c.until > int(now)))
    return [
        Block(row.id, row.kind, row.label, row.reason, row.blocked_by, row.since, row.until)
        for row in connection.execute(query.order_by(blocks.c.id.desc()))
    ]


def _stays(connection: Connection, which: ColumnElement[bool], now: float) -> list[Stay]:
    columns = [
        column for column in sessions.c if column.name not in ("user_name", "address")
    ]  # the office sees neither
    query = select(*columns, nas_facts.c.boot_at).outerjoin(nas_facts, nas_facts.c.nas == sessions.c.nas).where(which)
    rows = connection.execute(query.order_by(sessions.c.started_at.desc()).limit(MOST))
    return [_stay(cast("Row[Any]", row), now) for row in rows]


def _stay(row: Row[Any], now: float) -> Stay:
    facts = Facts(row.started_at, row.last_seen_at, row.stopped_at, row.interim, row.gone_at)
    return Stay(
        id=row.id,
        site=row.site,
        nas=row.nas,
        way=row.way,
        mac=Mac(row.mac) if row.mac else None,
        client=row.client,
        started_at=row.started_at,
        last_seen_at=row.last_seen_at,
        seconds=row.seconds,
        download=row.output_octets,
        upload=row.input_octets,
        state=state(facts, row.boot_at, now),
        cause=row.stop_cause,
        origin="gateway" if row.authentic == BY_ITSELF else "controller" if row.acct_session_id == GUEST else "",
    )
