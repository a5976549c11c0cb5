"""Once more without proof: a MAC that is remembered goes on as the client it was, by the way it came in with."""

from __future__ import annotations

from captive_portal.ways import memory
from captive_portal.ways.way import Hurdle, Outcome, Proved, Reception, Visitor, Wrong


def prove(reception: Reception, visitor: Visitor) -> Outcome:
    with reception.store.reading() as connection:
        known = memory.recall(connection, reception.key, visitor.flow.mac, visitor.now)
    if known is None or known.way not in visitor.policy.ways:
        return Wrong(Hurdle.NOTHING)
    return Proved(known.client, known.way)
