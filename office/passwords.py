"""Staff passwords: argon2id, at least twelve characters, and the same work for a name that does not exist."""

from __future__ import annotations

import hashlib
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12  # NIST SP 800-63B asks for 8 beside a second factor; there is none here
LONGEST = 256  # characters; more only makes the server work


class Passwords:
    """Argon2id with the library's defaults, which are RFC 9106's second recommended choice (64 MiB)."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._nobody = self._hasher.hash(secrets.token_hex())

    def hash(self, password: str) -> str:
        return self._hasher.hash(password)

    def verify(self, stored: str | None, password: str) -> bool:
        """True when the password is the stored one; without a stored one, as much work and False."""
        try:
            right = self._hasher.verify(stored or self._nobody, password[:LONGEST])
        except (VerificationError, InvalidHashError):
            return False
        return right and stored is not None


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
