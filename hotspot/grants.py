"""A grant's two halves on the wire: its id is the user name, and its password is computed, never stored (pure)."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

from hotspot.keyed import keyed
from hotspot.secret import Secret

LIFETIME = 300  # seconds from the tap to the NAS's first Access-Request
KEEP_AFTER_START = 60  # a lost Accept is asked for again by the same NAS and MAC within this time

_ID = re.compile(r"g[a-z2-7]{16}")


@dataclass(frozen=True)
class Grant:
    """What the portal mints and RADIUS redeems, bound to one client at one NAS. ``mac`` is twelve hex digits.

    ``client`` is who is counted (hotspot/clients.py).
    """

    id: str
    nas: str
    site: str
    mac: str
    client: str | None
    way: str
    minted_at: int
    expires_at: int


def new_id(randomness: bytes) -> str:
    """A grant's id from ten random octets: a letter and sixteen base32 characters, safe in any URL."""
    return "g" + base64.b32encode(randomness[:10]).decode().lower()


def is_grant_id(user_name: str) -> bool:
    return _ID.fullmatch(user_name) is not None


def password(key: Secret, grant_id: str) -> str:
    """Eighty bits of HMAC-SHA256 in base32: sixteen characters that any NAS passes on unchanged."""
    digest = keyed(key.octets, "sha256").digest(b"grant:" + grant_id.encode())
    return base64.b32encode(digest[:10]).decode().lower()
