"""One-time codes and the words of reverse ones, and whether another may be sent (pure)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from captive_portal.ways.hurdle import Hurdle, Wrong
from hotspot.secret import Secret
from hotspot.sites.messages import Otp

DIGITS = 6
WORD_DIGITS = (4, 6)  # a short word, and a longer one should another visitor have the same at this moment
TRIES = 5
HOUR, DAY = 3600, 86400


@dataclass(frozen=True)
class History:
    """What was sent lately: to the device in an hour and a day, at the site in a minute, and in all this month."""

    device_hour: int = 0
    device_day: int = 0
    site_minute: int = 0
    month: int = 0
    last_at: int | None = None


def hurdle(otp: Otp, history: History, now: float) -> Wrong | None:
    """What a number itself has been sent is no reason that may be told: it would say whose numbers are known."""
    if history.last_at is not None:
        soon = history.last_at + otp.again * 2 ** max(0, min(history.device_hour, 8) - 1)
        if now < soon:
            return Wrong(Hurdle.SOON, until=soon)
    if history.device_day >= otp.a_day:
        return Wrong(Hurdle.ENOUGH)
    if history.month >= otp.a_month:
        return Wrong(Hurdle.MONTH)
    return Wrong(Hurdle.CROWD, until=int(now) + 60) if history.site_minute >= otp.a_minute else None


def code_of(key: Secret, device: str, asked_at: int, digits: int = DIGITS) -> str:
    """Derived, so that it is never stored and the page of a reverse one can show it again."""
    digest = hmac.digest(key.octets, f"otp:{digits}:{device}:{asked_at}".encode(), "sha256")
    return str(int.from_bytes(digest[:16]) % 10**digits).zfill(digits)


def hash_of(key: Secret, device: str, code: str) -> str:
    """A code is one device's: the same digits on another phone are another code."""
    return _hash(key, f"otp-hash:{device}:{code}")


def word_hash(key: Secret, word: str) -> str:
    """A word is looked up by itself: whoever writes it names no device."""
    return _hash(key, f"otp-word:{word}")


def _hash(key: Secret, text: str) -> str:
    return hmac.digest(key.octets, text.encode(), "sha256")[:16].hex()
