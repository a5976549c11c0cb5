"""A smart client's user name and password: a voucher, a return code or a member of staff, whatever the place has."""

from __future__ import annotations

from captive_portal.ways import code, guesses, staff, voucher
from captive_portal.ways.way import Outcome, Proved, Reception, Visitor

OFFERED = frozenset(("voucher", "code", "staff"))


def prove(reception: Reception, visitor: Visitor) -> Outcome:
    """The form has the name as ``name`` and as ``code``. Staff alone have passwords; others' is not looked at."""
    if "staff" in visitor.policy.ways and visitor.form.get("password") and not visitor.entered("code").isdigit():
        return staff.prove(reception, visitor)
    return guesses.guess(reception, visitor, lambda: _find(reception, visitor))


def _find(reception: Reception, visitor: Visitor) -> Proved | None:
    ways = visitor.policy.ways
    found = voucher.find(reception, visitor.entered("code")) if "voucher" in ways else None
    return found or (code.find(reception, visitor) if "code" in ways else None)
