"""What stands between a visitor and the way in, and how to get over it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Hurdle(StrEnum):
    """Why a visitor is not let in by this way; the word is the key of the visitor's text."""

    CODE_WRONG = "code-wrong"
    NAME_WRONG = "name-wrong"
    TOO_MANY = "too-many"
    BUSY = "busy"
    NUMBER = "number"
    SOON = "otp-soon"
    ENOUGH = "otp-enough"
    CROWD = "otp-crowd"
    MONTH = "otp-month"
    NOTHING = "otp-nothing"


@dataclass(frozen=True)
class Wrong:
    """``left`` is how many more tries there are, ``until`` when it is worth trying again."""

    reason: Hurdle
    left: int | None = None
    until: int | None = None
