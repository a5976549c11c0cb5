"""What went out by message this month beside its cap, as metrics: read from the store at each scrape."""

from __future__ import annotations

from collections.abc import Iterator

from captive_portal.portal import Portal
from captive_portal.ways import otp_book
from hotspot.clock import local_month
from hotspot.metrics import Family, gauge
from hotspot.store import StoreAway


def families(portal: Portal) -> Iterator[Family]:
    """Nothing where no codes are sent, or where the store is away, which the health check says."""
    terms = portal.sites.messages.otp
    if terms is None:
        return
    yield gauge("hotspot_messages_cap", "Messages that may be sent in a month", (), [((), terms.a_month)])
    try:
        with portal.store.reading() as connection:
            counts = otp_book.by_sender(connection, local_month(portal.now(), portal.sites.timezone))
    except StoreAway:
        return
    results = (
        ((sender, word), number)
        for sender, *two in counts
        for word, number in zip(("sent", "failed"), two, strict=True)
    )
    yield gauge("hotspot_messages_this_month", "Messages handed to providers", ("service", "result"), results)
