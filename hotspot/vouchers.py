"""Vouchers: codes that are derived, never stored, and what one still allows (pure)."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, field, replace
from enum import StrEnum

from hotspot.allowance import Usage
from hotspot.secret import Secret
from hotspot.sites.model import Day, PerClient, Policy, Speed, Visit

DIGITS = 9  # of 10^9 codes an office has some thousands; guesses are limited by client, NAS and in all
LONGEST = 32  # characters of an imported code
_FOREVER = 10**15  # octets where a batch does not limit them and the policy slows instead of ending
_IGNORED = re.compile(r"[\s\-.]+")


class Fault(StrEnum):
    """Why a voucher is worth nothing here and now; the word is the key of the visitor's text."""

    REVOKED = "voucher-revoked"
    NOT_YET = "voucher-early"
    OVER = "voucher-over"
    ELSEWHERE = "voucher-elsewhere"
    USED_UP = "voucher-used-up"


@dataclass(frozen=True)
class Voucher:
    """A voucher with its batch's terms; what is None is as the site's policy says. ``spent`` is of its whole life."""

    id: int
    client: str
    devices: int
    valid_from: int
    valid_until: int
    site: str | None = None
    seconds: int | None = None
    octets: int | None = None
    up: int | None = None
    down: int | None = None
    valid_seconds: int | None = None
    first_used_at: int | None = None
    revoked: bool = False
    spent: Usage = field(default_factory=Usage)


def code(key: Secret, salt: str, serial: int) -> str:
    """The code of a batch's n-th voucher: the sheet can be printed again, and whoever reads the database has none.

    Two of them may be equal (their hash is unique in the store): the office then leaves that serial out.
    """
    digest = hmac.digest(key.octets, f"voucher:{salt}:{serial}".encode(), "sha256")
    return str(int.from_bytes(digest[:16]) % 10**DIGITS).zfill(DIGITS)


def printed(text: str) -> str:
    """In groups of three, as people read numbers aloud."""
    return " ".join(text[i : i + 3] for i in range(0, len(text), 3)) if text.isdigit() else text


def normal(typed: str) -> str:
    """What counts of what was typed: without spaces and hyphens, letters in one case."""
    return _IGNORED.sub("", typed[: 2 * LONGEST]).upper()[:LONGEST]


def hash_of(key: Secret, typed: str) -> str:
    """Under which a voucher lies in the store."""
    return _hash(key, "voucher-hash", typed)


def client_of(key: Secret, typed: str) -> str:
    """Whom a voucher's sessions are counted as (hotspot/clients.py)."""
    return _hash(key, "client:voucher", typed)


def ends_at(voucher: Voucher) -> int:
    """Its last moment, as far as its first use has fixed it."""
    if voucher.valid_seconds is None or voucher.first_used_at is None:
        return voucher.valid_until
    return min(voucher.valid_until, voucher.first_used_at + voucher.valid_seconds)


def fault(voucher: Voucher, site: str, now: float) -> Fault | None:
    if voucher.revoked:
        return Fault.REVOKED
    if now < voucher.valid_from:
        return Fault.NOT_YET
    if now >= ends_at(voucher):
        return Fault.OVER
    if voucher.site is not None and voucher.site != site:
        return Fault.ELSEWHERE
    seconds, octets = left(voucher)
    return Fault.USED_UP if seconds == 0 or octets == 0 else None


def left(voucher: Voucher) -> tuple[int | None, int | None]:
    """Seconds and octets that it has left; None where it has no limit of its own."""
    return _less(voucher.seconds, voucher.spent.seconds), _less(voucher.octets, voucher.spent.octets)


def policy_for(policy: Policy, voucher: Voucher, now: float) -> Policy:
    """The site's policy with the voucher's own terms in it. Where those say how much is left, that is all of the day:

    ask with nothing used then (:func:`counts_by_itself`), because what was used is taken off already.
    """
    seconds, octets = left(voucher)
    until_end = max(0, ends_at(voucher) - int(now))
    if voucher.first_used_at is None and voucher.valid_seconds is not None:
        until_end = min(until_end, voucher.valid_seconds)
    visit = min(until_end, policy.visit.time if seconds is None else seconds)
    day = Day.model_construct(
        time=policy.day.time if seconds is None else seconds,
        octets=octets if octets is not None else (policy.day.octets if seconds is None else _FOREVER),
        then="end" if octets is not None else policy.day.then,
    )
    speed = policy.speed
    own = Speed.model_construct(up=voucher.up or speed.up, down=voucher.down or speed.down, slow=speed.slow)
    per_client = PerClient.model_construct(devices=voucher.devices, remember=policy.per_client.remember)
    changed = {"visit": Visit.model_construct(time=visit, idle=policy.visit.idle), "day": day, "speed": own}
    return policy.model_copy(update={**changed, "per_client": per_client})


def counts_by_itself(voucher: Voucher) -> bool:
    """Whether it limits time or data itself, so that the day's allowance of the policy does not."""
    return voucher.seconds is not None or voucher.octets is not None


def after(voucher: Voucher, used: Usage) -> Voucher:
    """With what its present sessions used, too."""
    spent = Usage(voucher.spent.seconds + used.seconds, voucher.spent.octets + used.octets)
    return replace(voucher, spent=spent)


def _less(limit: int | None, spent: int) -> int | None:
    return None if limit is None else max(0, limit - spent)


def _hash(key: Secret, purpose: str, typed: str) -> str:
    return hmac.digest(key.octets, f"{purpose}:{normal(typed)}".encode(), "sha256")[:16].hex()
