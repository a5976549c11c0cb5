"""From what a sensor saw to an incident: a DHCP server that sites.yaml does not name is a rogue."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address

from sqlalchemy import Connection, func, insert, select, update

from hotspot.sites.model import Sensor
from hotspot.tables import incidents

CAUSE = "rogue-dhcp"
QUIET_LOOKS = 3  # looks in a row without it before its incident closes: one offer is easily lost
_MOST_SERVERS = 32
_MOST_CLAIMS = 64


@dataclass(frozen=True)
class Server:
    """A DHCP server as it named itself; ``maker`` is the first half of its hardware address."""

    server: str
    router: str = ""
    maker: str = ""


@dataclass(frozen=True)
class Claim:
    """What a station announced unasked (monitor/sidecar/neighbours.py): kind is arp, ra, lldp, cdp or mndp."""

    kind: str
    who: str
    port: str = ""
    maker: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Look:
    """One look of a sensor at its network."""

    interface: str
    servers: tuple[Server, ...]
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True)
class Finding:
    """A foreign server at a site."""

    site: str
    interface: str
    server: Server


def read_look(line: bytes) -> Look | None:
    """A line from the sensor; None for anything else, because whoever may open the socket may write to it."""
    try:
        said = json.loads(line)
        if said["probe"] != "dhcp" or not isinstance(said["interface"], str):
            return None
        servers = tuple(_server(one) for one in said["servers"][:_MOST_SERVERS])
        claims = tuple(_claim(one) for one in said.get("claims", ())[:_MOST_CLAIMS])
        return Look(said["interface"][:15], servers, claims)
    except (ValueError, KeyError, TypeError):
        return None


def _server(said: Mapping[str, str]) -> Server:
    router = said.get("router", "")
    return Server(str(ip_address(said["server"])), str(ip_address(router)) if router else "", said["maker"][:8])


def _claim(said: Mapping[str, str]) -> Claim:
    return Claim(*(str(said[key])[:64] for key in ("kind", "who", "port", "maker", "mark")))


def foreign(look: Look, sensors: Iterable[Sensor]) -> tuple[Finding, ...]:
    """The servers of a look that its sensor's list does not allow; a look from an unknown interface says nothing."""
    for sensor in sensors:
        if sensor.interface == look.interface:
            strangers = (one for one in look.servers if one.server not in sensor.dhcp_servers)
            return tuple(Finding(sensor.site, look.interface, one) for one in strangers)
    return ()


def incident(finding: Finding, now: float) -> dict[str, str | int]:
    """The row of ``incidents`` for a finding; its subject is the site, the evidence says where to look."""
    one = finding.server
    told = f"DHCP server {one.server} on {finding.interface} is not among dhcp_servers of sites.yaml"
    told += f"; it sends clients to the router {one.router or 'nowhere'}; its hardware address begins with {one.maker}"
    return {
        "cause": CAUSE,
        "kind": "site",
        "subject": finding.site,
        "evidence": told,
        "clients": 0,
        "opened_at": int(now),
    }


def of_evidence(text: str) -> tuple[str, str]:
    """(server, interface) of an incident that :func:`incident` wrote."""
    words = text.split(" ", 5)
    return words[2], words[4]


def open_rogues(connection: Connection) -> int:
    """How many rogue servers have an open incident."""
    query = select(func.count()).where(incidents.c.cause == CAUSE, incidents.c.closed_at.is_(None))
    return int(connection.execute(query).scalar_one())


@dataclass
class Rogues:
    """Keeps the open rogue incidents in step with the looks: one incident for each foreign server at a site."""

    sensors: tuple[Sensor, ...]
    _quiet: dict[int, int] = field(default_factory=dict)  # incident -> looks in a row without it

    def take(self, connection: Connection, look: Look, now: float) -> tuple[Finding, ...]:
        """Write what a look changes; return the servers that are new."""
        sites = {sensor.site for sensor in self.sensors if sensor.interface == look.interface}
        found = {finding.server.server: finding for finding in foreign(look, self.sensors)}
        known = {server: number for number, server in self._open(connection, sites, look.interface)}
        for server, number in known.items():
            self._quiet[number] = 0 if server in found else self._quiet.get(number, 0) + 1
            if self._quiet[number] >= QUIET_LOOKS:
                del self._quiet[number]
                connection.execute(update(incidents).where(incidents.c.id == number).values(closed_at=int(now)))
        new = tuple(finding for server, finding in found.items() if server not in known)
        for finding in new:
            connection.execute(insert(incidents).values(**incident(finding, now)))
        return new

    @staticmethod
    def _open(connection: Connection, sites: Iterable[str], interface: str) -> Iterable[tuple[int, str]]:
        query = select(incidents.c.id, incidents.c.evidence).where(
            incidents.c.cause == CAUSE, incidents.c.closed_at.is_(None), incidents.c.subject.in_(sorted(sites))
        )
        for number, text in connection.execute(query).all():
            server, where = of_evidence(text)
            if where == interface:
                yield number, server
