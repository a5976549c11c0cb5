"""An agent's tree: the sorted rows of one moment, asked by name (GET) or for what follows a name (GETNEXT)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from pysnmp.proto.rfc1902 import Counter64

from lab.agents.rows import Oid, Row, Value


class Tree:
    """``counter64=False`` leaves those rows out, as version 1 must (RFC 3584 section 4.2.2.1)."""

    def __init__(self, rows: Iterable[Row], *, counter64: bool = True) -> None:
        chosen = (row for row in rows if counter64 or row[1][0] is not Counter64)
        self._rows = dict(sorted(chosen))
        self._names = list(self._rows)

    def get(self, name: Oid) -> Value | None:
        return self._rows.get(name)

    def after(self, name: Oid) -> Row | None:
        place = bisect_right(self._names, name)
        if place == len(self._names):
            return None
        return self._names[place], self._rows[self._names[place]]
