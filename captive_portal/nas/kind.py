"""The contract of a NAS kind at the portal: how a visitor arrives from it, and how the browser is sent back to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from typing import Protocol
from urllib.parse import quote, urlencode

from captive_portal.query import Query
from hotspot.mac import Mac
from hotspot.secret import Secret
from hotspot.sites import Nas


@dataclass(frozen=True)
class Door:
    """One NAS as the portal knows it: its entry in sites.yaml, the address it was given for us, its secret."""

    nas: Nas
    arrive_url: str
    secret: Secret | None = None


class News(StrEnum):
    """Why the NAS sent the visitor here."""

    NEW = "new"
    ONLINE = "online"
    FAILED = "failed"
    LEFT = "left"


@dataclass(frozen=True)
class Arrival:
    """A visitor at the door, checked and normalised.

    ``keys`` is what :meth:`Kind.release` needs again later; ``user`` the name under which the NAS knows an online
    visitor (a grant id); ``says`` the NAS's own words about a failure, never shown, only recognised. ``at`` is when the
    NAS says that it sent the visitor, for kinds that sign the moment too. ``proved`` where the NAS signed the address.
    """

    mac: Mac
    ip: str = ""
    news: News = News.NEW
    keys: Mapping[str, str] = field(default_factory=dict)
    user: str = ""
    says: str = ""
    at: int | None = None
    proved: bool = False


@dataclass(frozen=True)
class Posting:
    """A login that a NAS takes by POST alone: the page shows a form of it, which the visitor sends with one button."""

    url: str
    fields: Mapping[str, str]


class Refusal(StrEnum):
    """Why what the NAS sent cannot be used; the word is the key of the visitor's text."""

    NO_PARAMETERS = "no-parameters"
    BAD_CLIENT = "bad-client"
    BAD_CHALLENGE = "bad-challenge"
    BAD_SIGNATURE = "bad-signature"


class Kind(Protocol):
    """A module of this package is a kind. URLs are built from sites.yaml alone, never from what a browser sent."""

    def arrive(self, query: Query, door: Door) -> Arrival | Refusal: ...

    def release(self, keys: Mapping[str, str], door: Door, grant_id: str, password: str, after: str) -> str | Posting:
        """Where the browser goes to be let through; ``after`` is our page to come back to."""

    def entrance(self, door: Door) -> str:
        """Where a visitor starts anew: the NAS answers by sending the browser to ``/arrive`` afresh."""

    def logout(self, door: Door, user: str) -> str:
        """Where the browser goes to end the stay that the NAS knows by this name."""


def read_client(mac: str, ip: str) -> tuple[Mac, str] | None:
    """The visitor's addresses, or None when the MAC is none; an address that is none is left out."""
    try:
        client = Mac.parse(mac)
    except ValueError:
        return None
    try:
        return client, str(ip_address(ip))
    except ValueError:
        return client, ""


def with_query(url: str, fields: Mapping[str, str]) -> str:
    """Percent-encoded with %20: CoovaChilli does not turn "+" into a space."""
    return f"{url}?{urlencode(fields, quote_via=quote)}"
