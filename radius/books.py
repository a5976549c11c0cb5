"""One batch of work, one transaction: what it answers is true only when the database has it on disk."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, case, func, select, update
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from hotspot.clock import Clock
from hotspot.command import OperatorError
from hotspot.log import event
from hotspot.store import Store
from hotspot.tables import journals, nas_facts, pseudonym_keys
from radius.event import Boot, SignOfLife, Step
from radius.ledger import Booked, Ledger
from radius.login import Accepted, Login, Refused
from radius.measures import Measures
from radius.pseudonyms import Pseudonyms
from radius.redemption import Redemption
from radius.refusals import Refusal
from radius.seldom import Seldom
from radius.upsert import Insert, dialect_insert, insert_if_absent

_log = logging.getLogger(__name__)
_TRIES = 3  # another process may have written the same new row first


class DatabaseAway(Exception):
    """Nothing can be written now; what was asked for may be tried again later."""


@dataclass(frozen=True, slots=True)
class Probe:
    """Nothing to write down, only the question whether a commit works."""


@dataclass(frozen=True, slots=True)
class Done:
    """It is on disk."""


@dataclass(frozen=True, slots=True)
class Undone:
    """It is not, and must not be acknowledged. ``away``: because the database took nothing at all."""

    away: bool = False


@dataclass(frozen=True, slots=True)
class Seal:
    """A NAS sealed an Access-Request, which ``auto`` remembers for good."""

    nas: str
    at: int


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a journal is applied."""

    journal: str
    applied_to: int


Work = Login | Refusal | Step | Boot | SignOfLife | Seal | Probe
Outcome = Accepted | Refused | Done | Undone


class Books:
    """The only place where RADIUS writes; one thread at a time, the writing one or the one that applies a journal."""

    def __init__(
        self,
        store: Store,
        *,
        ledger: Ledger,
        redemption: Redemption,
        pseudonyms: Pseudonyms,
        clock: Clock,
        measures: Measures,
        meet: Callable[[], None] | None = None,
    ) -> None:
        """``meet`` is called before the first transaction; with OperatorError it says that there must be none yet."""
        self._store = store
        self._meet = meet
        self._ledger = ledger
        self._redemption = redemption
        self._pseudonyms = pseudonyms
        self._clock = clock
        self._measures = measures
        self._away = False
        self._seldom = Seldom()
        self._lock = threading.RLock()

    def commit(self, batch: Sequence[Work]) -> list[Outcome]:
        """An outcome for each piece of work; one that the database cannot take does not hold up the others."""
        with self._lock:
            try:
                return self.apply(batch)
            except DatabaseAway:
                return [Undone(away=True)] * len(batch)
            except Exception as error:  # noqa: BLE001 - one packet's bug must not silence every other NAS
                return self._one_by_one(batch, error)

    def apply(self, batch: Sequence[Work], mark: Mark | None = None) -> list[Outcome]:
        """All of it and its mark in one transaction, or an exception and nothing."""
        with self._lock, self._noting():
            return self._tried(batch, mark)

    def applied_to(self, journal: str) -> int | None:
        """How far an earlier process had applied a journal."""
        query = select(journals.c.applied_to).where(journals.c.name == journal)
        with self._lock, self._noting(), self._store.reading() as connection:
            return connection.execute(query).scalar_one_or_none()

    def adopt(self, ledger: Ledger, redemption: Redemption, pseudonyms: Pseudonyms) -> None:
        """Go on by other rules, from the next batch on."""
        with self._lock:
            self._ledger, self._redemption, self._pseudonyms = ledger, redemption, pseudonyms

    @contextmanager
    def _noting(self) -> Iterator[None]:
        """Tell apart what the database will not take from a database that takes nothing."""
        try:
            if self._meet is not None:
                self._meet()
                self._meet = None
            yield
        except (DataError, IntegrityError):
            raise
        except (DBAPIError, OSError, OperatorError) as error:  # OSError: the keys' folder cannot be read or written
            self._note_away(error)
            raise DatabaseAway from error
        self._note_back()

    def _tried(self, batch: Sequence[Work], mark: Mark | None) -> list[Outcome]:
        for attempt in range(1, _TRIES + 1):
            try:
                return self._transaction(batch, mark)
            except IntegrityError:
                if attempt == _TRIES:
                    raise
        raise AssertionError

    def _transaction(self, batch: Sequence[Work], mark: Mark | None) -> list[Outcome]:
        began = time.perf_counter()
        now = self._clock.now()
        self._pseudonyms.begin()
        with self._store.writing() as connection:
            logins = [work for work in batch if isinstance(work, Login)]
            seen = [work for work in batch if isinstance(work, Refusal)]
            decided = iter(self._redemption.redeem(connection, logins, now, seen))
            outcomes: list[Outcome] = [next(decided) if isinstance(work, Login) else Done() for work in batch]
            steps = [work for work in batch if isinstance(work, Step)]
            booked = self._ledger.book(connection, steps, now) if steps else Booked()
            _write_births(connection, self._pseudonyms.births, int(now))
            _write_nas_facts(connection, batch, int(now))
            if mark is not None:
                _write_mark(connection, mark, int(now))
        self._pseudonyms.written()
        self._measures.committed(time.perf_counter() - began, booked)
        for nas in booked.unknown:
            if self._seldom.is_due(nas, time.monotonic()):
                event(_log, logging.WARNING, "a NAS reports a session that rests on no grant of ours", nas=nas)
        return outcomes

    def _one_by_one(self, batch: Sequence[Work], error: Exception) -> list[Outcome]:
        if len(batch) > 1:
            return [outcome for work in batch for outcome in self.commit([work])]
        kind = type(batch[0]).__name__.lower()
        _log.error("a %s could not be booked and stays unanswered", kind, exc_info=error)
        return [Undone()]

    def _note_away(self, error: DBAPIError | OSError | OperatorError) -> None:
        if not self._away:
            cause = error.orig if isinstance(error, DBAPIError) else error
            kind = "" if isinstance(error, OperatorError) else f"{type(cause).__name__}: "
            reason = f"{kind}{cause}".partition("\n")[0]
            told = "the database is away; accounting is kept in the journal, and logins get no answer"
            event(_log, logging.ERROR, told, reason=reason)
        self._away = True

    def _note_back(self) -> None:
        if self._away:
            event(_log, logging.INFO, "the database is back")
        self._away = False


