"""What the store holds of one visitor, row by row, each with when it goes: the answer to "what do you know of me?"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, select, union

from hotspot.sites.model import Retention
from hotspot.tables import codes, consents, grants, remembered, reservations, sessions


@dataclass(frozen=True)
class Whose:
    """Whose rows may be seen and deleted (design section 6): all of a client, or those of one grant alone."""

    client: str | None = None
    grant_id: str | None = None


@dataclass(frozen=True)
class Holding:
    """One row. ``goes_at`` is None where it stays, ``waits`` where the time begins only when the visit ends.

    ``mac`` and ``address`` say that the row has them; their values are not shown, the page may be read by others.
    """

    kind: str
    site: str | None
    at: int
    goes_at: int | None = None
    waits: bool = False
    mac: bool = False
    address: bool = False
    until: int | None = None
    seconds: int | None = None
    octets: int | None = None
    notice: str | None = None
    language: str | None = None


def of(connection: Connection, whose: Whose, retention: Retention) -> list[Holding]:
    """In the order of their times; what names nobody any more cannot be found and is not here."""
    ids = [row.id for row in connection.execute(_grant_ids(whose))]
    found = [
        *(_grant(row, retention) for row in _rows(connection, grants, grants.c.id.in_(ids))),
        *(_promise(row, retention) for row in _rows(connection, reservations, reservations.c.grant_id.in_(ids))),
        *(_consent(row) for row in _rows(connection, consents, consents.c.grant_id.in_(ids))),
        *_sessions(connection, whose, retention),
        *_memories(connection, whose),
    ]
    return sorted(found, key=lambda holding: (holding.at, holding.kind))


def its_sessions(whose: Whose) -> ColumnElement[bool]:
    """Those that still say whose they are."""
    return sessions.c.client == whose.client if whose.client else sessions.c.grant_id == whose.grant_id


def _grant_ids(whose: Whose) -> Any:
    """A session may outlive its grant, and still names it."""
    if whose.client is None:
        return select(grants.c.id).where(grants.c.id == whose.grant_id)
    own = select(grants.c.id).where(grants.c.client == whose.client)
    named = select(sessions.c.grant_id.label("id")).where(its_sessions(whose), sessions.c.grant_id.is_not(None))
    return union(own, named)


def _rows(connection: Connection, table: Table, which: ColumnElement[bool]) -> list[Row[Any]]:
    return list(connection.execute(select(table).where(which)))


def _grant(row: Row[Any], retention: Retention) -> Holding:
    goes = max(row.expires_at, row.minted_at + retention.raw_mac)
    return Holding("grant", row.site, row.minted_at, goes, mac=True, until=row.expires_at)


def _promise(row: Row[Any], retention: Retention) -> Holding:
    goes = max(row.ends_at, row.reserved_at + retention.raw_mac)
    return Holding("promise", row.site, row.reserved_at, goes, mac=True, until=row.ends_at)


def _consent(row: Row[Any]) -> Holding:
    return Holding("consent", row.site, row.given_at, notice=row.notice, language=row.language)


def _sessions(connection: Connection, whose: Whose, retention: Retention) -> Iterator[Holding]:
    for row in _rows(connection, sessions, its_sessions(whose)):
        names = bool(row.mac or row.user_name)
        kept = retention.raw_mac if names else retention.session_tokens
        begin = row.stopped_at if names else row.started_at
        yield Holding(
            "session",
            row.site,
            row.started_at,
            None if begin is None else begin + kept,
            waits=begin is None,
            mac=bool(row.mac),
            address=bool(row.address),
            seconds=row.seconds,
            octets=row.input_octets + row.output_octets,
        )


def _memories(connection: Connection, whose: Whose) -> Iterator[Holding]:
    if whose.client is None:
        return
    for row in _rows(connection, remembered, remembered.c.client == whose.client):
        if row.forgotten_at is None:
            yield Holding("memory", None, row.since, row.until, language=row.language, notice=row.notice)
    for row in _rows(connection, codes, codes.c.client == whose.client):
        if row.forgotten_at is None:
            yield Holding("code", None, row.issued_at, row.until)
