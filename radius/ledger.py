"""The book of sessions in SQL: a batch of reports merged into its rows, every new octet credited to its hour, once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, RowMapping, bindparam, case, insert, select, update

from hotspot.grants import is_grant_id
from hotspot.mac import Mac
from hotspot.sites import Sites
from hotspot.tables import frozen_months, reservations, sessions, usage_hours
from radius.accounting import Promise, Stay, begin, merge, stay_of
from radius.event import BY_ITSELF, MOST, Step
from radius.moments import moment
from radius.pseudonyms import Pseudonyms
from radius.upsert import dialect_insert

_FACTS = tuple(Stay.__dataclass_fields__)
_COLUMNS = [sessions.c[name] for name in _FACTS]
_FIXED = ("uid", "generation", "nas", "site", "acct_session_id", "first_received_at", "scrubbed_at")
_CHANGING = tuple(name for name in _FACTS if name not in _FIXED)


@dataclass(frozen=True, slots=True, order=True)
class Credit:
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

    def __init__(self, rows: Iterable[RowMapping]) -> None:
        self.stays: defaultdict[str, dict[int, Stay]] = defaultdict(dict)
        self.stored: dict[tuple[str, int], Stay] = {}
        self.touched: dict[tuple[str, int], None] = {}
        self.credits: defaultdict[Credit, list[int]] = defaultdict(lambda: [0, 0])
        self.unknown: Counter[str] = Counter()
        for row in rows:
            stay = Stay(**row)
            self.stays[stay.uid][stay.generation] = stay
            self.stored[stay.uid, stay.generation] = stay

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
        promised = _reservations(connection, steps)
        keyed = [(self._pseudonyms.uids(step), step) for step in steps]
        page = _Page(_sessions_under(connection, {uid for uids, _ in keyed for uid in uids}))
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
            after = replace(after, client=self._pseudonyms.client(mac))
        if before is not None and self._same_device(before, after):
            return after
        return replace(after, device_day=self._pseudonyms.device_day(mac, after.started_at))

    def _same_device(self, before: Stay, after: Stay) -> bool:
        days = {moment(stay.started_at, self._zone).day for stay in (before, after)}
        return before.mac == after.mac and len(days) == 1

    def _credit(self, step: Step, frozen: frozenset[str], now: float) -> Credit:
        """The hour of the report that first brought the octets; a frozen month's come into the running hour."""
        told = moment(step.at, self._zone)
        if told.month in frozen:
            return Credit(step.site, step.nas, moment(now, self._zone).hour, told.month)
        return Credit(step.site, step.nas, told.hour, "")

    def _write(self, connection: Connection, page: _Page) -> None:
        changed = [page.stays[uid][generation] for uid, generation in sorted(page.touched)]
        new = [_row(stay) for stay in changed if (stay.uid, stay.generation) not in page.stored]
        old = [_update_row(stay) for stay in changed if (stay.uid, stay.generation) in page.stored]
        if new:
            connection.execute(insert(sessions), new)
        if old:
            connection.execute(_UPDATE, old)
        _credit_usage(connection, page.credits)


_UPDATE = (
    update(sessions)
    .where(sessions.c.uid == bindparam("at_uid"), sessions.c.generation == bindparam("at_generation"))
    .values({name: bindparam(name) for name in (*_CHANGING, "counted_input", "counted_output")})
)


def _row(stay: Stay) -> dict[str, Any]:
    row = {name: getattr(stay, name) for name in _FACTS}
    return {**row, "counted_input": stay.input_octets, "counted_output": stay.output_octets}


def _update_row(stay: Stay) -> dict[str, Any]:
    row = {name: getattr(stay, name) for name in _CHANGING}
    counted = {"counted_input": stay.input_octets, "counted_output": stay.output_octets}
    return {**row, **counted, "at_uid": stay.uid, "at_generation": stay.generation}


def _sessions_under(connection: Connection, uids: set[str]) -> Iterable[RowMapping]:
    """Locked where rows can be locked, in one order, so that two processes wait for each other instead of both."""
    query = select(*_COLUMNS).where(sessions.c.uid.in_(uids)).order_by(sessions.c.uid, sessions.c.generation)
    return connection.execute(query.with_for_update()).mappings()


def _reservations(connection: Connection, steps: Sequence[Step]) -> dict[str, Row[Any]]:
    """By Class and, for NASes that do not give it back (UniFi), by the grant that is the user's name."""
    tokens = {step.class_token for step in steps if step.class_token}
    names = {step.user_name for step in steps if step.class_token is None and is_grant_id(step.user_name or "")}
    found: dict[str, Row[Any]] = {}
    for column, words in ((reservations.c.class_token, tokens), (reservations.c.grant_id, names)):
        if words:
            query = select(reservations).where(column.in_(sorted(word for word in words if word)))
            found |= {getattr(row, column.name): row for row in connection.execute(query)}
    return found


def _promise_of(promised: Mapping[str, Row[Any]], step: Step) -> Row[Any] | None:
    return promised.get(step.class_token or step.user_name or "")


def _frozen(connection: Connection, months: set[str]) -> frozenset[str]:
    query = select(frozen_months.c.month).where(frozen_months.c.month.in_(months))
    return frozenset(connection.execute(query).scalars())


def _start_reservations(
    connection: Connection, steps: Sequence[Step], promised: Mapping[str, Row[Any]], now: float
) -> None:
    """The first report of a session ends the wait for it; a grant can be redeemed again for a minute after that."""
    heard = {(row.class_token, step.nas) for step in steps if (row := _promise_of(promised, step)) is not None}
    waiting = {
        row.class_token for row in promised.values() if row.started_at is None and (row.class_token, row.nas) in heard
    }
    if waiting:
        started = update(reservations).where(reservations.c.class_token.in_(sorted(waiting)))
        connection.execute(started.values(started_at=int(now)))


def _credit_usage(connection: Connection, credits_: Mapping[Credit, list[int]]) -> None:
    rows = [
        {**asdict(credit), "input_octets": min(up, MOST), "output_octets": min(down, MOST)}
        for credit, (up, down) in sorted(credits_.items())
        if up or down
    ]
    if not rows:
        return
    added = dialect_insert(connection, usage_hours)
    have, more = usage_hours.c, added.excluded
    sums = {name: _sum_of(have[name], more[name]) for name in ("input_octets", "output_octets")}
    keys = [have.site, have.nas, have.hour, have.corrects]
    connection.execute(added.on_conflict_do_update(index_elements=keys, set_=sums), rows)


def _sum_of(have: ColumnElement[int], more: ColumnElement[int]) -> ColumnElement[int]:
    """One NAS that counts nonsense must not stop its site's other reports: PostgreSQL refuses a sum that overflows."""
    return case((have > MOST - more, MOST), else_=have + more)


def _sum(page: _Page) -> Booked:
    booked = Booked(unknown=+page.unknown)
    for credit, (up, down) in page.credits.items():
        booked.upload[credit.site] += up
        booked.download[credit.site] += down
    return booked
