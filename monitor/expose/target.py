"""What the monitor watches, as the pages name it: every device and NAS of sites.yaml with its place and role."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hotspot.sites import Device, Nas, Sites


@dataclass(frozen=True)
class Target:
    """``kecamatan`` is the district's name, empty like ``site`` where sites.yaml does not say.

    ``model`` is the kind of device or NAS in sites.yaml, ``version`` of SNMP is empty where it is not asked.
    """

    kind: str  # device | nas
    id: str
    address: str
    role: str
    site: str
    kecamatan: str
    model: str
    version: str

    @property
    def snmp(self) -> bool:
        return bool(self.version)


def targets(sites: Sites) -> tuple[Target, ...]:
    return (*(_device(sites, one) for one in sites.devices), *(_nas(sites, one) for one in sites.nases))


def find(all_targets: Iterable[Target], name: str) -> Target | None:
    """By id, or by address as snmp_exporter's users write it; None for anything that is not in sites.yaml."""
    known = [one for one in all_targets if one.snmp and name in (one.id, one.address)]
    return known[0] if known else None


def _device(sites: Sites, one: Device) -> Target:
    site = one.site or ""
    code = one.kecamatan or (sites.site[site].kecamatan if site else "")
    place = sites.kecamatan_name.get(code, code)
    return Target("device", one.id, one.address, one.role, site, place, one.kind, _version(one))


def _nas(sites: Sites, one: Nas) -> Target:
    code = sites.site[one.site].kecamatan
    place = sites.kecamatan_name.get(code, code)
    return Target("nas", one.id, one.address, "nas", one.site, place, one.kind, _version(one))


def _version(one: Device | Nas) -> str:
    return one.snmp.version if one.snmp else ""
