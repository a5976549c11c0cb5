"""Which passwords staff may choose, and what a login remembers of one."""

from __future__ import annotations

import hashlib

from hotspot.passwords import LONGEST

SHORTEST = 12  # NIST SP 800-63B asks for 8 beside a second factor; there is none here


def weakness(password: str, name: str) -> str | None:
    """Why a password cannot be taken, or None."""
    if len(password) < SHORTEST:
        return f"the password has {len(password)} characters; use at least {SHORTEST}, for example four words"
    if len(password) > LONGEST:
        return f"the password has {len(password)} characters; use at most {LONGEST}"
    if len(set(password)) < 5 or name in password.lower():
        return "the password is too easy to guess: it repeats a few characters or holds the account's name"
    return None


def fingerprint(password_hash: str) -> str:
    """What a login's cookie carries, so that a changed password ends the logins made with the old one."""
    return hashlib.sha256(password_hash.encode()).hexdigest()[:16]
