"""A return code: the same client again, on a phone whose MAC has changed or on another one."""

from __future__ import annotations

from captive_portal.ways import guesses, memory
from captive_portal.ways.way import Outcome, Proved, Reception, Visitor


def prove(reception: Reception, visitor: Visitor) -> Outcome:
    return guesses.guess(reception, visitor, lambda: find(reception, visitor))


def find(reception: Reception, visitor: Visitor) -> Proved | None:
    """By the way that the client came in with first, as long as the place has it: what was used by it goes on."""
    with reception.store.reading() as connection:
        known = memory.of_code(connection, reception.key, visitor.entered("code"), visitor.now)
    if known is None:
        return None
    keeps = known.way in visitor.policy.ways or known.way == "voucher"
    return Proved(known.client, known.way if keeps else "code")
