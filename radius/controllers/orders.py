"""The rows of ``admissions`` as work: which are due, whose they are now, and how each went on."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from hotspot.admission import UNANSWERED
from hotspot.grants import LIFETIME
from hotspot.mac import Mac
from hotspot.store import Store
from hotspot.tables import admissions

LEASE = 45  # seconds for which an order is ours once it is taken; a controller may need most of it
MOST = 64  # taken at a time
LONGEST_PAUSE = 15


@dataclass(frozen=True, slots=True)
class Order:
    """A row of ``admissions`` that was taken."""

    id: int
    grant_id: str
    nas: str
    mac: Mac
    place: str
    asked_at: int
    tries: int


@dataclass(frozen=True, slots=True)
class Again:
    """Worth another try then."""

    due_at: int


@dataclass(frozen=True, slots=True)
class Closed:
    """``outcome``: a word of hotspot/admission.py or the policy's reason."""

    outcome: str


def after_silence(order: Order, now: int) -> Again | Closed:
    """Soon at first, because somebody waits before a page; never after the grant is worth nothing (pure)."""
    due_at = now + min(2**order.tries, LONGEST_PAUSE)
    return Closed(UNANSWERED) if due_at > order.asked_at + LIFETIME else Again(due_at)


class Orders:
    """``take`` moves ``due_at`` on by a conditional UPDATE, so that of several processes one has the order."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def take(self, now: int) -> list[Order]:
        due = select(admissions).where(admissions.c.finished_at.is_(None), admissions.c.due_at <= now)
        with self._store.reading() as connection:
            rows = connection.execute(due.order_by(admissions.c.due_at).limit(MOST)).all()
        taken = []
        for row in rows:
            with self._store.writing() as connection:
                if _is_ours(connection, row.id, row.due_at, now):
                    mac = Mac(row.mac)
                    taken.append(Order(row.id, row.grant_id, row.nas, mac, row.place, row.asked_at, row.tries))
        return taken

    def entering(self, nas: str) -> set[Mac]:
        """Whoever is being let in, by any process."""
        query = select(admissions.c.mac).where(admissions.c.nas == nas, admissions.c.finished_at.is_(None))
        with self._store.reading() as connection:
            return {Mac(digits) for digits in connection.execute(query).scalars()}

    def note(self, order: Order, step: Again | Closed, now: int) -> None:
        values = {"tries": order.tries + 1}
        if isinstance(step, Again):
            more: dict[str, int | str] = {"due_at": step.due_at}
        else:
            more = {"finished_at": now, "outcome": step.outcome}
        with self._store.writing() as connection:
            connection.execute(update(admissions).where(admissions.c.id == order.id).values(**values, **more))


def _is_ours(connection: Connection, order: int, due_at: int, now: int) -> bool:
    unmoved = (admissions.c.id == order, admissions.c.due_at == due_at, admissions.c.finished_at.is_(None))
    return connection.execute(update(admissions).where(*unmoved).values(due_at=now + LEASE)).rowcount == 1
