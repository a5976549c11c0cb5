"""A complaint that came by social media, message or at the counter, as the operator types it in (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from hotspot.sites import Sites
from office.moments import moment, words

SHORTEST, LONGEST = 10, 2000  # characters of an answer and of a complaint
CHANNELS = ("twitter", "facebook", "instagram", "sms", "whatsapp", "counter", "phone", "porjo")
OLDEST = 30 * 86400  # seconds before now


def entry_of(form: Mapping[str, str], sites: Sites, now: float) -> dict[str, Any] | str:
    """The row, or which field is wrong. The promise runs from when it was received, not from when it is typed."""
    channel, site, text = form.get("channel", ""), form.get("site", ""), form.get("text", "").strip()
    received = moment(form.get("received", ""), sites.timezone)
    happened = moment(form.get("happened", ""), sites.timezone)
    link = form.get("link", "").strip()
    if channel not in CHANNELS:
        return "channel"
    if site not in sites.site:
        return "site"
    if not SHORTEST <= len(text) <= LONGEST:
        return "text"
    if received is None or not now - OLDEST <= received <= now + 60:
        return "received"
    if link and (urlsplit(link).scheme not in ("http", "https") or len(link) > 512):
        return "link"
    return {
        "channel": channel,
        "site": site,
        "text": text,
        "received_at": received,
        "happened_at": happened,
        "link": link or None,
        "place": words(form.get("place", ""), 200) or None,
        "contact": words(form.get("contact", ""), 128) or None,
    }
