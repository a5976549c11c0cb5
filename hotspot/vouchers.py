"""The codes of vouchers: derived, never stored (pure). What one allows is hotspot/policy.py's to say."""

from __future__ import annotations

import hmac
import re
from urllib.parse import quote

from hotspot.secret import Secret

DIGITS = 9  # of 10^9 codes an office has some thousands; guesses are limited by client, NAS and in all
LONGEST = 32  # characters of an imported code
_IGNORED = re.compile(r"[\s\-.]+")


def code(key: Secret, salt: str, serial: int) -> str:
    """The code of a batch's n-th voucher: the sheet can be printed again, and whoever reads the database has none.

    Two of them may be equal (their hash is unique in the store): the office then leaves that serial out.
    """
    digest = hmac.digest(key.octets, f"voucher:{salt}:{serial}".encode(), "sha256")
    return str(int.from_bytes(digest[:16]) % 10**DIGITS).zfill(DIGITS)


def printed(text: str) -> str:
    """In groups of three, as people read numbers aloud."""
    return " ".join(text[i : i + 3] for i in range(0, len(text), 3)) if text.isdigit() else text


def link(portal_url: str, text: str) -> str:
    """What the QR code on a card holds: the portal's page that fills the code in, and still asks."""
    return f"{portal_url.rstrip('/')}/v/{quote(text, safe='')}"


def normal(typed: str) -> str:
    """What counts of what was typed: without spaces and hyphens, letters in one case."""
    return _IGNORED.sub("", typed[: 2 * LONGEST]).upper()[:LONGEST]


def hash_of(key: Secret, typed: str) -> str:
    """Under which a voucher lies in the store."""
    return _hash(key, "voucher-hash", typed)


def client_of(key: Secret, typed: str) -> str:
    """Whom a voucher's sessions are counted as (hotspot/clients.py)."""
    return _hash(key, "client:voucher", typed)


def _hash(key: Secret, purpose: str, typed: str) -> str:
    return hmac.digest(key.octets, f"{purpose}:{normal(typed)}".encode(), "sha256")[:16].hex()
