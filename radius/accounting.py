"""How reports become one stay: a merge that no order, loss or repetition can hurt (pure).

Start is the earliest, last seen the latest, counters the highest, the Stop the first real one; what a NAS did not say
changes nothing. FreeRADIUS' SQL and others let the last writer win here and lose what they had been told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from hotspot.mac import Mac
from radius.event import Status, Step

START_TOLERANCE = 60  # seconds by which two reports of one session may disagree about its start
STOP_TOLERANCE = 5


@dataclass(frozen=True, slots=True)
class Promise:
    """What our own books say about a session: its grant, way and client where our Class names one, and the interim."""

    interim: int
    grant_id: str | None = None
    way: str | None = None
    client: str | None = None


class Stay(NamedTuple):
    """The facts of one row of ``sessions``; which state it is in is computed elsewhere (hotspot/session.py).

    A tuple, because a row of the database becomes one, and one a row, without a look at each field.
    """

    uid: str
    generation: int
    nas: str
    site: str
    acct_session_id: str
    class_token: str | None
    grant_id: str | None
    way: str | None
    client: str | None
    authentic: int | None
    user_name: str | None
    mac: str | None
    address: str | None
    random_mac: bool | None
    device_day: str | None
    started_at: int
    interim: int
    first_received_at: int
    scrubbed_at: int | None
    last_seen_at: int
    seconds: int
    input_octets: int
    output_octets: int
    stopped_at: int | None
    stop_cause: int | None
    changed_at: int


FIXED = Stay._fields.index("last_seen_at")  # what comes before is seldom changed by a report after the first


def begin(uid: str, generation: int, step: Step, promise: Promise) -> Stay:
    """The stay as its first report tells it, whichever report that is."""
    stopped = step.status is Status.STOP
    return Stay(
        uid=uid,
        generation=generation,
        nas=step.nas,
        site=step.site,
        acct_session_id=step.session_id[:253],
        class_token=step.class_token,
        grant_id=promise.grant_id,
        way=promise.way,
        interim=promise.interim,
        user_name=_name(step),
        mac=step.mac.digits if step.mac else None,
        address=step.address,
        random_mac=step.mac.is_random if step.mac else None,
        started_at=step.at if step.began_at is None else step.began_at,
        last_seen_at=step.at,
        seconds=step.seconds or 0,
        input_octets=step.input_octets or 0,
        output_octets=step.output_octets or 0,
        stopped_at=step.at if stopped else None,
        stop_cause=step.cause if stopped else None,
        first_received_at=step.received_at,
        changed_at=step.received_at,
        client=promise.client,
        authentic=step.authentic,
        device_day=None,
        scrubbed_at=None,
    )


def merge(stay: Stay, step: Step, promise: Promise) -> Stay:
    """The least stay that agrees with both; merging again, or in another order, gives the same."""
    user_name, mac, address, client = _person(stay, step, promise)
    stopped_at, stop_cause = _first_stop(stay, step)
    began_at = step.at if step.began_at is None else step.began_at
    return Stay(
        uid=stay.uid,
        generation=stay.generation,
        nas=stay.nas,
        site=stay.site,
        acct_session_id=stay.acct_session_id,
        class_token=_either(stay.class_token, step.class_token),
        grant_id=_either(stay.grant_id, promise.grant_id),
        way=_either(stay.way, promise.way),
        interim=stay.interim,
        user_name=user_name,
        mac=mac,
        address=address,
        random_mac=stay.random_mac if mac is None or mac == stay.mac else Mac(mac).is_random,
        started_at=min(stay.started_at, began_at),
        last_seen_at=max(stay.last_seen_at, step.at),
        seconds=max(stay.seconds, step.seconds or 0),
        input_octets=max(stay.input_octets, step.input_octets or 0),
        output_octets=max(stay.output_octets, step.output_octets or 0),
        stopped_at=stopped_at,
        stop_cause=stop_cause,
        first_received_at=min(stay.first_received_at, step.received_at),
        changed_at=max(stay.changed_at, step.received_at),
        client=client,
        authentic=_larger(stay.authentic, step.authentic),
        device_day=stay.device_day,
        scrubbed_at=stay.scrubbed_at,
    )


def _person(stay: Stay, step: Step, promise: Promise) -> tuple[str | None, str | None, str | None, str | None]:
    """What names a person is filled in until the nightly job has emptied it, never after."""
    if stay.scrubbed_at is not None:
        return stay.user_name, stay.mac, stay.address, stay.client
    return (
        _either(stay.user_name, _name(step)),
        _either(stay.mac, step.mac.digits if step.mac else None),
        _either(stay.address, step.address),
        _either(stay.client, promise.client),
    )


def _name(step: Step) -> str | None:
    return step.user_name[:253] if step.user_name else None


def _either(known: str | None, told: str | None) -> str | None:
    """Where two reports disagree the smaller text stands: any fixed choice will do, so that order cannot matter."""
    if known is None or told is None:
        return known or told
    return min(known, told)


def _larger(known: int | None, told: int | None) -> int | None:
    if known is None or told is None:
        return told if known is None else known
    return max(known, told)


def _first_stop(stay: Stay, step: Step) -> tuple[int | None, int | None]:
    if step.status is not Status.STOP:
        return stay.stopped_at, stay.stop_cause
    if stay.stopped_at is None:
        return step.at, step.cause
    stops = ((stay.stopped_at, stay.stop_cause), (step.at, step.cause))
    return min(stops, key=lambda stop: (stop[0], stop[1] is None, stop[1] or 0))


def stay_of(stays: Sequence[Stay], step: Step) -> Stay | None:
    """Which of the stays under one key a report belongs to; None when it begins another.

    A NAS that restarts may use its session ids again, so that one key can hold several generations. Where our Class
    is in the key it holds one: a new session has a new Accept, whatever the NAS says of its length.
    """
    if not stays:
        return None
    if step.class_token is not None:
        return stays[0]
    if step.began_at is None:
        return _latest_before(stays, step.at)
    fitting = [stay for stay in stays if _belongs(stay, step, step.began_at)]
    return min(fitting, key=lambda stay: abs(stay.started_at - (step.began_at or 0)), default=None)


def _latest_before(stays: Sequence[Stay], at: int) -> Stay:
    ordered = sorted(stays, key=lambda stay: stay.started_at)
    earlier = [stay for stay in ordered if stay.started_at <= at + START_TOLERANCE]
    return earlier[-1] if earlier else ordered[0]


def _belongs(stay: Stay, step: Step, began_at: int) -> bool:
    """Their starts agree, or their lives overlap; a report that begins after the other's end is another session."""
    tolerance = max(START_TOLERANCE, max(step.seconds or 0, stay.seconds) // 10)
    if abs(began_at - stay.started_at) <= tolerance:
        return True
    end = stay.last_seen_at if stay.stopped_at is None else stay.stopped_at
    if began_at > end + STOP_TOLERANCE:
        return False
    return step.at >= stay.started_at - tolerance or _has_an_unknown_beginning(stay)


def _has_an_unknown_beginning(stay: Stay) -> bool:
    """It went on, and no report has said for how long: it may have begun long before the first one that was heard.

    What is known by its Start alone began then: an older Start under the same id is another session's.
    """
    counted = stay.input_octets > 0 or stay.output_octets > 0
    return stay.seconds == 0 and (counted or stay.stopped_at is not None or stay.last_seen_at > stay.started_at)
