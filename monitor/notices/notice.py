"""What one kind of trap means: a name for the log, what it is evidence for, and where it names a port."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Evidence = Literal["", "battery", "light"]
_IF_INDEX = "1.3.6.1.2.1.2.2.1.1."  # IF-MIB ifIndex


@dataclass(frozen=True)
class Notice:
    """``says``: a UPS runs on its battery, or a port receives too little light; nothing is only a reason to look.

    ``port``: the column among its bindings of which the first index is the port's ifIndex.
    """

    name: str
    says: Evidence = ""
    port: str = _IF_INDEX


def if_index(notice: Notice | None, bindings: Iterable[str]) -> int | None:
    """The port that a trap speaks of, by the names of its bindings."""
    for prefix in {_IF_INDEX, notice.port if notice else _IF_INDEX}:
        for name in bindings:
            index = name.removeprefix(prefix).partition(".")[0]
            if name.startswith(prefix) and index.isdigit():
                return int(index)
    return None


Table = Mapping[str, Notice]
