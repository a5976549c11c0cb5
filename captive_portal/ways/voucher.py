"""A voucher's code; what it still allows, and whether here and now, is the policy's to say."""

from __future__ import annotations

from sqlalchemy import select

from captive_portal.ways import guesses
from captive_portal.ways.way import Outcome, Proved, Reception, Visitor
from hotspot.tables import vouchers
from hotspot.vouchers import hash_of


def prove(reception: Reception, visitor: Visitor) -> Outcome:
    return guesses.guess(reception, visitor, lambda: find(reception, visitor.entered("code")))


def find(reception: Reception, typed: str) -> Proved | None:
    if reception.voucher_key is None:
        return None
    query = select(vouchers.c.id, vouchers.c.client).where(vouchers.c.hash == hash_of(reception.voucher_key, typed))
    with reception.store.reading() as connection:
        row = connection.execute(query).one_or_none()
    return Proved(row.client, "voucher", voucher=row.id) if row else None
