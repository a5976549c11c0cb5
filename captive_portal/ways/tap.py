"""One tap: the client is its MAC, or whom this MAC is remembered as."""

from __future__ import annotations

from captive_portal.ways import memory
from captive_portal.ways.way import Outcome, Proved, Reception, Visitor
from hotspot import clients


def prove(reception: Reception, visitor: Visitor) -> Outcome:
    with reception.store.reading() as connection:
        known = memory.recall(connection, reception.key, visitor.flow.mac, visitor.now)
    return Proved(known.client if known else clients.of_mac(reception.key, visitor.flow.mac), "tap")
