"""What one probe found: whether it is well, in one sentence why not, and how long it took."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    ok: bool
    why: str = ""
    seconds: float | None = None
    certificate_ends: float | None = None  # of the server's TLS certificate, in UTC seconds
