"""From what stations announce to incidents: two that speak for the gateway, a router that nobody put there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, insert, select, update

from hotspot.sites.model import Sensor
from hotspot.tables import incidents
from monitor.rogue import QUIET_LOOKS, Claim, Look

ARP, RA = "rogue-arp", "rogue-ra"
CAUSES = (ARP, RA)
_VIRTUAL = "00:00:5e"  # VRRP (RFC 9568 section 7.3): two routers may share the gateway's address by turns
NEIGHBOURS = ("lldp", "cdp", "mndp")


def strangers(claims: Iterable[Claim], sensor: Sensor) -> Mapping[str, str]:
    """Evidence by cause."""
    known, found = list(claims), {}
    speakers = {(one.maker, one.mark) for one in known if one.kind == "arp" and one.maker != _VIRTUAL}
    if sensor.gateway and len(speakers) > 1:
        makers = ", ".join(sorted(maker for maker, _ in speakers))
        found[ARP] = (
            f"{len(speakers)} stations on {sensor.interface} say that they are the gateway {sensor.gateway}; "
            f"their hardware addresses begin with {makers}"
        )
    routers = {one.who: one for one in known if one.kind == "ra" and one.who not in sensor.routers}
    if routers:
        told = ", ".join(f"{who} ({one.maker}) for {one.port or 'no prefix'}" for who, one in sorted(routers.items()))
        found[RA] = f"routers on {sensor.interface} that sites.yaml does not name: {told}"
    return found


def neighbours(claims: Iterable[Claim]) -> frozenset[tuple[str, str]]:
    """(name, port) of the switches that this interface hangs on, by their own announcements."""
    return frozenset((one.who, one.port) for one in claims if one.kind in NEIGHBOURS)


@dataclass
class Strangers:
    """One open incident for each cause at a site; it ends when some looks in a row do not see it."""

    sensors: tuple[Sensor, ...]
    _quiet: dict[int, int] = field(default_factory=dict)

    def take(self, connection: Connection, look: Look, now: float) -> Mapping[str, str]:
        """Write what a look changes; return the causes that are new, with their evidence."""
        sensor = next((one for one in self.sensors if one.interface == look.interface), None)
        if sensor is None:
            return {}
        found, opened = strangers(look.claims, sensor), self._open(connection, sensor.site)
        for cause, number in opened.items():
            self._quiet[number] = 0 if cause in found else self._quiet.get(number, 0) + 1
            if self._quiet[number] >= QUIET_LOOKS:
                del self._quiet[number]
                connection.execute(update(incidents).where(incidents.c.id == number).values(closed_at=int(now)))
        new = {cause: told for cause, told in found.items() if cause not in opened}
        for cause, told in new.items():
            row = {"cause": cause, "kind": "site", "subject": sensor.site, "evidence": told}
            connection.execute(insert(incidents).values(**row, clients=0, opened_at=int(now)))
        return new

    @staticmethod
    def _open(connection: Connection, site: str) -> dict[str, int]:
        query = select(incidents.c.cause, incidents.c.id).where(
            incidents.c.cause.in_(CAUSES), incidents.c.closed_at.is_(None), incidents.c.subject == site
        )
        return {row.cause: row.id for row in connection.execute(query)}
