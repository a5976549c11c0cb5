"""Chance that repeats itself: a number that depends on nothing but its names."""

from __future__ import annotations

import hashlib


def share(*names: object) -> float:
    """A number from 0 up to 1, always the same for the same names, in every process."""
    digest = hashlib.blake2b("\0".join(map(str, names)).encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64
