"""The second factor: time-based codes of six digits, as authenticator apps make them (RFC 6238, RFC 4226)."""

from __future__ import annotations

import base64
import hmac
import secrets
from urllib.parse import quote, urlencode

PERIOD = 30  # seconds of a step (RFC 6238 section 4.1)
DIGITS = 6
DRIFT = 1  # steps early or late that are taken too (section 5.2), for phones whose clock is off


def new_secret() -> bytes:
    return secrets.token_bytes(20)  # as long as SHA-1's output (RFC 4226 section 4, R6)


def step(at: float) -> int:
    return int(at) // PERIOD


def code(secret: bytes, number: int, digits: int = DIGITS) -> str:
    """The code of one step (RFC 4226 section 5.3, dynamic truncation)."""
    digest = hmac.digest(secret, number.to_bytes(8), "sha1")
    offset = digest[-1] & 0x0F
    return str((int.from_bytes(digest[offset : offset + 4]) & 0x7FFFFFFF) % 10**digits).rjust(digits, "0")


def accepted(secret: bytes, typed: str, at: float, last: int | None) -> int | None:
    """The step whose code was typed, or None; one that was used before is none (RFC 6238 section 5.2)."""
    word = "".join(typed.split())
    for number in range(step(at) - DRIFT, step(at) + DRIFT + 1):
        fits = hmac.compare_digest(code(secret, number).encode(), word.encode())
        if fits and (last is None or number > last):
            return number
    return None


def spelled(secret: bytes) -> str:
    """Base32, as an app without a camera is told it."""
    return base64.b32encode(secret).decode().rstrip("=")


def address(secret: bytes, name: str, issuer: str) -> str:
    """What the QR code holds (the otpauth scheme of Google Authenticator, which all apps read)."""
    label = quote(f"{issuer}:{name}", safe=":")
    return f"otpauth://totp/{label}?" + urlencode({"secret": spelled(secret), "issuer": issuer}, quote_via=quote)
