"""The summary page and a site's page as plain values, made from facts (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hotspot.sites.model import Site, Sites
from office import alerts, town
from office import map as drawing
from office.facts import Complaint, Data, Incident, Now, Subject
from office.load import Uplinks, uplinks


@dataclass(frozen=True)
class SiteRow:
    """A site as it is now; ``number`` is also on its marker in the map."""

    number: int
    site: Site
    state: str
    is_open: bool
    clients: int
    sessions: int
    data: Data


@dataclass(frozen=True)
class IncidentRow:
    """An incident with its root's name and what lies in its shadow."""

    incident: Incident
    name: str
    sites: tuple[Site, ...]
    devices: int
    links: int


@dataclass(frozen=True)
class District:
    code: str
    name: str
    state: str


@dataclass(frozen=True)
class Overview:
    """The five numbers and what explains each."""

    clients: int
    sessions: int
    data: Data
    uplinks: Uplinks
    way_in: int | None
    alerts: Mapping[str, str]
    devices: town.Tally
    links: town.Tally
    heard: bool
    rows: tuple[SiteRow, ...]
    incidents: tuple[IncidentRow, ...]
    complaints: int
    least_left: float | None
    districts: tuple[District, ...]
    active_districts: int
    map: drawing.Drawing


def overview(sites: Sites, now: Now, incidents: Sequence[Incident], waiting: Sequence[Complaint]) -> Overview:
    rows = site_rows(sites, now)
    lines = uplinks(sites, now.last_hour)
    way_in = alerts.quantile(now.way_in, 0.95)
    least_left = min((complaint.left(now.at) for complaint in waiting), default=None)
    return Overview(
        clients=sum(row.clients for row in rows),
        sessions=sum(row.sessions for row in rows),
        data=sum((row.data for row in rows), Data()),
        uplinks=lines,
        way_in=way_in,
        alerts={
            "clients": alerts.of_clients({row.site.id: (row.clients, row.site.capacity) for row in rows}),
            "uplinks": alerts.of_uplinks(lines),
            "incidents": alerts.of_incidents(len(incidents), heard=bool(now.conditions)),
            "complaints": alerts.of_complaints(least_left),
            "way_in": alerts.of_way_in(way_in),
        },
        devices=town.devices(sites, now.conditions),
        links=town.links(sites, now.conditions),
        heard=bool(now.conditions),
        rows=rows,
        incidents=incident_rows(sites, incidents),
        complaints=len(waiting),
        least_left=least_left,
        districts=districts(sites, now),
        active_districts=town.active_districts(sites),
        map=drawing.draw(sites, now.conditions),
    )


def site_rows(sites: Sites, now: Now) -> tuple[SiteRow, ...]:
    return tuple(
        SiteRow(
            number=number,
            site=site,
            state=town.site_state(site, sites, now.conditions),
            is_open=site.hours.daily.is_open(now.at, sites.timezone),
            clients=now.clients.get(site.id, 0),
            sessions=now.sessions.get(site.id, 0),
            data=now.data.get(site.id, Data()),
        )
        for number, site in enumerate(sites.sites, 1)
    )


def districts(sites: Sites, now: Now) -> tuple[District, ...]:
    return tuple(District(p.code, p.name, town.district_state(p.code, sites, now.conditions)) for p in sites.kecamatan)


def incident_rows(sites: Sites, incidents: Sequence[Incident]) -> tuple[IncidentRow, ...]:
    return tuple(_incident_row(sites, incident) for incident in incidents)


def subject_name(subject: Subject, sites: Sites) -> str:
    """A site by its name, a link by the districts it joins, else the id; the file may have changed since then."""
    kind, name = subject
    if kind == "site" and name in sites.site:
        return sites.site[name].name
    if kind == "district":
        return sites.kecamatan_name.get(name, name)
    if kind != "link" or name not in sites.link:
        return name
    link = sites.link[name]
    ends = [sites.device.get(end.device) if end else None for end in (link.a, link.b)]
    codes = [ends[0].kecamatan if ends[0] else None, link.kecamatan or (ends[1].kecamatan if ends[1] else None)]
    places = list(dict.fromkeys(sites.kecamatan_name.get(code, code) for code in codes if code))
    return " - ".join(places) or name


def _incident_row(sites: Sites, incident: Incident) -> IncidentRow:
    everything = (incident.root, *incident.members)
    return IncidentRow(
        incident=incident,
        name=subject_name(incident.root, sites),
        sites=town.sites_among(everything, sites),
        devices=sum(kind in ("device", "nas") for kind, _ in incident.members),
        links=sum(kind == "link" for kind, _ in incident.members),
    )
