"""The contract of a way in: a visitor stands at the door with a form, and proves who is counted, or does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from captive_portal.entered import plain
from captive_portal.flow import Flow
from captive_portal.ways.hurdle import Hurdle, Wrong
from captive_portal.ways.outbox import Outbox
from captive_portal.ways.passwords import BoundedPasswords
from hotspot.secret import Secret
from hotspot.senders.desk import Desk
from hotspot.sites import Policy, Site, Sites
from hotspot.store import Store


@dataclass(frozen=True)
class Reception:
    """What the ways work with."""

    sites: Sites
    store: Store
    key: Secret
    voucher_key: Secret | None
    passwords: BoundedPasswords
    desk: Desk
    outbox: Outbox


@dataclass(frozen=True)
class Visitor:
    """Who stands at the door, with what they entered."""

    flow: Flow
    site: Site
    policy: Policy
    form: Mapping[str, str]
    language: str
    now: float

    def entered(self, name: str, longest: int = 256) -> str:
        return plain(self.form.get(name, "")[:longest]).strip()


@dataclass(frozen=True)
class Proved:
    """Who is counted, under which way; ``otp`` and ``voucher`` are what is now used."""

    client: str
    way: str
    otp: int | None = None
    voucher: int | None = None


@dataclass(frozen=True)
class Wait:
    """Something is on its way to the visitor, or from them: the page of that comes next."""


Outcome = Proved | Wrong | Wait


class Way(Protocol):
    """A module of this package is a way."""

    def prove(self, reception: Reception, visitor: Visitor) -> Outcome: ...


__all__ = ["Hurdle", "Outcome", "Proved", "Reception", "Visitor", "Wait", "Way", "Wrong"]
