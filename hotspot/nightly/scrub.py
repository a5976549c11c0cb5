"""Personal data that has reached its limit: MACs, user names and addresses, contacts and texts of complaints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, func, or_, select, update

from hotspot.nightly import due
from hotspot.nightly.devices import note_sightings
from hotspot.nightly.step import BATCH, Task
from hotspot.session import Facts, State, state
from hotspot.tables import complaints, grants, nas_facts, reservations, sessions, vouchers


def scrub(task: Task) -> str:
    emptied = _sessions(task)
    promises = _promises(task)
    contacts, texts = _complaints(task)
    return f"{emptied} sessions and {contacts + texts} complaints emptied, {promises} grants and reservations deleted"


def _sessions(task: Task) -> int:
    """Empty what names a person in sessions that ended long enough ago, a batch a transaction."""
    emptied, after = 0, 0
    while True:
        with task.store.writing() as connection:
            rows = _due(connection, task, after)
            ended = [row for row in rows if not is_open(row, task.now)]
            empty(connection, task, ended)
        emptied += len(ended)
        if len(rows) < BATCH:
            return emptied
        after = rows[-1].id


def _due(connection: Connection, task: Task, after: int) -> Sequence[Row[Any]]:
    names = or_(*(sessions.c[name].is_not(None) for name in ("mac", "user_name", "client", "address")))
    limit = due.forget_until(task.now, task.sites.retention.raw_mac)
    long_ago = func.coalesce(sessions.c.stopped_at, sessions.c.last_seen_at) <= limit
    query = (
        select(sessions, nas_facts.c.boot_at)
        .select_from(sessions.outerjoin(nas_facts, nas_facts.c.nas == sessions.c.nas))
        .where(sessions.c.id > after, names, long_ago)
        .order_by(sessions.c.id)
        .limit(BATCH)
    )
    return connection.execute(query).all()


def is_open(row: Row[Any], now: int) -> bool:
    facts = Facts(row.started_at, row.last_seen_at, row.stopped_at, row.interim, row.gone_at)
    return state(facts, row.boot_at, now) is State.OPEN


def empty(connection: Connection, task: Task, rows: Sequence[Row[Any]]) -> None:
    """Note the devices, empty the sessions and delete the promises behind them, all or nothing."""
    if not rows:
        return
    note_sightings(connection, task, [(row.site, row.started_at, row.mac) for row in rows if row.mac])
    _charge_vouchers(connection, rows)
    empty = {"mac": None, "user_name": None, "client": None, "address": None, "scrubbed_at": task.now}
    connection.execute(update(sessions).where(sessions.c.id.in_([row.id for row in rows])).values(empty))
    tokens = [row.class_token for row in rows if row.class_token]
    connection.execute(delete(reservations).where(reservations.c.class_token.in_(tokens)))
    connection.execute(delete(grants).where(grants.c.id.in_([row.grant_id for row in rows if row.grant_id])))


def _charge_vouchers(connection: Connection, rows: Sequence[Row[Any]]) -> None:
    """What a session used of its voucher stays used when the session no longer says whose it was."""
    for row in rows:
        if row.client and row.way == "voucher":
            spent = {
                "spent_seconds": vouchers.c.spent_seconds + row.seconds,
                "spent_octets": vouchers.c.spent_octets + row.input_octets + row.output_octets,
            }
            connection.execute(update(vouchers).where(vouchers.c.client == row.client).values(spent))


def _promises(task: Task) -> int:
    """Delete grants and reservations that are over and whose MAC was written down long enough ago."""
    limit = due.forget_until(task.now, task.sites.retention.raw_mac)
    old_grants = and_(grants.c.minted_at <= limit, grants.c.expires_at <= task.now)
    old_reservations = and_(reservations.c.reserved_at <= limit, reservations.c.ends_at <= task.now)
    deleted = 0
    for key, old in ((grants.c.id, old_grants), (reservations.c.class_token, old_reservations)):
        while True:
            with task.store.writing() as connection:
                some = connection.execute(select(key).where(old).limit(BATCH)).scalars().all()
                connection.execute(delete(key.table).where(key.in_(some)))
            deleted += len(some)
            if len(some) < BATCH:
                break
    return deleted


def _complaints(task: Task) -> tuple[int, int]:
    """Contacts go a while after the answer, at the latest with the text, which goes after a year."""
    answered = complaints.c.answered_at <= due.forget_until(task.now, task.sites.retention.complaints_contact)
    old = complaints.c.received_at <= due.forget_until(task.now, due.COMPLAINT_TEXT_KEPT)
    with task.store.writing() as connection:
        contacts = connection.execute(
            update(complaints).where(complaints.c.contact.is_not(None), or_(answered, old)).values(contact=None)
        )
        texts = connection.execute(update(complaints).where(complaints.c.text != "", old).values(text=""))
    return contacts.rowcount, texts.rowcount
