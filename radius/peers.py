"""The NASes that may talk to RADIUS: found by where their packets come from, remembered by what they have proved."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from ipaddress import ip_address, ip_network
from socket import AF_INET, AF_INET6, inet_pton

from hotspot.command import OperatorError
from hotspot.nas import NAS_KINDS
from hotspot.secret import SecretMissing, SecretSource, SecretUnusable
from hotspot.sites import Sites
from hotspot.sites.model import Nas
from radius.receive import Peer

SHORTEST_SECRET = 16  # eight characters fall to one graphics card in a day
_BITS = {4: 32, 6: 128}


class Peers:
    """Looked up by the longest prefix that holds an address; of two with one address sites.yaml says so itself."""

    def __init__(self, peers: Iterable[tuple[Peer, Iterable[str]]], sealing: Iterable[str] = ()) -> None:
        self.sealing = set(sealing)
        self._peer: dict[str, Peer] = {}
        self._exact: dict[str, str] = {}
        self._within: dict[tuple[int, int], dict[int, str]] = {}
        for peer, sources in peers:
            self._peer[peer.nas] = peer
            for source in sources:
                self._add(peer.nas, source)
        self._prefixes = sorted(self._within, key=lambda prefix: prefix[1])  # by what is cut off: the longest first

    def __iter__(self) -> Iterator[Peer]:
        return iter(list(self._peer.values()))

    def __len__(self) -> int:
        return len(self._peer)

    def find(self, address: str) -> Peer | None:
        """``address`` as the kernel writes it."""
        address = plain_address(address)
        nas = self._exact.get(address) or self._nas_around(address)
        return None if nas is None else self._peer[nas]

    def named(self, nas: str) -> Peer | None:
        return self._peer.get(nas)

    def prefer(self, nas: str, secret: bytes) -> None:
        """The secret that a NAS proved last is tried first, and is what it is asked under."""
        peer = self._peer[nas]
        others = tuple(other for other in peer.secrets if other != secret)
        self._peer[nas] = replace(peer, secrets=(secret, *others))

    def require_seal(self, nas: str) -> None:
        """For good: one that can seal its Access-Requests is not believed any more when it does not."""
        self._peer[nas] = replace(self._peer[nas], must_seal=True)
        self.sealing.add(nas)

    def settle(self, nas: str, *, written: bool) -> None:
        """What was learnt is in the store, and need not be learnt again."""
        if written and nas in self._peer:
            self._peer[nas] = replace(self._peer[nas], may_learn=False)

    def remember(self, before: Peers) -> None:
        """What was proved to those that these take the place of."""
        for peer in before:
            now = self._peer.get(peer.nas)
            if now is not None and peer.secrets[0] in now.secrets:
                self.prefer(peer.nas, peer.secrets[0])

    def _add(self, nas: str, source: str) -> None:
        network = ip_network(source)
        cut = _BITS[network.version] - network.prefixlen
        if cut == 0:
            self._exact[str(network.network_address)] = nas
        else:
            self._within.setdefault((network.version, cut), {})[int(network.network_address) >> cut] = nas

    def _nas_around(self, address: str) -> str | None:
        version = 6 if ":" in address else 4
        number: int | None = None
        for prefix in self._prefixes:
            if prefix[0] == version:
                number = _number(address) if number is None else number
                if (nas := self._within[prefix].get(number >> prefix[1])) is not None:
                    return nas
        return None


def needs(sites: Sites) -> Iterator[tuple[tuple[str | int, ...], tuple[str, ...]]]:
    """The secrets that RADIUS cannot run without, and which line of sites.yaml asks for each."""
    yield ("nases",), ("grant-key",)
    for position, nas in enumerate(sites.nases):
        if NAS_KINDS[nas.kind].speaks_radius:
            yield ("nases", position), (secret_name(nas),)
        if nas.controller is not None:
            yield ("nases", position, "controller"), (NAS_KINDS[nas.kind].secret_name(nas.id, "controller"),)


def peers_of(sites: Sites, secrets: SecretSource, sealing: Collection[str] = ()) -> Peers:
    """``sealing``: the NASes that are known to seal their Access-Requests."""
    try:
        return _peers_of(sites, secrets, sealing)
    except (SecretMissing, SecretUnusable) as error:
        raise OperatorError(str(error)) from None


def _peers_of(sites: Sites, secrets: SecretSource, sealing: Collection[str]) -> Peers:
    nases = (nas for nas in sites.nases if NAS_KINDS[nas.kind].speaks_radius)
    return Peers(((_peer(nas, secrets, sealing), _sources(nas)) for nas in nases), sealing)


def _sources(nas: Nas) -> tuple[str, ...]:
    return (nas.address, *nas.sources, *([] if nas.radsec is None else [nas.radsec]))


def weak_secrets(peers: Iterable[Peer]) -> list[str]:
    """Sentences about secrets that can be guessed, or that one NAS shares with another."""
    by_secret: dict[bytes, list[str]] = {}
    for peer in peers:
        by_secret.setdefault(peer.newest, []).append(peer.nas)
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


def secret_name(nas: Nas) -> str:
    return NAS_KINDS[nas.kind].secret_name(nas.id)


def previous_name(nas: Nas) -> str:
    """Where the secret lies that a NAS may still use while it is changed (``hotspot-radius rotate``)."""
    return NAS_KINDS[nas.kind].secret_name(nas.id, "previous")


def _peer(nas: Nas, secrets: SecretSource, sealing: Collection[str]) -> Peer:
    newest = secrets.read(secret_name(nas)).octets
    known: tuple[bytes, ...] = (newest,)
    with contextlib.suppress(SecretMissing):
        known = (secrets.read(previous_name(nas)).octets, newest)  # it was not told the newest yet, as far as we know
    must_seal = nas.message_authenticator == "required" or nas.id in sealing
    return Peer(nas.id, nas.site, nas.kind, known, newest, must_seal=must_seal, may_learn=not must_seal)


def _number(address: str) -> int:
    family = AF_INET6 if ":" in address else AF_INET
    return int.from_bytes(inet_pton(family, address.partition("%")[0]), "big")
