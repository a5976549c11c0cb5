"""Why a phone is or is not online, in one or two sentences, from the latest that the books hold of it (pure)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hotspot.admission import ADMITTED, REFUSED, UNANSWERED
from hotspot.policy import Reason
from hotspot.session import State
from hotspot.wishes import Outcome

PHRASES = {
    Reason.CLOSED: "the site is closed",
    Reason.FULL: "the site is full",
    Reason.TIME_USED: "its time is used up",
    Reason.DATA_USED: "its data is used up",
    Reason.DEVICES: "as many phones as are allowed are online under the same voucher, account or number",
    Reason.WAY: "the site does not offer this way in",
    Reason.GRANT_UNKNOWN: "nobody minted its grant, or it is deleted: a guess, or a page a day old",
    Reason.GRANT_EXPIRED: "its grant was too old or used up: it has to tap again",
    Reason.GRANT_ELSEWHERE: "its grant was minted for another phone or NAS",
    Reason.PASSWORD: "the password was wrong: a guess, or another grant key or NAS secret on one side",
    Reason.UNKNOWN_CLIENT: "its MAC is not remembered, so it has to tap first",
    Reason.BUSY: "the portal had too much to do",
    Reason.BLOCKED: "it is blocked",
    Reason.CODE_ELSEWHERE: "its voucher is for another site",
    Reason.CODE_EXPIRED: "its voucher is over, not good yet or taken back",
}
CAUSES = {
    1: "by the user",
    2: "out of reach",
    4: "idle",
    5: "its time was over",
    6: "by the office",
    10: "its data was used up",
    11: "NAS restart",
}
_ENDS = {
    State.STALE: "was not heard of any more",
    State.REBOOTED: "ended with a restart of its NAS",
    State.GONE: "is not known to its NAS any more",
    State.STOPPED: "ended",
}
_IN_VAIN = {
    Outcome.REFUSED: "its NAS refuses to do it",
    Outcome.UNANSWERED: "its NAS does not answer",
    Outcome.UNTRUE: "its NAS said yes and let it go on",
    Outcome.IMPOSSIBLE: "its NAS cannot be told (no coa_port, no user name or address, or not by this kind)",
}
_NOTHING = (
    "Nothing is known of it from the last day: it has not tapped, or it shows this network another MAC (phones make up "
    "one for each)."
)


@dataclass(frozen=True, slots=True)
class Wished:
    """The latest wish for a stay; ``outcome`` None while it is tried."""

    act: str
    reason: str
    outcome: str | None
    tries: int


@dataclass(frozen=True, slots=True)
class Stay:
    """Its latest session; ``at`` is its end, or its begin while it goes on."""

    at: int
    nas: str
    state: State
    cause: int | None = None
    until: int | None = None
    wished: Wished | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    at: int
    nas: str
    reason: str


@dataclass(frozen=True, slots=True)
class Tap:
    """Its latest grant that led to no session; ``accepted`` by RADIUS, ``admitted`` is a controller's last word.

    ``waits`` while the grant is good.
    """

    at: int
    nas: str
    accepted: bool
    waits: bool
    by_controller: bool = False
    admitted: str | None = None


@dataclass(frozen=True, slots=True)
class Latest:
    """``now``: why a tap would be refused now where it was last, or that it is blocked; None where it would not be."""

    stay: Stay | None = None
    refusal: Refusal | None = None
    tap: Tap | None = None
    now: str | None = None


def why(latest: Latest, clock: Callable[[int], str]) -> str:
    """``clock`` writes a time."""
    stay = latest.stay
    if stay is not None and stay.state is State.OPEN:
        until = f", promised until {clock(stay.until)}" if stay.until else ""
        return f"Online at {stay.nas} since {clock(stay.at)}{until}.{_wish(stay.wished)}{_now(latest.now)}"
    found = [one for one in (stay, latest.refusal, latest.tap) if one is not None]
    if not found:
        return f"{_NOTHING}{_now(latest.now)}"
    last = max(found, key=lambda one: one.at)
    return f"Not online: {_said(last, clock)}.{_now(latest.now)}"


def phrase(reason: str) -> str:
    """A reason in words; a word that is none of ours stays as it is."""
    return PHRASES[Reason(reason)] if reason in PHRASES else reason


def _said(last: Stay | Refusal | Tap, clock: Callable[[int], str]) -> str:
    match last:
        case Stay():
            cause = f", {CAUSES.get(last.cause, f'cause {last.cause}')}" if last.cause else ""
            wished = last.wished
            why_ended = f" (wished because {phrase(wished.reason)})" if wished and wished.act == "end" else ""
            return f"its last session at {last.nas} {_ENDS[last.state]} {clock(last.at)}{cause}{why_ended}"
        case Refusal():
            return f"refused {clock(last.at)} at {last.nas}, because {phrase(last.reason)}"
        case Tap():
            return f"it tapped {clock(last.at)} at {last.nas}, {_fate(last)}"


def _fate(tap: Tap) -> str:
    if tap.by_controller:
        return _controllers(tap)
    if tap.accepted:
        return "RADIUS accepted it, and no session was reported: it left, or the NAS's accounting does not reach us"
    if tap.waits:
        return "and its NAS has not asked RADIUS yet"
    return (
        "and its NAS never asked RADIUS: the browser did not get to the NAS's login page, or the NAS does not reach us"
    )


def _controllers(tap: Tap) -> str:
    match tap.admitted:
        case None if tap.accepted:
            return "RADIUS accepted it, and its controller has not let it in yet"
        case None:
            return "and RADIUS has not decided yet"
        case word if word == REFUSED:
            return "and its controller refused it: it is no guest of that network, or not known there"
        case word if word == UNANSWERED:
            return "and its controller did not answer while the grant was good"
        case word if word == ADMITTED:
            return "and its controller let it in"
        case word:
            return f"and was refused, because {phrase(word)}"


def _wish(wished: Wished | None) -> str:
    if wished is None or (wished.outcome is not None and wished.outcome not in _IN_VAIN):
        return ""
    what = "ended" if wished.act == "end" else "given other limits"
    if wished.outcome is None:
        tried = f"asked {wished.tries} times so far" if wished.tries else "its NAS is asked at this moment"
        return f" It is to be {what}, because {phrase(wished.reason)}: {tried}."
    return f" It was to be {what}, because {phrase(wished.reason)}, but {_IN_VAIN[Outcome(wished.outcome)]}."


def _now(refused: str | None) -> str:
    return "" if refused is None else f" {refused}"
