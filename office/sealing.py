"""Secrets of people that must be read again (of the second factor) are sealed with the office's key before storing."""

from __future__ import annotations

import base64
import hmac

from cryptography.fernet import Fernet, InvalidToken

from hotspot.secret import Secret


def seal(key: Secret, plain: bytes) -> str:
    return _box(key).encrypt(plain).decode()


def unseal(key: Secret, sealed: str) -> bytes | None:
    """None when it was sealed with another key: the office's key was changed, and the person enrols anew."""
    try:
        return _box(key).decrypt(sealed.encode())
    except InvalidToken:
        return None


def _box(key: Secret) -> Fernet:
    """A key of its own for this purpose; the office's key also signs the cookies."""
    return Fernet(base64.urlsafe_b64encode(hmac.digest(key.octets, b"second-factor", "sha256")))
