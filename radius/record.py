"""What a journal keeps of an Accounting-Request: its octets, whose it is, and when it came (pure)."""

from __future__ import annotations

from hotspot.wire import Malformed, parse
from radius.event import Boot, SignOfLife, Step, read_event


def record_of(octets: bytes, nas: str, site: str, received_at: int) -> bytes:
    """The packet was believed; its octets say all that it said, to a later version of this program too."""
    names = (nas.encode(), site.encode())
    return received_at.to_bytes(8, "big") + b"".join(bytes((len(name),)) + name for name in names) + octets


def work_of(record: bytes) -> Step | Boot | SignOfLife:
    """What has to be booked for a record; ValueError when it is none."""
    received_at, at = int.from_bytes(record[:8], "big"), 8
    names = []
    for _ in range(2):
        names.append(record[at + 1 : at + 1 + record[at]].decode())
        at += 1 + record[at]
    request = parse(record[at:])
    if isinstance(request, Malformed):
        raise ValueError(request.reason)  # noqa: TRY004 - it is the record that is wrong, not a type
    return read_event(request, names[0], names[1], received_at)
