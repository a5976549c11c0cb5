"""The NASes that may talk to RADIUS, by the address that their packets come from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import ip_address

from hotspot.nas import NAS_KINDS
from hotspot.secret import SecretSource
from hotspot.sites import Sites
from hotspot.sites.model import Nas
from radius.receive import Peer

SHORTEST_SECRET = 16  # eight characters fall to one graphics card in a day


def needs(sites: Sites) -> Iterator[tuple[tuple[str | int, ...], tuple[str, ...]]]:
    """The secrets that RADIUS cannot run without, and which line of sites.yaml asks for each."""
    yield ("nases",), ("grant-key",)
    for position, nas in enumerate(sites.nases):
        if NAS_KINDS[nas.kind].speaks_radius:
            yield ("nases", position), (NAS_KINDS[nas.kind].secret_name(nas.id),)


def peers_of(sites: Sites, secrets: SecretSource) -> dict[str, Peer]:
    return {nas.address: _peer(nas, secrets) for nas in sites.nases if NAS_KINDS[nas.kind].speaks_radius}


def weak_secrets(peers: Iterable[Peer]) -> list[str]:
    """Sentences about secrets that can be guessed, or that one NAS shares with another."""
    by_secret: dict[bytes, list[str]] = {}
    for peer in peers:
        by_secret.setdefault(peer.secret, []).append(peer.nas)
    short = [
        f"{', '.join(nases)}: shorter than {SHORTEST_SECRET}"
        for s, nases in by_secret.items()
        if len(s) < SHORTEST_SECRET
    ]
    shared = [f"{', '.join(nases)}: the same" for nases in by_secret.values() if len(nases) > 1]
    return short + shared


def plain_address(address: str) -> str:
    """An IPv4 address that came in by an IPv6 socket, as sites.yaml writes it."""
    if not address.startswith("::ffff:"):
        return address
    mapped = getattr(ip_address(address), "ipv4_mapped", None)
    return str(mapped) if mapped else address


def _peer(nas: Nas, secrets: SecretSource) -> Peer:
    secret = secrets.read(NAS_KINDS[nas.kind].secret_name(nas.id)).octets
    return Peer(nas.id, nas.site, nas.kind, secret, nas.message_authenticator == "required")
