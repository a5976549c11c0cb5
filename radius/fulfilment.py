"""What becomes of a wish: sent, waited for, tried again or over; success is an ACK and a Stop that was seen (pure).

A NAS's ACK alone proves nothing: MikroTik has acknowledged a Disconnect and let its user stay (daloradius issue 463).
"""

from __future__ import annotations

from dataclasses import dataclass

from hotspot.wire import Attr, Code, Request
from hotspot.wishes import Act, Outcome

MOST_TRIES = 6
FIRST_PAUSE = 15  # seconds before the second try; each further pause is twice as long
STOP_PATIENCE = 10  # between two looks for the Stop that an ACK promised

NO_SUCH_SESSION = 503  # Error-Cause (RFC 5176 section 3.5)
_PASSING = frozenset({502, 504, 506})  # not routable, not removable just now, no resources


@dataclass(frozen=True, slots=True)
class Wish:
    """A row of ``wishes`` that is not finished; ``tries`` counts the requests that were sent."""

    id: int
    session: int
    act: Act
    reason: str
    tries: int
    acknowledged_at: int | None


@dataclass(frozen=True, slots=True)
class Life:
    """What the books say of the session now."""

    is_over: bool
    last_seen_at: int
    interim: int


@dataclass(frozen=True, slots=True)
class Send:
    """The NAS has to be asked now."""


@dataclass(frozen=True, slots=True)
class Later:
    """Look again at ``due_at``."""

    due_at: int
    tries: int
    acknowledged_at: int | None


@dataclass(frozen=True, slots=True)
class Finish:
    """``error_cause`` is the NAS's own word for a refusal."""

    outcome: Outcome
    tries: int
    error_cause: int | None = None


def next_step(wish: Wish, life: Life, now: int) -> Send | Later | Finish:
    """Before anything is sent: is it still to be done, and is it time?"""
    if life.is_over:
        return Finish(Outcome.DONE if wish.tries else Outcome.OVER, wish.tries)
    if wish.acknowledged_at is not None and life.last_seen_at <= wish.acknowledged_at:
        enough = wish.acknowledged_at + 2 * life.interim
        if now >= enough:  # it was to report twice by now; its silence is as good as a Stop
            return Finish(Outcome.DONE, wish.tries)
        return Later(min(now + STOP_PATIENCE, enough), wish.tries, wish.acknowledged_at)
    if wish.tries >= MOST_TRIES:
        return Finish(Outcome.UNANSWERED if wish.acknowledged_at is None else Outcome.UNTRUE, wish.tries)
    return Send()


def after_answer(wish: Wish, answer: Request | None, now: int, *, bare_nak_is_gone: bool) -> Later | Finish:
    tries = wish.tries + 1
    if answer is None:
        return _again(wish, tries, now)
    if answer.code in (Code.DISCONNECT_ACK, Code.COA_ACK):
        if wish.act is Act.LIMIT:
            return Finish(Outcome.DONE, tries)
        return Later(now + STOP_PATIENCE, tries, now)
    cause = answer.number(Attr.ERROR_CAUSE)
    if cause == NO_SUCH_SESSION or (cause is None and bare_nak_is_gone):
        return Finish(Outcome.GONE, tries, cause)
    if cause in _PASSING:
        return _again(wish, tries, now)
    return Finish(Outcome.REFUSED, tries, cause)  # the same request would be refused again


def _again(wish: Wish, tries: int, now: int) -> Later | Finish:
    if tries >= MOST_TRIES:
        return Finish(Outcome.UNANSWERED if wish.acknowledged_at is None else Outcome.UNTRUE, tries)
    return Later(now + FIRST_PAUSE * 2 ** (tries - 1), tries, wish.acknowledged_at)
