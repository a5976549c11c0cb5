"""Keeps the sessions: admits, reads all counters in one batch, ends what met its limit, and tells of each step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from gateway.accounting import Record, Who, going_on, started, stopped
from gateway.admission import FIRST_MARK, LAST_MARK, Enforcer, Octets
from gateway.book import Book
from gateway.session import Address, Cause, Session, begun_anew, counted, is_due, is_over
from hotspot.allowance import Limits
from hotspot.clock import Clock
from hotspot.mac import Mac


@dataclass(frozen=True)
class Newcomer:
    """A client that may pass, as RADIUS (or, in its absence, the site's policy: not ``by_radius``) allowed."""

    mac: Mac
    addresses: tuple[Address, ...]
    user: str
    classes: tuple[str, ...]
    limits: Limits
    by_radius: bool = True


def who(session: Session) -> Who:
    """Of whom RADIUS is told."""
    return Who(
        session=session.id,
        user=session.user_name,
        mac=session.mac,
        addresses=session.addresses,
        classes=session.classes,
        by_radius=session.by_radius,
    )


class Tell(Protocol):
    """Keeps reports for RADIUS; all of one call are on disk together when it returns."""

    def __call__(self, *records: Record) -> object: ...


class Keeper:
    """The one holder of sessions; everything it does is finished when the call returns."""

    def __init__(self, enforcer: Enforcer, book: Book, clock: Clock, tell: Tell) -> None:
        self._enforcer = enforcer
        self._book = book
        self._clock = clock
        self._tell = tell
        self._sessions: dict[Mac, Session] = {}
        self._last_mark = FIRST_MARK - 1

    @property
    def sessions(self) -> Sequence[Session]:
        return tuple(self._sessions.values())

    def of(self, mac: Mac) -> Session | None:
        return self._sessions.get(mac)

    def restore(self) -> int:
        """Take up the sessions on disk; after a reboot the kernel learns them anew, after a restart it still has them.

        What the kernel lets through and the disk does not know is cut: nobody would count it.
        """
        page = self._book.read()
        self._sessions = {session.mac: session for session in page.sessions}
        self._last_mark = page.last_mark
        self._enforcer.install()
        kept = self._enforcer.counters()
        self._sessions |= {s.mac: begun_anew(s) for s in page.sessions if s.mark not in kept}
        self._enforcer.cut(set(kept) - {session.mark for session in page.sessions})
        self.renew()
        return len(page.sessions)

    def renew(self) -> None:
        """Tell the kernel of everyone again."""
        now = self._clock.now()
        self._enforcer.admit([session.admission(now) for session in self.sessions])

    def admit(self, newcomers: Iterable[Newcomer]) -> list[Session]:
        """Let clients through in one batch. A client that came twice with the same name keeps its session."""
        now = self._clock.now()
        asked = list(newcomers)
        replaced = [s for n in asked if (s := self.of(n.mac)) is not None and s.user_name != n.user]
        self.stop(replaced, Cause.USER_REQUEST)
        fresh: list[Session] = []
        for newcomer in asked:
            if newcomer.mac not in self._sessions:
                session = self._begin(newcomer, now)
                self._sessions[newcomer.mac] = session
                fresh.append(session)
        if fresh:
            self._write()
            self._enter(fresh, now)
            self._tell(*(started(who(session), int(now)) for session in fresh))
        return [self._sessions[newcomer.mac] for newcomer in asked]

    def change(self, session: Session, limits: Limits) -> Session:
        """New limits in flight (RFC 5176 CoA); the clock of the stay goes on."""
        changed = self._sessions[session.mac] = replace(session, limits=limits)
        self._write()
        self._enforcer.admit([changed.admission(self._clock.now())])
        return changed

    def move(self, addresses: Mapping[Mac, tuple[Address, ...]]) -> None:
        """Clients take further addresses (a phone makes itself several of IPv6); the kernel hears of those that did."""
        now = self._clock.now()
        moved = [
            replace(session, addresses=addresses[session.mac])
            for session in self.sessions
            if set(addresses.get(session.mac, ())) - set(session.addresses)
        ]
        if not moved:
            return
        self._sessions |= {session.mac: session for session in moved}
        self._write()
        self._enforcer.admit([session.admission(now) for session in moved])

    def cycle(self) -> None:
        """Read everyone's counters; end what is over, report what is due."""
        if not self._sessions:
            return
        self.count()
        now = self._clock.now()
        for cause in Cause:
            self.stop([session for session in self.sessions if is_over(session, now) is cause], cause)
        due = [replace(session, told_at=now) for session in self.sessions if is_due(session, now)]
        self._sessions |= {session.mac: session for session in due}
        if due:
            self._tell(*(going_on(who(session), int(now), _seconds(session, now), session.total) for session in due))
        self._write()

    def count(self) -> None:
        """What everyone has used until now."""
        self._take(self._enforcer.counters())

    def is_any_over(self) -> bool:
        """Whether a stay's time is up, asked between the cycles without a word to the kernel."""
        now = self._clock.now()
        return any(now >= session.ends_at for session in self._sessions.values())

    def stop(self, sessions: Sequence[Session], cause: Cause) -> None:
        """Cut clients at once, established flows too, and report what they had used until then."""
        if not sessions:
            return
        self._take(self._enforcer.cut([session.mark for session in sessions]))
        now = self._clock.now()
        ended = [self._sessions.pop(session.mac) for session in sessions]
        self._tell(*(stopped(who(last), int(now), _seconds(last, now), last.total, cause) for last in ended))
        self._write()  # only now: who dies in between reports the same end twice, which is harmless

    def leave(self) -> None:
        """End every stay and leave nothing in the kernel or on disk."""
        self.stop(self.sessions, Cause.ADMIN_RESET)
        self._enforcer.remove()
        self._book.remove()

    def _take(self, readings: Mapping[int, Octets]) -> None:
        now = self._clock.now()
        for session in self.sessions:
            if (reading := readings.get(session.mark)) is not None and reading != session.kernel:
                self._sessions[session.mac] = counted(session, reading, now)

    def _enter(self, fresh: Sequence[Session], now: float) -> None:
        """Whom the kernel does not let in is not online."""
        try:
            self._enforcer.admit([session.admission(now) for session in fresh])
        except Exception:
            for session in fresh:
                del self._sessions[session.mac]
            self._write()
            raise

    def _begin(self, newcomer: Newcomer, now: float) -> Session:
        mark = self._next_mark()
        return Session(
            id=f"{int(now):08x}{mark:04x}",
            mark=mark,
            mac=newcomer.mac,
            addresses=newcomer.addresses,
            user_name=newcomer.user,
            classes=newcomer.classes,
            limits=newcomer.limits,
            started_at=now,
            told_at=now,
            active_at=now,
            by_radius=newcomer.by_radius,
        )

    def _next_mark(self) -> int:
        taken = {session.mark for session in self._sessions.values()}
        mark = self._last_mark
        while True:
            mark = mark + 1 if mark < LAST_MARK else FIRST_MARK
            if mark not in taken:
                self._last_mark = mark
                return mark

    def _write(self) -> None:
        self._book.write(self.sessions, self._last_mark)


def _seconds(session: Session, now: float) -> int:
    return max(0, int(now) - int(session.started_at))
