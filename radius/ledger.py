"""The book of sessions in SQL: a batch of reports merged into its rows, every new octet credited to its hour, once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, case, select

from hotspot.among import among
from hotspot.grants import is_grant_id
from hotspot.mac import Mac
from hotspot.sites import Sites
from hotspot.tables import frozen_months, reservations, sessions, usage_hours
from radius.accounting import FIXED, Promise, Stay, begin, merge, stay_of
from radius.bulk import insert_rows, update_rows
from radius.event import BY_ITSELF, MOST, Step
from radius.moments import moment
from radius.pseudonyms import Pseudonyms
from radius.upsert import Insert, dialect_insert

_KEYS = ("uid", "generation")
_NEVER = {*_KEYS, "nas", "site", "acct_session_id", "interim", "first_received_at", "scrubbed_at"}
_COUNTED = ("counted_input", "counted_output")
_MOVING = (*Stay._fields[FIXED:], *_COUNTED)
_CHANGING = tuple(name for name in Stay._fields if name not in _NEVER)


class Credit(NamedTuple):
    """Where octets are booked: ``corrects`` is the frozen month that they came too late for, or empty."""

    site: str
    nas: str
    hour: int
    corrects: str


@dataclass
class Booked:
    """What a batch changed, for the metrics: octets by site and direction as the client sees them.

    ``unknown``: NASes whose new sessions rest on no promise of ours, and that did not let them in by themselves.
    """

    upload: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    download: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    unknown: Counter[str] = field(default_factory=Counter)


class _Page:
    """The rows that a batch touches, while it is worked on."""

    def __init__(self, stored: Iterable[Stay]) -> None:
        self.stays: defaultdict[str, dict[int, Stay]] = defaultdict(dict)
        self.stored: dict[tuple[str, int], Stay] = {}
        self.touched: dict[tuple[str, int], None] = {}
        self.credits: defaultdict[Credit, list[int]] = defaultdict(lambda: [0, 0])
        self.unknown: Counter[str] = Counter()
        for stay in stored:
            self.stays[stay.uid][stay.generation] = stay
            self.stored[stay.uid, stay.generation] = stay

    def knows_promise(self, uids: tuple[str, ...], step: Step) -> bool:
        """A session that our Class names has one promise, and a way once that was found."""
        return step.class_token is not None and any(
            stay.way is not None for stay in self.stays.get(uids[0], {}).values()
        )

    def keep(self, stay: Stay) -> None:
        self.stays[stay.uid][stay.generation] = stay
        self.touched[stay.uid, stay.generation] = None

    def add(self, credit: Credit, before: Stay | None, after: Stay) -> None:
        sums = self.credits[credit]
        sums[0] += after.input_octets - (before.input_octets if before else 0)
        sums[1] += after.output_octets - (before.output_octets if before else 0)


class Ledger:
    """Books reports inside the caller's transaction; nothing it says is true before that is committed."""

    def __init__(self, sites: Sites, pseudonyms: Pseudonyms) -> None:
        self._sites = sites
        self._zone = sites.timezone
        self._pseudonyms = pseudonyms

    def book(self, connection: Connection, steps: Sequence[Step], now: float) -> Booked:
        keyed = [(self._pseudonyms.uids(step), step) for step in steps]
        page = _Page(_sessions_under(connection, {uid for uids, _ in keyed for uid in uids}))
        promised = _reservations(connection, [step for uids, step in keyed if not page.knows_promise(uids, step)])
        frozen = _frozen(connection, {moment(step.at, self._zone).month for step in steps})
        for uids, step in keyed:
            self._book_one(page, uids, step, _promise_of(promised, step), self._credit(step, frozen, now))
        self._write(connection, page)
        _start_reservations(connection, steps, promised, now)
        return _sum(page)

    def _book_one(
        self, page: _Page, uids: tuple[str, ...], step: Step, promise: Row[Any] | None, credit: Credit
    ) -> None:
        uid = next((uid for uid in uids if uid in page.stays), uids[0])
        mine = promise if promise is not None and promise.nas == step.nas else None
        if mine is not None and step.mac is None:
            step = replace(step, mac=Mac(mine.mac))
        known = page.stays[uid]
        before = stay_of(list(known.values()), step)
        background = self._background(mine, step.site)
        if before is None:
            after = begin(uid, max(known, default=-1) + 1, step, background)
            page.unknown[step.nas] += int(mine is None and step.authentic != BY_ITSELF)
        else:
            after = merge(before, step, background)
        page.keep(self._with_device(after, before))
        page.add(credit, before, after)

    def _background(self, promise: Row[Any] | None, site: str) -> Promise:
        if promise is None:
            return Promise(self._sites.policy_of(self._sites.site[site]).interim)
        return Promise(promise.interim, promise.grant_id, promise.way, promise.client)

    def _with_device(self, after: Stay, before: Stay | None) -> Stay:
        """The token of the local day on which the session began; kept as it is once its day's key may be gone.

        Where neither Class nor name led to a promise, the MAC alone is who is counted.
        """
        if after.mac is None:
            return after
        mac = Mac(after.mac)
        if after.client is None and after.scrubbed_at is None:
            after = after._replace(client=self._pseudonyms.client(mac))
        if before is not None and self._same_device(before, after):
            return after
        return after._replace(device_day=self._pseudonyms.device_day(mac, after.started_at))

    def _same_device(self, before: Stay, after: Stay) -> bool:
        if before.started_at == after.started_at:
            return before.mac == after.mac
        days = {moment(stay.started_at, self._zone).day for stay in (before, after)}
        return before.mac == after.mac and len(days) == 1

    def _credit(self, step: Step, frozen: frozenset[str], now: float) -> Credit:
        """The hour of the report that first brought the octets; a frozen month's come into the running hour."""
        told = moment(step.at, self._zone)
        if told.month in frozen:
            return Credit(step.site, step.nas, moment(now, self._zone).hour, told.month)
        return Credit(step.site, step.nas, told.hour, "")

    def _write(self, connection: Connection, page: _Page) -> None:
        """Most reports change what moves and nothing else."""
        changed = [
            (page.stays[uid][generation], page.stored.get((uid, generation))) for uid, generation in page.touched
        ]
        new = [(*stay, *_counted(stay)) for stay, before in changed if before is None]
        old = [(stay, before) for stay, before in changed if before is not None and stay != before]
        moved = [(*stay[:2], *stay[FIXED:], *_counted(stay)) for stay, before in old if stay[:FIXED] == before[:FIXED]]
        others = [stay for stay, before in old if stay[:FIXED] != before[:FIXED]]
        insert_rows(connection, sessions, (*Stay._fields, *_COUNTED), sorted(new))
        update_rows(connection, sessions, _KEYS, _MOVING, sorted(moved))
        update_rows(connection, sessions, _KEYS, (*_CHANGING, *_COUNTED), sorted(map(_update_row, others)))
        _credit_usage(connection, page.credits)


