"""Where NASes listen for what RADIUS wants of them (RFC 5176): their side of the wire, from sites.yaml."""

from __future__ import annotations

from dataclasses import dataclass

from hotspot.nas import NAS_KINDS
from hotspot.secret import SecretSource
from hotspot.sites import Sites


@dataclass(frozen=True, slots=True)
class Station:
    """``address`` is None for a NAS without ``coa_port``, which hears nothing."""

    kind: str
    secret: bytes
    address: tuple[str, int] | None


def stations_of(sites: Sites, secrets: SecretSource) -> dict[str, Station]:
    return {
        nas.id: Station(
            nas.kind,
            secrets.read(NAS_KINDS[nas.kind].secret_name(nas.id)).octets,
            None if nas.coa_port is None else (nas.address, nas.coa_port),
        )
        for nas in sites.nases
        if NAS_KINDS[nas.kind].speaks_radius
    }
