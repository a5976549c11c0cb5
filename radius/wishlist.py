"""The rows of ``wishes`` as work: which are due, whose they are now, and how each went on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, case, select, update

from hotspot import presence, standing
from hotspot.allowance import Limits
from hotspot.clock import day_bounds, local_day
from hotspot.doors import doors
from hotspot.mac import Mac
from hotspot.policy import policy_now
from hotspot.session import Facts, State, state
from hotspot.sites import Sites
from hotspot.store import Store
from hotspot.tables import nas_facts, reservations, sessions, wishes
from hotspot.wishes import EXTEND, Act, Outcome
from radius.changes import SoFar, Target
from radius.fulfilment import Finish, Later, Life, Wish
from radius.overuse import limits_left

LEASE = 60  # seconds for which a wish is ours once it is taken; who dies with it leaves it to others then
MOST = 64  # taken at a time

_OVER = frozenset({State.STOPPED, State.REBOOTED, State.GONE})


@dataclass(frozen=True, slots=True)
class Case:
    """A wish that was taken, with its session as the books and as its NAS know it."""

    wish: Wish
    life: Life
    nas: str
    site: str
    target: Target
    so_far: SoFar
    limits: Limits


class Wishlist:
    """``take`` moves ``due_at`` on by a conditional UPDATE, so that of several processes one has the wish."""

    def __init__(self, store: Store, sites: Sites) -> None:
        self._store = store
        self._sites = sites

    def adopt(self, sites: Sites) -> None:
        """Go on by what sites.yaml says now."""
        self._sites = sites

    def take(self, now: int) -> list[Case]:
        due = select(wishes).where(wishes.c.finished_at.is_(None), wishes.c.due_at <= now)
        with self._store.reading() as connection:
            rows = connection.execute(due.order_by(wishes.c.due_at).limit(MOST)).all()
        return [taken for row in rows if (taken := self._take_one(row, now)) is not None]

    def note(self, wish: Wish, session: int, step: Later | Finish, now: int) -> None:
        with self._store.writing() as connection:
            connection.execute(update(wishes).where(wishes.c.id == wish.id).values(_values(step, now)))
            if isinstance(step, Finish) and step.outcome is Outcome.GONE:
                _close(connection, session, now)
            if isinstance(step, Finish) and step.outcome is Outcome.DONE and wish.reason == EXTEND:
                self._promise_more(connection, session, now)

    def _promise_more(self, connection: Connection, session: int, now: int) -> None:
        """The NAS has taken it up; the promise behind the session now ends when the NAS will end it."""
        row = connection.execute(_SESSION.where(sessions.c.id == session)).one_or_none()
        if row is not None and row.site in self._sites.site:
            more = now + self._limits(connection, row, now, EXTEND).seconds
            its = reservations.c.class_token == row.class_token
            connection.execute(update(reservations).where(its).values(ends_at=more))

    def _take_one(self, row: Row[Any], now: int) -> Case | None:
        unmoved = (wishes.c.id == row.id, wishes.c.due_at == row.due_at, wishes.c.finished_at.is_(None))
        with self._store.writing() as connection:
            if connection.execute(update(wishes).where(*unmoved).values(due_at=now + LEASE)).rowcount != 1:
                return None
            session = connection.execute(_SESSION.where(sessions.c.id == row.session)).one_or_none()
            if session is None or session.site not in self._sites.site:
                over = Finish(Outcome.OVER, row.tries)
                connection.execute(update(wishes).where(wishes.c.id == row.id).values(_values(over, now)))
                return None
            return self._case(connection, row, session, now)

    def _case(self, connection: Connection, row: Row[Any], session: Row[Any], now: int) -> Case:
        facts = Facts(session.started_at, session.last_seen_at, session.stopped_at, session.interim, session.gone_at)
        octets = session.input_octets + session.output_octets
        return Case(
            wish=Wish(row.id, row.session, Act(row.act), row.reason, row.tries, row.acknowledged_at),
            life=Life(state(facts, session.boot_at, now) in _OVER, session.last_seen_at, session.interim),
            nas=session.nas,
            site=session.site,
            target=Target(
                session.user_name, session.acct_session_id, Mac(session.mac) if session.mac else None, session.address
            ),
            so_far=SoFar(max(0, now - session.started_at), octets),
            limits=self._limits(connection, session, now, row.reason),
        )

    def _limits(self, connection: Connection, session: Row[Any], now: int, reason: str) -> Limits:
        """As they were promised; or those of a new visit, where more time is wished for and the site stays open."""
        site, zone = self._sites.site[session.site], self._sites.timezone
        events = standing.events(connection, {site.id}, now).get(site.id, ())
        policy = policy_now(self._sites, site, events, now)
        used = presence.used_on(
            connection, session.client, session.way, day_bounds(local_day(session.started_at, zone), zone)
        )
        own = standing.own_of(connection, {session.client}).get(session.client) if session.way == "voucher" else None
        ends_at = session.ends_at or session.started_at + policy.visit.time
        gates = doors(site.hours.daily, events, now, zone)
        if reason == EXTEND and gates.are_open:
            ends_at = gates.until if own is None else min(gates.until, own.ends_at)
        return limits_left(policy, used, ends_at - now, own)


_SESSION = (
    select(sessions, nas_facts.c.boot_at, reservations.c.ends_at)
    .select_from(sessions)
    .outerjoin(nas_facts, nas_facts.c.nas == sessions.c.nas)
    .outerjoin(reservations, reservations.c.class_token == sessions.c.class_token)
)


def _values(step: Later | Finish, now: int) -> dict[str, Any]:
    if isinstance(step, Later):
        return {"due_at": step.due_at, "tries": step.tries, "acknowledged_at": step.acknowledged_at}
    return {
        "finished_at": now,
        "outcome": step.outcome.value,
        "tries": step.tries,
        "error_cause": step.error_cause,
    }


def _close(connection: Connection, session: int, now: int) -> None:
    """Its NAS's word is a fact of its own; whatever is reported of the session after that makes it void."""
    seen = sessions.c.last_seen_at
    gone_at = case((seen > now, seen), else_=now)
    connection.execute(update(sessions).where(sessions.c.id == session).values(gone_at=gone_at, changed_at=now))
