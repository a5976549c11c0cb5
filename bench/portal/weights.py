"""What a phone on a full square has to fetch before it sees the button, ours beside others' default login pages.

The others' octets are of the files in their repositories, read at the commits named; none was compressed, and all that
the page refers to is counted.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass

from bench.row import Row, row

FIRST, ALL = 14_000, 30_000  # octets of the first answer and of everything, compressed


@dataclass(frozen=True)
class Peer:
    """``octets`` uncompressed."""

    name: str
    octets: int


PEERS = (
    Peer("pfSense 9363ac5, default login page", 5_700),
    Peer("openNDS b9fbb8d, page limit with splash.css and picture", 10_240 + 1_700 + 23_000),
    Peer("OPNsense f95e815, default template", 115_000),
    Peer("Mikhmon hotspot template, lightest theme", 790_000),
)


def weights(page: bytes) -> list[Row]:
    """Ours is one answer: no picture, script, font or stylesheet is fetched beside it."""
    packed = len(gzip.compress(page, 6))
    return [
        row("first page, compressed (at most 14 kB; nothing else is fetched)", "octets", [packed]),
        *(
            row("first page and all it needs, not compressed", "octets", [len(page)], [peer.octets], peer.name,
                less_is_better=True)
            for peer in PEERS
        ),
    ]  # fmt: skip
