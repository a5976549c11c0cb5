"""The link by which an OPD answers one complaint without an account: signed, and good for a time (pure)."""

from __future__ import annotations

import hmac
from urllib.parse import urlencode

LASTS = 14 * 86400  # seconds from the forwarding: long after the promise, so that a late answer still comes


def sign(key: bytes, number: int, opd: str, until: int) -> str:
    return hmac.digest(key, f"reply:{number}:{opd}:{until}".encode(), "sha256")[:16].hex()


def path(key: bytes, number: int, opd: str, until: int) -> str:
    return f"/reply/{number}?{urlencode({'opd': opd, 'until': until, 'sign': sign(key, number, opd, until)})}"


def holds(key: bytes, number: int, asked: dict[str, str], now: float) -> str | None:
    """The OPD that the link is for, or None."""
    opd, until, given = asked.get("opd", ""), asked.get("until", ""), asked.get("sign", "")
    if not (until.isascii() and until.isdigit() and len(until) < 12):
        return None
    fits = hmac.compare_digest(sign(key, number, opd, int(until)).encode(), given.encode())
    return opd if fits and now < int(until) else None
