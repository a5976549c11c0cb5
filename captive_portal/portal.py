"""What the portal's pages share: sites, clock, store, keys, counters and each NAS's door."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from captive_portal.flow import Sealer
from captive_portal.funnel import Tally
from captive_portal.nas import KINDS, Door, Kind
from captive_portal.outlook import Lookout
from captive_portal.ways.outbox import Outbox
from captive_portal.ways.passwords import BoundedPasswords
from captive_portal.ways.way import Reception
from hotspot.clock import Clock
from hotspot.doors import Doors, policy_at
from hotspot.doors import doors as doors_at
from hotspot.metrics import Metrics
from hotspot.nas import NAS_KINDS
from hotspot.pseudonym import KeyRing
from hotspot.secret import Secret, SecretSource
from hotspot.senders.desk import Desk
from hotspot.senders.desk import needs as sender_needs
from hotspot.senders.post import Post
from hotspot.sites import Nas, Policy, Site, Sites
from hotspot.store import Store


class Counters:
    """Pages shown and taps made, by site, with what came of them."""

    def __init__(self, metrics: Metrics) -> None:
        self._pages = metrics.counter(
            "hotspot_portal_pages_total", "Arrival pages shown", ("site", "language", "result")
        )
        self._grants = metrics.counter("hotspot_grants_total", "Taps and what came of them", ("site", "way", "result"))

    def page(self, site: str, language: str, result: str) -> None:
        self._pages.labels(site, language, result).inc()

    def grant(self, site: str, way: str, result: str) -> None:
        self._grants.labels(site, way, result).inc()


@dataclass(frozen=True)
class Portal:
    sites: Sites
    clock: Clock
    store: Store
    keys: KeyRing
    grant_key: Secret
    sealer: Sealer
    counters: Counters
    doors: dict[str, Door]
    lookout: Lookout
    funnel: Tally
    reception: Reception
    notices: dict[str, str] = field(default_factory=dict)  # the hash of the notice by language, once it was read

    def now(self) -> float:
        return self.clock.now()

    def kind(self, nas: Nas) -> Kind:
        return KINDS[nas.kind]

    def site_of(self, nas: Nas) -> Site:
        return self.sites.site[nas.site]

    def policy_name(self, site: Site) -> str:
        """Of the one that stands now: an event may have put another in the place of the site's own."""
        now = self.now()
        name = policy_at(self.lookout.of(site.id, now).events, now)
        return name if name in self.sites.policies else site.policy

    def policy_of(self, site: Site) -> Policy:
        return self.sites.policies[self.policy_name(site)]

    def doors_of(self, site: Site) -> Doors:
        """Whether it is open now, by its hours and the calendar."""
        now = self.now()
        return doors_at(site.hours.daily, self.lookout.of(site.id, now).events, now, self.sites.timezone)

    @property
    def url(self) -> str:
        return self.sites.office.portal_url.rstrip("/")


def needs(sites: Sites) -> Iterable[tuple[tuple[str | int, ...], tuple[str, ...]]]:
    """The secrets that the portal reads, with where in sites.yaml each is asked for."""
    yield ("office", "portal_url"), ("grant-key",)
    yield ("office", "portal_url"), ("flow-key",)
    for name, policy in sites.policies.items():
        if "voucher" in policy.ways:
            yield ("policies", name, "ways"), ("voucher-key",)
    yield from sender_needs(sites)
    for number, nas in enumerate(sites.nases):
        for name in _secret_names(nas):
            yield ("nases", number, "id"), (name,)


def reception(sites: Sites, store: Store, clock: Clock, secrets: SecretSource) -> Reception:
    """All that the ways in work with; the key of vouchers only where a policy has them."""
    with_vouchers = any("voucher" in policy.ways for policy in sites.policies.values())
    desk = Desk(sites, secrets, Post())
    return Reception(
        sites=sites,
        store=store,
        key=secrets.read("grant-key"),
        voucher_key=secrets.read("voucher-key") if with_vouchers else None,
        passwords=BoundedPasswords(),
        desk=desk,
        outbox=Outbox(store, sites, clock, desk),
    )


def doors(sites: Sites, secrets: SecretSource) -> dict[str, Door]:
    """The NASes whose visitors come to us."""
    base = sites.office.portal_url.rstrip("/")
    ours = (nas for nas in sites.nases if NAS_KINDS[nas.kind].portal)
    return {nas.id: Door(nas, f"{base}/arrive/{nas.id}", _secret(nas, secrets)) for nas in ours}


def _secret(nas: Nas, secrets: SecretSource) -> Secret | None:
    names = _secret_names(nas)
    return secrets.first(*names) if names else None


def _secret_names(nas: Nas) -> list[str]:
    kind = NAS_KINDS[nas.kind]
    if kind.controller:
        return []  # RADIUS asks the controller, and it alone has its password
    return [kind.secret_name(nas.id, suffix) for suffix in kind.secrets]