def _counted(stay: Stay) -> tuple[int, int]:
    return stay.input_octets, stay.output_octets


def _update_row(stay: Stay) -> tuple[Any, ...]:
    return (*stay[:2], *(getattr(stay, name) for name in _CHANGING), *_counted(stay))


def _sessions_under(connection: Connection, uids: set[str]) -> Iterable[Stay]:
    """Locked where rows can be locked, in one order, so that two processes wait for each other instead of both."""
    return map(Stay._make, connection.execute(_SESSIONS, {"uids": uids}))


def _reservations(connection: Connection, steps: Sequence[Step]) -> dict[str, Row[Any]]:
    """By Class and, for NASes that do not give it back (UniFi), by the grant that is the user's name."""
    tokens = {step.class_token for step in steps if step.class_token}
    names = {step.user_name for step in steps if step.class_token is None and is_grant_id(step.user_name or "")}
    found: dict[str, Row[Any]] = {}
    for query, words, key in ((_BY_TOKEN, tokens, "class_token"), (_BY_GRANT, names, "grant_id")):
        if words:
            found |= {getattr(row, key): row for row in connection.execute(query, {"words": words})}
    return found


def _promise_of(promised: Mapping[str, Row[Any]], step: Step) -> Row[Any] | None:
    return promised.get(step.class_token or step.user_name or "")


def _frozen(connection: Connection, months: set[str]) -> frozenset[str]:
    return frozenset(connection.execute(_FROZEN, {"months": months}).scalars())


def _start_reservations(
    connection: Connection, steps: Sequence[Step], promised: Mapping[str, Row[Any]], now: float
) -> None:
    """The first report of a session ends the wait for it; a grant can be redeemed again for a minute after that."""
    heard = {(row.class_token, step.nas) for step in steps if (row := _promise_of(promised, step)) is not None}
    waiting = {
        row.class_token for row in promised.values() if row.started_at is None and (row.class_token, row.nas) in heard
    }
    if waiting:
        update_rows(
            connection, reservations, ("class_token",), ("started_at",), [(t, int(now)) for t in sorted(waiting)]
        )


def _credit_usage(connection: Connection, credits_: Mapping[Credit, list[int]]) -> None:
    rows = [
        {**credit._asdict(), "input_octets": min(up, MOST), "output_octets": min(down, MOST)}
        for credit, (up, down) in sorted(credits_.items())
        if up or down
    ]
    if rows:
        connection.execute(_add_usage(connection.dialect.name), rows)


@lru_cache
def _add_usage(dialect: str) -> Insert:
    added = dialect_insert(dialect, usage_hours)
    have, more = usage_hours.c, added.excluded
    sums = {name: _sum_of(have[name], more[name]) for name in ("input_octets", "output_octets")}
    keys = [have.site, have.nas, have.hour, have.corrects]
    return added.on_conflict_do_update(index_elements=keys, set_=sums)


def _sum_of(have: ColumnElement[int], more: ColumnElement[int]) -> ColumnElement[int]:
    """One NAS that counts nonsense must not stop its site's other reports: PostgreSQL refuses a sum that overflows."""
    return case((have > MOST - more, MOST), else_=have + more)


def _sum(page: _Page) -> Booked:
    booked = Booked(unknown=+page.unknown)
    for credit, (up, down) in page.credits.items():
        booked.upload[credit.site] += up
        booked.download[credit.site] += down
    return booked


# Built once: making a statement anew costs more than asking the database.
_SESSIONS = (
    select(*(sessions.c[name] for name in Stay._fields))
    .where(among(sessions.c.uid, "uids"))
    .order_by(sessions.c.uid, sessions.c.generation)
    .with_for_update()
)
_BY_TOKEN = select(reservations).where(among(reservations.c.class_token, "words"))
_BY_GRANT = select(reservations).where(among(reservations.c.grant_id, "words"))
_FROZEN = select(frozen_months.c.month).where(among(frozen_months.c.month, "months"))
