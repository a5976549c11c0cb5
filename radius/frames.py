"""Records as they lie in a journal, marked, measured and checksummed: half a record is never taken for one (pure)."""

from __future__ import annotations

import hashlib

MARK = b"\xf5\x9a"
HEAD = 12  # the mark, two octets of length, eight of checksum
LONGEST = 8192  # a RADIUS packet is half of that


def frame(key: bytes, position: int, record: bytes) -> bytes:
    """The record as it is written at ``position`` of the journal whose key this is, and valid nowhere else."""
    if not 0 < len(record) <= LONGEST:
        raise ValueError(f"a record of {len(record)} octets does not fit into a journal")
    return MARK + len(record).to_bytes(2, "big") + _checksum(key, position, record) + record


def record_at(key: bytes, position: int, octets: bytes, at: int) -> bytes | None:
    """The record whose frame lies at ``octets[at]``, which is ``position`` of the journal; None where none is whole."""
    head = octets[at : at + HEAD]
    if len(head) < HEAD or head[:2] != MARK:
        return None
    length = int.from_bytes(head[2:4], "big")
    record = octets[at + HEAD : at + HEAD + length]
    if len(record) != length or head[4:] != _checksum(key, position, record):
        return None
    return record


def next_frame(key: bytes, position: int, octets: bytes, at: int) -> int | None:
    """Where in ``octets`` (which begin at ``position``) the first whole frame from ``at`` on begins."""
    while (at := octets.find(MARK, at)) >= 0:
        if record_at(key, position + at, octets, at) is not None:
            return at
        at += 1
    return None


def _checksum(key: bytes, position: int, record: bytes) -> bytes:
    """Keyed by file and place: what an overwritten or copied frame left behind does not fit where it lies now."""
    return hashlib.blake2b(record, digest_size=8, key=key, salt=position.to_bytes(16, "big")).digest()
