"""What a visitor has begun before arriving: a code on its way, a voucher that was scanned, a phone that we know."""

from __future__ import annotations

from dataclasses import dataclass

from captive_portal.flow import Flow
from captive_portal.ways import memory, otp, otp_book, reverse_otp
from captive_portal.ways.way import Reception
from hotspot import clients
from hotspot.sites import Policy
from hotspot.store import StoreAway
from hotspot.vouchers import normal


@dataclass(frozen=True)
class Begun:
    """``known``: may go on as before; ``waiting``: a code or word is good; ``scanned``: the code of a voucher."""

    known: bool = False
    waiting: bool = False
    scanned: str = ""


def begun(reception: Reception, policy: Policy, flow: Flow, cookie: str, now: float) -> Begun:
    """Nothing where the store is away: the page then says that, and more cannot be known."""
    code = normal(cookie)
    scanned = code if "voucher" in policy.ways and code.isascii() and code.isalnum() else ""
    device = clients.memory_of(reception.key, flow.mac)
    try:
        with reception.store.reading() as connection:
            known = memory.recall(connection, reception.key, flow.mac, now)
            sent = otp_book.live_of(connection, device, otp.WAY, now)
            words = otp_book.live_of(connection, device, reverse_otp.WAY, now)
    except StoreAway:
        return Begun(scanned=scanned)
    return Begun(known is not None and known.way in policy.ways, bool(sent or words), scanned)
