"""The table ``probes``: what the monitor asks as a visitor or a NAS would; without it, it asks nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hotspot.sites.table import Port, Table, Text
from hotspot.sites.values import Address, Id, Url


class Resolver(Table):
    """A name server that visitors use; it is asked for the portal's name."""

    id: Id
    address: Address


class StatusServer(Table):
    """Where RADIUS is asked by Status-Server, in the name and with the secret of ``nas``.

    RADIUS hears it when the monitor's address is that NAS's or stands among its ``sources``.
    """

    nas: Id
    address: Address
    auth: Port = 1812
    acct: Port = 1813


class Citizen(Table):
    """An interface of this machine inside a site's Wi-Fi, with an address by DHCP, and the resolver it was given.

    ``speed`` is a file on the internet that is downloaded once a day, up to 10 MB of it.
    """

    site: Id
    interface: Text
    dns: Address
    speed: Url | None = None


class Probes(Table):
    """``services`` are those of the table of that name, ``checks`` how phones see if they are online."""

    services: bool = True
    checks: bool = True
    dns: tuple[Resolver, ...] = ()
    radius: StatusServer | None = None
    citizens: tuple[Citizen, ...] = ()


def probe_problems(content: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Names that lead nowhere, in the file's plain content."""
    probes = content.get("probes")
    if not isinstance(probes, dict):
        return
    asked = probes.get("radius")
    if isinstance(asked, dict) and asked.get("nas") not in _ids(content, "nases"):
        yield ("probes", "radius", "nas"), f"there is no NAS {asked.get('nas')!r}"
    citizens = probes.get("citizens")
    for place, row in enumerate(citizens if isinstance(citizens, list) else ()):
        if isinstance(row, dict) and row.get("site") not in _ids(content, "sites"):
            yield ("probes", "citizens", place, "site"), f"there is no site {row.get('site')!r}"


def _ids(content: dict[str, Any], table: str) -> set[Any]:
    rows = content.get(table)
    return {row.get("id") for row in rows if isinstance(row, dict)} if isinstance(rows, list) else set()
