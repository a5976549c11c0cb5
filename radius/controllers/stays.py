"""What a controller's list of clients means for our sessions: reports as a RADIUS NAS would send them (mostly pure)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import select

from hotspot.mac import Mac
from hotspot.store import Store
from hotspot.tables import reservations, sessions
from radius.controllers.kind import Seen
from radius.event import LONGEST_SESSION, Status, Step
from radius.login import Login

SESSION_TIMEOUT, ADMIN_RESET = 5, 6  # Acct-Terminate-Cause (RFC 2866 section 5.10)
GUEST = "guest"  # session id of whoever the controller let in by itself
EARLY = 90  # seconds before its end by which a controller that counts in minutes may have ended a visit

Key = tuple[str, str]  # session id and MAC, in memory only


@dataclass(frozen=True, slots=True)
class Stay:
    """A session of a controller's NAS that has not stopped."""

    session_id: str
    class_token: str | None
    user_name: str | None
    mac: Mac
    nas: str
    site: str
    started_at: int
    upload: int
    download: int
    ends_at: int

    @property
    def key(self) -> Key:
        """Strangers share one session id: a MAC in it would outlive the MACs."""
        return self.session_id, self.mac.digits


class Stays:
    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, nas: str, now: int) -> list[Stay]:
        """What was last seen a month ago is nobody's any more."""
        query = (
            select(sessions, reservations.c.ends_at)
            .outerjoin_from(sessions, reservations, reservations.c.class_token == sessions.c.class_token)
            .where(sessions.c.nas == nas, sessions.c.stopped_at.is_(None), sessions.c.mac.is_not(None))
            .where(sessions.c.last_seen_at > now - LONGEST_SESSION)
        )
        with self._store.reading() as connection:
            return [
                Stay(
                    row.acct_session_id,
                    row.class_token,
                    row.user_name,
                    Mac(row.mac),
                    row.nas,
                    row.site,
                    row.started_at,
                    row.input_octets,
                    row.output_octets,
                    row.ends_at or now + 1,
                )
                for row in connection.execute(query)
            ]


class Meter:
    """A controller counts since a phone came to its access point; what it counted before a new beginning is kept."""

    def __init__(self) -> None:
        self._last: dict[tuple[Key, str], int] = {}

    def total(self, session: Key, direction: str, booked: int, shown: int | None) -> int | None:
        if shown is None:
            return None
        last = self._last.get((session, direction))
        self._last[session, direction] = shown
        if last is None:  # the first look, of this process too: less than is booked means that it began anew
            return shown if shown >= booked else booked + shown
        return booked + (shown - last if shown >= last else shown)

    def forget(self, kept: set[Key]) -> None:
        self._last = {key: value for key, value in self._last.items() if key[0] in kept}


def opening(login: Login, class_token: str, at: int) -> Step:
    """The Start of a client that was let in; its grant is its name and its session's."""
    name = login.grant_id or ""
    step = _blank(Status.START, login.nas, login.site, login.mac, at)
    return replace(step, session_id=name, user_name=name, class_token=class_token, seconds=0)


def report(stay: Stay, seen: Seen | None, meter: Meter, now: int) -> Step | None:
    """None of a client that is away just now: its session grows stale by itself, and goes on if it comes back."""
    if seen is None:
        return None
    return replace(
        _of(stay, Status.INTERIM if seen.is_in else Status.STOP, now),
        address=seen.address,
        input_octets=meter.total(stay.key, "up", stay.upload, seen.upload),
        output_octets=meter.total(stay.key, "down", stay.download, seen.download),
        cause=None if seen.is_in else seen.cause or _cause(stay, now),
    )


def _cause(stay: Stay, now: int) -> int:
    return SESSION_TIMEOUT if now >= stay.ends_at - EARLY else ADMIN_RESET


def closing(stay: Stay, cause: int, now: int) -> Step:
    """The Stop of a session that we ended ourselves; the octets are those of its last report."""
    return replace(_of(stay, Status.STOP, now), cause=cause)


def stranger(seen: Seen, nas: str, site: str, now: int) -> Step:
    """Somebody whom the controller let in and we did not: booked without a promise, which the office lists."""
    step = _blank(Status.INTERIM, nas, site, seen.mac, now)
    step = replace(step, input_octets=seen.upload, output_octets=seen.download)
    return replace(step, session_id=GUEST, address=seen.address)


def _of(stay: Stay, status: Status, now: int) -> Step:
    return replace(
        _blank(status, stay.nas, stay.site, stay.mac, now),
        session_id=stay.session_id,
        class_token=stay.class_token,
        user_name=stay.user_name,
        seconds=max(0, now - stay.started_at),
    )


def _blank(status: Status, nas: str, site: str, mac: Mac, at: int) -> Step:
    return Step(
        status=status,
        nas=nas,
        site=site,
        session_id="",
        class_token=None,
        user_name=None,
        mac=mac,
        address=None,
        at=at,
        seconds=None,
        input_octets=None,
        output_octets=None,
        cause=None,
        received_at=at,
    )
