"""What is polled and how: devices and NASes of sites.yaml with their SNMP access, and the secrets that this needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hotspot.command import OperatorError
from hotspot.secret import SecretMissing, SecretSource, SecretUnusable
from hotspot.sites import Device, Nas, Sites
from hotspot.sites.document import Path
from monitor.kinds import Kind, kind_of
from monitor.snmp.agent import Access

COMMUNITY = "snmp-community"


@dataclass(frozen=True)
class Subject:
    """A device or NAS that is polled by SNMP, by echoes, or by both."""

    kind: str  # device | nas
    id: str
    address: str
    reads: Kind
    access: Access | None
    ping: bool


def needs(sites: Sites) -> Iterable[tuple[Path, tuple[str, ...]]]:
    """For hotspot.sites.load: which secrets have to be there, and which line asks for them."""
    tables: dict[str, Sequence[Device | Nas]] = {"nases": sites.nases, "devices": sites.devices}
    for table, rows in tables.items():
        for place, row in enumerate(rows):
            for names in _secret_names(row):
                yield (table, place, "snmp"), names


def subjects(sites: Sites, secrets: SecretSource) -> dict[str, Subject]:
    """Everything that can be polled, by id. A NAS without SNMP and ping is not: RADIUS hears it, or nothing does."""
    found = {}
    rows: tuple[Device | Nas, ...] = (*sites.devices, *sites.nases)
    for row in rows:
        if row.snmp or row.ping:
            kind = "device" if isinstance(row, Device) else "nas"
            access = _access(row, secrets) if row.snmp else None
            found[row.id] = Subject(kind, row.id, row.address, kind_of(row.kind), access, row.ping)
    return found


def _secret_names(row: Device | Nas) -> Iterable[tuple[str, ...]]:
    """The message about a missing community names the one that serves all devices."""
    if row.snmp is None:
        return
    if row.snmp.version != "3":
        yield COMMUNITY, f"device-{row.id}-community"
        return
    if row.snmp.auth:
        yield (f"snmp-{row.snmp.user}-auth",)
    if row.snmp.priv:
        yield (f"snmp-{row.snmp.user}-priv",)


def _access(row: Device | Nas, secrets: SecretSource) -> Access:
    assert row.snmp  # noqa: S101 - subjects() asks only for rows that have it
    snmp, user = row.snmp, row.snmp.user or ""
    try:
        if snmp.version != "3":
            community = secrets.first(f"device-{row.id}-community", COMMUNITY)
            return Access(row.address, snmp.port, snmp.version, community)
        auth = secrets.read(f"snmp-{user}-auth") if snmp.auth else None
        priv = secrets.read(f"snmp-{user}-priv") if snmp.priv else None
    except (SecretMissing, SecretUnusable) as error:
        raise OperatorError(str(error)) from error
    return Access(row.address, snmp.port, "3", None, user, snmp.auth, auth, snmp.priv, priv)
