"""What a session's facts, its NAS's latest boot and the time say of its state (pure); nothing is ever reopened."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

STALE_INTERIMS = 3
STALE_SECONDS = 900
BOOT_TOLERANCE = 2  # seconds by which a NAS's own clock may place a Start before its Accounting-On


class State(StrEnum):
    OPEN = "open"
    STALE = "stale"
    REBOOTED = "rebooted"
    GONE = "gone"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Facts:
    """The columns of ``sessions`` that the state depends on, in UTC seconds."""

    started_at: int
    last_seen_at: int
    stopped_at: int | None
    interim: int
    gone_at: int | None = None


def state(facts: Facts, boot_at: int | None, now: float) -> State:
    """A real Stop wins; then a boot after the start; then its NAS's word that it knows no such session, unless it

    reported it again; then silence longer than three interims or 15 minutes.
    """
    if facts.stopped_at is not None:
        return State.STOPPED
    if boot_at is not None and facts.started_at + BOOT_TOLERANCE < boot_at and facts.last_seen_at < boot_at:
        return State.REBOOTED
    if facts.gone_at is not None and facts.last_seen_at <= facts.gone_at:
        return State.GONE
    if now - facts.last_seen_at > max(STALE_INTERIMS * facts.interim, STALE_SECONDS):
        return State.STALE
    return State.OPEN


def ended_at(facts: Facts, boot_at: int | None, now: float) -> int | None:
    """When the stay ended as far as is known: never later than the last sign of life, None while it is open."""
    match state(facts, boot_at, now):
        case State.OPEN:
            return None
        case State.STOPPED:
            return facts.stopped_at
        case _:
            return facts.last_seen_at
