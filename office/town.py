"""What the monitor's words about devices, NASes and links say of sites and districts (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hotspot.sites.model import Link, Site, Sites
from office.facts import Condition, Subject

UP, WEAK, DOWN, SHADOW, UNKNOWN = "up", "weak", "down", "shadow", "unknown"
Conditions = Mapping[Subject, Condition]


@dataclass(frozen=True)
class Tally:
    """How many of those that are watched are up."""

    up: int
    watched: int


def site_state(site: Site, sites: Sites, conditions: Conditions) -> str:
    """A dead or darkened NAS decides; else its access points do; a NAS that nothing polls is no fault."""
    nases = {_word(("nas", nas.id), conditions) for nas in sites.nases if nas.site == site.id}
    points = [_word(("device", d.id), conditions) for d in sites.devices if d.site == site.id and d.role == "ap"]
    for word in (DOWN, SHADOW):
        if word in nases:
            return word
    known = [word for word in (*nases, *points) if word != UNKNOWN]
    if not known:
        return UNKNOWN
    heard = [word for word in points if word != UNKNOWN]
    if heard and all(word in (DOWN, SHADOW) for word in heard):
        return DOWN if DOWN in heard else SHADOW
    return UP if all(word == UP for word in known) else WEAK


def link_state(link: Link, conditions: Conditions) -> str:
    """``planned`` and ``building`` as declared; an active link as the monitor sees it."""
    return _word(("link", link.id), conditions) if link.status == "active" else link.status


def district_state(code: str, sites: Sites, conditions: Conditions) -> str:
    """That of the link which brings the network to a district: the best one when there are several."""
    order = (UP, WEAK, DOWN, SHADOW, UNKNOWN, "building", "planned")
    words = {link_state(link, conditions) for link in sites.links if link.kecamatan == code}
    return next((word for word in order if word in words), "planned")


def active_districts(sites: Sites) -> int:
    """Districts that an active link reaches."""
    return len({link.kecamatan for link in sites.links if link.kecamatan and link.status == "active"})


def devices(sites: Sites, conditions: Conditions) -> Tally:
    """Devices and NASes; one that is only weak is up."""
    subjects = [("device", d.id) for d in sites.devices] + [("nas", n.id) for n in sites.nases]
    return _tally(subjects, conditions)


def links(sites: Sites, conditions: Conditions) -> Tally:
    return _tally([("link", link.id) for link in sites.links if link.status == "active"], conditions)


def subjects_of(site: Site, sites: Sites) -> frozenset[Subject]:
    """The site itself (a foreign DHCP server has no other name) and all equipment at it."""
    nases = {("nas", nas.id) for nas in sites.nases if nas.site == site.id}
    devices = {("device", device.id) for device in sites.devices if device.site == site.id}
    return frozenset({("site", site.id)} | nases | devices)


def sites_among(subjects: Iterable[Subject], sites: Sites) -> tuple[Site, ...]:
    """Sites that have something among the subjects, in the file's order."""
    wanted = frozenset(subjects)
    return tuple(site for site in sites.sites if subjects_of(site, sites) & wanted)


def _word(subject: Subject, conditions: Conditions) -> str:
    return conditions[subject].word if subject in conditions else UNKNOWN


def _tally(subjects: list[Subject], conditions: Conditions) -> Tally:
    words = [_word(subject, conditions) for subject in subjects]
    return Tally(up=sum(word in (UP, WEAK) for word in words), watched=len(words))