def _write_births(connection: Connection, births: dict[str, str], now: int) -> None:
    rows = [{"period": period, "commitment": proof, "born_at": now} for period, proof in sorted(births.items())]
    insert_if_absent(connection, pseudonym_keys, rows)


def _write_nas_facts(connection: Connection, batch: Sequence[Work], now: int) -> None:
    """When each NAS was last heard and last booted, which only move forward, and since when it is known to seal."""
    facts: dict[str, dict[str, Any]] = {}
    for work in batch:
        if isinstance(work, Probe):
            continue
        fact = facts.setdefault(work.nas, {"nas": work.nas, "boot_at": None, "heard_at": 0, "sealed_at": None})
        fact["heard_at"] = max(fact["heard_at"], _heard_at(work, now))
        if isinstance(work, Boot):
            fact["boot_at"] = max(work.at, fact["boot_at"] or work.at)
        if isinstance(work, Seal):
            fact["sealed_at"] = work.at
    if facts:
        connection.execute(_upsert_nas_facts(connection.dialect.name), [facts[nas] for nas in sorted(facts)])
    else:
        connection.execute(update(nas_facts).values(heard_at=nas_facts.c.heard_at))


def _heard_at(work: Login | Refusal | Step | Boot | SignOfLife | Seal, now: int) -> int:
    """What a journal kept was heard when it came, not when it is booked."""
    if isinstance(work, Step):
        return work.received_at
    return now if isinstance(work, Login) else min(work.at, now)


def _write_mark(connection: Connection, mark: Mark, now: int) -> None:
    facts = {"applied_to": mark.applied_to, "changed_at": now}
    told = dialect_insert(connection.dialect.name, journals).values(name=mark.journal, **facts)
    connection.execute(told.on_conflict_do_update(index_elements=[journals.c.name], set_=facts))


@lru_cache
def _upsert_nas_facts(dialect: str) -> Insert:
    told = dialect_insert(dialect, nas_facts)
    have, new = nas_facts.c, told.excluded
    later_boot = case(
        (new.boot_at.is_(None), have.boot_at),
        (have.boot_at > new.boot_at, have.boot_at),
        else_=new.boot_at,
    )
    heard_at = case((have.heard_at > new.heard_at, have.heard_at), else_=new.heard_at)
    sealed_at = func.coalesce(have.sealed_at, new.sealed_at)
    facts = {"boot_at": later_boot, "heard_at": heard_at, "sealed_at": sealed_at}
    return told.on_conflict_do_update(index_elements=[have.nas], set_=facts)


def sealing_nases(store: Store) -> frozenset[str]:
    """The NASes that have been known to seal their Access-Requests."""
    with store.reading() as connection:
        return frozenset(
            connection.execute(select(nas_facts.c.nas).where(nas_facts.c.sealed_at.is_not(None))).scalars()
        )
