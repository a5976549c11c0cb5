"""What every step of the nightly job is handed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar
from zoneinfo import ZoneInfo

from hotspot.pseudonym import KeyRing
from hotspot.sites import Sites
from hotspot.store import Store

BATCH = 500  # rows a transaction, so that RADIUS never waits long for its turn

Row = TypeVar("Row")


@dataclass(frozen=True)
class Task:
    """The store, the rules, the keys and the time of one step's run."""

    store: Store
    sites: Sites
    keys: KeyRing
    now: int

    @property
    def zone(self) -> ZoneInfo:
        return self.sites.timezone


# A step does its work and says in a few words what it did.
Step = Callable[[Task], str]


def batches(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    for first in range(0, len(rows), BATCH):
        yield rows[first : first + BATCH]
