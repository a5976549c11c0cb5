"""hotspot-radius explain: why a phone, a grant or a session is or is not online, in words for a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, or_, select

from hotspot import clients, presence
from hotspot.command import OperatorError
from hotspot.mac import Mac
from hotspot.policy import Allow, Refuse, answer
from hotspot.secret import Secret
from hotspot.session import Facts, State, ended_at, state
from hotspot.sites import Sites
from hotspot.tables import (
    admissions,
    blocks,
    calendar,
    grants,
    nas_facts,
    refusals,
    remembered,
    reservations,
    sessions,
    wishes,
)
from radius.event import BY_ITSELF
from radius.why import CAUSES, Latest, Refusal, Stay, Tap, Wished, phrase, why

MOST = 10  # of each kind, the latest

_STATES = {
    State.OPEN: "online",
    State.STALE: "not heard of for so long that it counts as over",
    State.REBOOTED: "ended by a restart of its NAS",
    State.GONE: "over: its NAS knows it no more",
    State.STOPPED: "ended",
}


@dataclass(frozen=True)
class Subject:
    """What is known of whom is asked about."""

    macs: frozenset[str]
    clients: frozenset[str]
    grants: frozenset[str]
    sessions: frozenset[int]


class Explainer:
    """``at`` is the time of asking; everything is told in the places' own time."""

    def __init__(self, connection: Connection, sites: Sites, key: Secret, at: float) -> None:
        self._connection = connection
        self._sites = sites
        self._key = key
        self._at = at

    def lines(self, word: str) -> Iterator[str]:
        subject = self._subject(word)
        yield why(self._latest(subject), self._time)
        yield from self._about("Blocks", self._blocks(subject))
        yield from self._about("Remembered", self._remembered(subject))
        yield from self._about("Grants", self._grants(subject))
        yield from self._about("Let in by a controller", self._admissions(subject))
        yield from self._about("Sessions", self._sessions(subject))
        yield from self._about("Refused in the last day", self._refusals(subject))
        yield from self._about("If it tapped now", self._verdicts(subject))

    @staticmethod
    def _about(title: str, found: Iterator[str]) -> Iterator[str]:
        said = list(found)
        yield f"{title}:" if said else f"{title}: none"
        yield from (f"  {line}" for line in said)

    def _subject(self, word: str) -> Subject:
        """By MAC in any spelling, grant, the NAS's or our own number of a session, or a client's hash."""
        try:
            mac = Mac.parse(word)
        except ValueError:
            return self._by_name(word)
        found = {clients.of_mac(self._key, mac)}
        for table in (sessions, grants):
            query = select(table.c.client).where(table.c.mac == mac.digits, table.c.client.is_not(None))
            found |= set(self._connection.execute(query.distinct()).scalars())
        token = clients.memory_of(self._key, mac)
        owner = select(remembered.c.client).where(remembered.c.token == token)
        found |= set(self._connection.execute(owner).scalars())
        return Subject(frozenset({mac.digits}), frozenset(found), frozenset(), frozenset())

    def _by_name(self, word: str) -> Subject:
        its: list[ColumnElement[bool]] = [
            sessions.c.grant_id == word, sessions.c.acct_session_id == word, sessions.c.client == word,
        ]  # fmt: skip
        if word.isdigit() and len(word) < 19:
            its.append(sessions.c.id == int(word))
        stays = self._rows(select(sessions).where(or_(*its)).order_by(sessions.c.started_at.desc()))
        minted = self._rows(select(grants).where(or_(grants.c.id == word, grants.c.client == word)))
        if not stays and not minted:
            raise OperatorError(
                f"no session, grant or client {word!r} is known; a MAC is written like 02:11:22:aa:bb:cc, and what is "
                f"older than a day has no name any more"
            )
        rows = [*stays, *minted]
        return Subject(
            macs=frozenset(row.mac for row in rows if row.mac),
            clients=frozenset(row.client for row in rows if row.client),
            grants=frozenset(row.id for row in minted),
            sessions=frozenset(row.id for row in stays),
        )

    def _blocks(self, subject: Subject) -> Iterator[str]:
        for row in self._rows(select(blocks).where(blocks.c.client.in_(subject.clients)).order_by(blocks.c.since)):
            if row.lifted_at is not None:
                end = f"lifted {self._time(row.lifted_at)} by {row.lifted_by}"
            else:
                end = "until it is lifted" if row.until is None else f"until {self._time(row.until)}"
            yield f"{row.kind} {row.label!r} since {self._time(row.since)}, {end}: {row.reason}"

    def _remembered(self, subject: Subject) -> Iterator[str]:
        tokens = [clients.memory_of(self._key, Mac(mac)) for mac in subject.macs]
        for row in self._rows(select(remembered).where(remembered.c.token.in_(tokens))):
            if row.forgotten_at is not None:
                yield f"forgotten at its own wish {self._time(row.forgotten_at)}"
            else:
                over = "" if row.until > self._at else ", which is over"
                yield f"logs in by its MAC until {self._time(row.until)}{over}; it came in by {row.way}"

    def _grants(self, subject: Subject) -> Iterator[str]:
        its = or_(grants.c.mac.in_(subject.macs), grants.c.id.in_(subject.grants), grants.c.client.in_(subject.clients))
        joined = grants.outerjoin(reservations, reservations.c.grant_id == grants.c.id)
        promise = (reservations.c.reserved_at, reservations.c.started_at, reservations.c.ends_at)
        query = select(grants, *promise).select_from(joined).where(its).order_by(grants.c.minted_at.desc())
        for row in self._rows(query):
            yield f"{self._time(row.minted_at)} by {row.way} at {row.nas}: {self._fate(row)}"

    def _fate(self, row: Row[Any]) -> str:
        if row.reserved_at is None:
            over = row.expires_at <= self._at
            return "its NAS never asked RADIUS for it" + (", and it is expired" if over else " yet")
        if row.started_at is None:
            return f"accepted {self._time(row.reserved_at)}, and its NAS reported no session"
        return f"accepted {self._time(row.reserved_at)}, promised until {self._time(row.ends_at)}"

    def _sessions(self, subject: Subject) -> Iterator[str]:
        its = or_(
            sessions.c.mac.in_(subject.macs),
            sessions.c.id.in_(subject.sessions),
            sessions.c.client.in_(subject.clients),
        )
        joined = sessions.outerjoin(nas_facts, nas_facts.c.nas == sessions.c.nas)
        query = select(sessions, nas_facts.c.boot_at).select_from(joined).where(its)
        for row in self._rows(query.order_by(sessions.c.started_at.desc())):
            yield self._stay(row)
            yield from (f"  {line}" for line in self._wishes(row.id))

    def _stay(self, row: Row[Any]) -> str:
        facts = Facts(row.started_at, row.last_seen_at, row.stopped_at, row.interim, row.gone_at)
        end = ended_at(facts, row.boot_at, self._at)
        what = _STATES[state(facts, row.boot_at, self._at)]
        cause = f" ({CAUSES.get(row.stop_cause, f'cause {row.stop_cause}')})" if row.stop_cause else ""
        until = f" {self._time(end)}" if end is not None else f", last heard {self._time(row.last_seen_at)}"
        local = ", let in by the NAS while RADIUS was away" if row.authentic == BY_ITSELF else ""
        promised = ", without a grant of ours" if row.grant_id is None and row.way is None and not local else ""
        data = (row.input_octets + row.output_octets) / 1e6
        return (
            f"{row.id}: {self._time(row.started_at)} at {row.nas}, {what}{until}{cause}, {row.seconds // 60} min, "
            f"{data:.1f} MB{local}{promised}"
        )

    def _wishes(self, session: int) -> Iterator[str]:
        for row in self._rows(select(wishes).where(wishes.c.session == session).order_by(wishes.c.asked_at)):
            fate = f"tried {row.tries} times so far" if row.outcome is None else row.outcome
            yield f"to {row.act} wished {self._time(row.asked_at)} by {row.asked_by} because of {row.reason}: {fate}"

    def _admissions(self, subject: Subject) -> Iterator[str]:
        its = or_(admissions.c.mac.in_(subject.macs), admissions.c.grant_id.in_(subject.grants))
        for row in self._rows(select(admissions).where(its).order_by(admissions.c.asked_at.desc())):
            yield f"{self._time(row.asked_at)} at {row.nas}: {row.outcome or f'asked {row.tries} times so far'}"

    def _latest(self, subject: Subject) -> Latest:
        stay, refusal, tap = self._last_stay(subject), self._last_refusal(subject), self._last_tap(subject)
        last = max((one for one in (stay, refusal, tap) if one is not None), key=lambda one: one.at, default=None)
        site = None if last is None or last.nas not in self._sites.nas else self._sites.nas[last.nas].site
        return Latest(stay, refusal, tap, self._refused_now(subject, site))

    def _refused_now(self, subject: Subject, site: str | None) -> str | None:
        """A block with its reason; or what the site where it was last says to a tap."""
        held = select(blocks).where(
            blocks.c.client.in_(subject.clients), blocks.c.lifted_at.is_(None), blocks.c.since <= int(self._at)
        )
        for row in self._rows(held.order_by(blocks.c.until.desc())):
            if row.until is None or row.until > self._at:
                end = "until it is lifted" if row.until is None else f"until {self._time(row.until)}"
                return f"It is blocked {end}: {row.reason}."
        if site is None or len(subject.macs) != 1:
            return None
        decided, event = self._decided(next(iter(subject.macs)), site)
        if isinstance(decided, Allow):
            return None
        again = "" if decided.until is None else f" until {self._time(decided.until)}"
        named = f" (calendar: {event})" if event else ""
        return f"A tap now would be refused: {phrase(decided.reason)}{again}{named}."

    def _last_stay(self, subject: Subject) -> Stay | None:
        its = or_(sessions.c.mac.in_(subject.macs), sessions.c.id.in_(subject.sessions))
        joined = sessions.outerjoin(nas_facts, nas_facts.c.nas == sessions.c.nas).outerjoin(
            reservations, reservations.c.class_token == sessions.c.class_token
        )
        query = select(sessions, nas_facts.c.boot_at, reservations.c.ends_at).select_from(joined).where(its)
        row = self._connection.execute(query.order_by(sessions.c.last_seen_at.desc()).limit(1)).one_or_none()
        if row is None:
            return None
        facts = Facts(row.started_at, row.last_seen_at, row.stopped_at, row.interim, row.gone_at)
        end = ended_at(facts, row.boot_at, self._at)
        what, at = state(facts, row.boot_at, self._at), row.started_at if end is None else end
        return Stay(at, row.nas, what, row.stop_cause, row.ends_at, self._last_wish(row.id))

    def _last_wish(self, session: int) -> Wished | None:
        query = select(wishes).where(wishes.c.session == session).order_by(wishes.c.id.desc()).limit(1)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else Wished(row.act, row.reason, row.outcome, row.tries)

    def _last_refusal(self, subject: Subject) -> Refusal | None:
        its = or_(refusals.c.mac.in_(subject.macs), refusals.c.grant_id.in_(subject.grants))
        query = select(refusals).where(its).order_by(refusals.c.refused_at.desc()).limit(1)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else Refusal(row.refused_at, row.nas, row.reason)

    def _last_tap(self, subject: Subject) -> Tap | None:
        its = or_(grants.c.mac.in_(subject.macs), grants.c.id.in_(subject.grants))
        joined = grants.outerjoin(reservations, reservations.c.grant_id == grants.c.id)
        joined = joined.outerjoin(admissions, admissions.c.grant_id == grants.c.id)
        columns = (reservations.c.reserved_at, admissions.c.outcome, admissions.c.id.label("admission"))
        query = select(grants, *columns).select_from(joined).where(its).order_by(grants.c.minted_at.desc()).limit(1)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return None
        accepted, waits = row.reserved_at is not None, row.expires_at > self._at
        return Tap(row.minted_at, row.nas, accepted, waits, row.admission is not None, row.outcome)

    def _refusals(self, subject: Subject) -> Iterator[str]:
        its = or_(
            refusals.c.mac.in_(subject.macs),
            refusals.c.client.in_(subject.clients),
            refusals.c.grant_id.in_(subject.grants),
        )
        for row in self._rows(select(refusals).where(its).order_by(refusals.c.refused_at.desc())):
            yield f"{self._time(row.refused_at)} at {row.nas}: {row.reason}" + (f" (by {row.way})" if row.way else "")

    def _verdicts(self, subject: Subject) -> Iterator[str]:
        for mac in sorted(subject.macs):
            for site in self._sites.sites:
                decided, event = self._decided(mac, site.id)
                under = f" (calendar: {event})" if event else ""
                if isinstance(decided, Allow):
                    limits = decided.limits
                    yield f"{site.id}: let in for {limits.seconds // 60} min, {limits.down / 1e6:g} Mbit/s down{under}"
                else:
                    again = "" if decided.until is None else f", until {self._time(decided.until)}"
                    yield f"{site.id}: refused, {decided.reason.value}{again}{under}"

    def _decided(self, mac: str, site: str) -> tuple[Allow | Refuse, str]:
        """What a site says to a tap now, and the event of the calendar that has a word in it."""
        device = clients.of_mac(self._key, Mac(mac))
        asking = presence.Asking(site, mac, device, "tap", device)
        ask = presence.facts(self._connection, self._sites, asking, self._at)
        running = [one.id for one in ask.events if one.covers(self._at)]
        labels = select(calendar.c.label).where(calendar.c.id.in_(running)).order_by(calendar.c.began_at)
        names = ", ".join(self._connection.execute(labels).scalars())
        return answer(self._sites, self._sites.site[site], ask), names

    def _rows(self, query: Any) -> Sequence[Row[Any]]:
        return self._connection.execute(query.limit(MOST)).all()

    def _time(self, at: int) -> str:
        return datetime.fromtimestamp(at, self._sites.timezone).strftime("%d %b %H:%M:%S")
