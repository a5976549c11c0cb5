"""Who comes in while no RADIUS server answers, and by what a returning device is known without its MAC (pure)."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from hotspot.mac import Mac

MOST_KNOWN = 100_000  # devices; the one that was here longest ago is forgotten first

Rule = Literal["open", "known", "closed"]
Known = Mapping[str, int]  # by token, when a device was last accepted at this gateway


class Verdict(StrEnum):
    """What happens to a client of whom RADIUS says nothing; the words go to the log."""

    OPEN = "open"
    KNOWN = "known"
    UNKNOWN = "unknown"
    CLOSED = "closed"

    @property
    def lets_in(self) -> bool:
        return self in (Verdict.OPEN, Verdict.KNOWN)


def decide(rule: Rule, *, is_known: bool) -> Verdict:
    """A site's ``radius_down``: everyone, those whom RADIUS has accepted here before, or nobody."""
    if rule == "open":
        return Verdict.OPEN
    if rule == "closed":
        return Verdict.CLOSED
    return Verdict.KNOWN if is_known else Verdict.UNKNOWN


def token(key: bytes, mac: Mac) -> str:
    """A keyed hash: without the key, which lies elsewhere, nobody can try out all MACs."""
    return hmac.digest(key, b"gateway-known" + mac.octets, "sha256")[:16].hex()


def is_known(known: Known, device: str, now: float, remember: int) -> bool:
    """``remember``: the policy's ``per_client.remember`` in seconds."""
    at = known.get(device)
    return at is not None and now - at <= remember


def still_known(known: Known, now: float, remember: int) -> dict[str, int]:
    """Those that are to be remembered, the latest last."""
    fresh = sorted(((at, device) for device, at in known.items() if now - at <= remember))
    return {device: at for at, device in fresh[-MOST_KNOWN:]}
