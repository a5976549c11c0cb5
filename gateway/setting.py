"""Which NAS of sites.yaml this machine is, and what follows from that: its place, its site's policy, whom it asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from gateway.capport import certificate_fault
from gateway.identity import Identity
from gateway.place import Place
from gateway.radius_client import Server
from hotspot.allowance import Limits, Usage, left, limits
from hotspot.command import OperatorError
from hotspot.nas import NAS_KINDS
from hotspot.sites import Nas, Sites
from hotspot.sites.gateway import Gateway
from hotspot.sites.load import SecretNeeds
from hotspot.sites.model import Policy

KIND = "linux"
COA_PORT = 3799


@dataclass(frozen=True)
class Setting:
    """Everything that the sites file says to this gateway, and its certificate, where it has one.

    A certificate with a fault closes no door: it is as good as none, and the fault is told.
    """

    nas: Nas
    gateway: Gateway
    policy: Policy
    portal_url: str
    place: Place
    sample: bool
    certificate: Path | None
    certificate_fault: str | None

    @property
    def venue_url(self) -> str:
        """The portal's page of this place."""
        return f"{self.portal_url.rstrip('/')}/venue/{self.nas.site}"

    @property
    def identity(self) -> Identity:
        return Identity(self.nas.id, ip_address(self.nas.address))

    @property
    def servers(self) -> tuple[Server, ...]:
        box = self.gateway
        return tuple(Server(address, box.auth_port, box.acct_port) for address in box.radius)

    @property
    def limits(self) -> Limits:
        """Of a client of whom RADIUS says no limits, or says nothing at all: those of a day that has just begun."""
        return limits(self.policy, left(self.policy, Usage()), self.policy.visit.time)


def setting_of(sites: Sites, nas_id: str | None, certificate: Path | None = None) -> Setting:
    nas = _chosen(sites, nas_id)
    if certificate is not None and nas.gateway is not None and nas.gateway.name is None:
        raise OperatorError(
            f"NAS {nas.id} has a certificate and no name; write the certificate's name into its gateway"
        )
    if nas.gateway is None:  # sites.yaml is not read without it; this tells the type checker
        raise OperatorError(f"NAS {nas.id} has no table gateway")
    fault = certificate_fault(certificate, nas.gateway.name) if certificate and nas.gateway.name else None
    believed = certificate if fault is None else None
    return Setting(
        nas=nas,
        gateway=_with_family_filter(nas.gateway, sites.site[nas.site].family_dns),
        policy=sites.policy_of(sites.site[nas.site]),
        portal_url=sites.office.portal_url,
        place=_place(sites, nas.gateway, speaks_tls=believed is not None),
        sample=sites.sample,
        certificate=believed,
        certificate_fault=fault,
    )


def _with_family_filter(box: Gateway, resolvers: tuple[str, ...]) -> Gateway:
    """A site's filtering resolvers are the only ones that its box asks."""
    return box.model_copy(update={"resolvers": resolvers}) if resolvers else box


def needs_of(nas_id: str | None) -> SecretNeeds:
    """The secrets of this gateway alone; those of its neighbours lie elsewhere."""

    def needs(sites: Sites) -> Iterator[tuple[tuple[str | int, ...], tuple[str, ...]]]:
        kind = NAS_KINDS[KIND]
        for position, nas in enumerate(sites.nases):
            if nas.kind == KIND and nas_id in (None, nas.id):
                for suffix in ("", *kind.secrets):
                    yield ("nases", position), (kind.secret_name(nas.id, suffix),)

    return needs


def _chosen(sites: Sites, nas_id: str | None) -> Nas:
    ours = {nas.id: nas for nas in sites.nases if nas.kind == KIND}
    if nas_id is None and len(ours) == 1:
        return next(iter(ours.values()))
    if nas_id in ours:
        return ours[nas_id]
    known = f"sites.yaml has {', '.join(ours)}" if ours else f"sites.yaml has no NAS of kind {KIND}"
    asked = "say with --nas which one this machine is" if nas_id is None else f"{nas_id} is none of them"
    raise OperatorError(f"{asked}: {known}")


def _place(sites: Sites, box: Gateway, *, speaks_tls: bool) -> Place:
    """Reachable before login: the portal, and the regency's own services, by name."""
    urls = (sites.office.portal_url, *(service.url for service in sites.services))
    names = tuple(dict.fromkeys(host for url in urls if (host := urlsplit(url).hostname)))
    api = box.api_port if speaks_tls else None
    return Place(box.lan, box.wan, box.network, box.network6, box.login_port, names, box.nat, api)
