"""The table ``messages``: who carries codes to visitors and brings what visitors write, and what it may cost."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from hotspot.sites.table import Table, Text
from hotspot.sites.values import Id, Seconds, Url

Channel = Literal["sms", "whatsapp"]
Number = Annotated[str, Field(pattern=r"^\+?[0-9][0-9 -]{2,20}$")]


class Sender(Table):
    """One account at a provider; its token is the secret ``sender-<id>``. A driver says which keys it needs.

    ``number`` is where visitors may write ("kirim MASUK 4821", LAPOR), which opens its webhook.
    """

    id: Id
    driver: str
    channel: Channel
    url: Url | None = None
    account: Text | None = None
    service: Text | None = None
    sender: Text | None = None
    template: Text | None = None
    template_language: Text = "id"
    version: Text | None = None
    number: Number | None = None


class Otp(Table):
    """Codes by message. ``a_month`` is the cap for all of them, since each costs money."""

    valid: Seconds = 300
    again: Seconds = 30
    a_day: Annotated[int, Field(ge=1)] = 5
    a_minute: Annotated[int, Field(ge=1)] = 20
    a_month: Annotated[int, Field(ge=1)]
    ranges: Annotated[tuple[Annotated[str, Field(pattern=r"^\+[1-9][0-9]{0,6}$")], ...], Field(min_length=1)] = (
        "+628",
    )


class Telegram(Table):
    chat: Text


class Alerts(Table):
    telegram: Telegram | None = None


class Messages(Table):
    senders: tuple[Sender, ...] = ()
    otp: Otp | None = None
    alerts: Alerts = Alerts()
