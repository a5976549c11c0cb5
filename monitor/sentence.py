"""One incident as one sentence for WhatsApp: what, since when, how long, who is without, why, what to do (pure)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from hotspot.sites import Sites
from monitor.catalogue import CAUSES, COUNTED, GRADES, UNITS, WORDS
from monitor.cause import Cause
from monitor.topology import Subject


@dataclass(frozen=True)
class Told:
    """What the sentence is about; ``closed_at`` makes it one about an end."""

    cause: Cause
    grade: str
    members: Collection[Subject]
    clients: int
    opened_at: float
    closed_at: float | None = None


def sentence(told: Told, sites: Sites, now: float) -> str:
    since = datetime.fromtimestamp(told.opened_at, sites.timezone)
    name = subject_name(told.cause, sites)
    if told.closed_at is not None:
        return WORDS["over"].format(name=name, lasted=duration(told.closed_at - told.opened_at))
    what = CAUSES[told.cause.name].format(name=name)
    start = WORDS["since"].format(clock=_clock(since, now, sites.timezone), lasted=duration(now - told.opened_at))
    why = GRADES.get((told.cause.name, told.grade), GRADES["", told.grade])
    parts = [f"{what} {start}", _affected(told, sites), why]
    return " ".join(f"{part}." for part in parts if part)


def subject_name(cause: Cause, sites: Sites) -> str:
    """A link by the places that it joins, a NAS or device by its site or district too."""
    if cause.kind == "site":
        return sites.site[cause.subject].name if cause.subject in sites.site else cause.subject
    if cause.kind == "district":
        return f"Kecamatan {sites.kecamatan_name.get(cause.subject, cause.subject)}"
    if cause.kind == "link":
        return _link_name(cause.subject, sites)
    place = _place(cause.subject, sites)
    return f"{cause.subject} ({place})" if place else cause.subject


def duration(seconds: float) -> str:
    """The two largest units that are not zero; less than a minute is said so."""
    rest, found = int(seconds), []
    for unit, size in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        number, rest = divmod(rest, size)
        if number:
            found.append(f"{number} {UNITS[unit]}")
    return " ".join(found[:2]) or UNITS["moment"]


def _affected(told: Told, sites: Sites) -> str:
    """Access points, gateways, links; nothing is counted that is not there."""
    counts = {"ap": 0, "device": 0, "nas": 0, "link": 0}
    for kind, name in told.members:
        device = sites.device.get(name)
        counts["ap" if kind == "device" and device and device.role == "ap" else kind] += 1
    counts["client"] = told.clients
    found = [COUNTED[what].format(n=_number(n)) for what, n in counts.items() if n]
    return WORDS["affected"].format(what=_listed(found)) if found else ""


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {WORDS['and']} {words[-1]}"


def _number(number: int) -> str:
    """With Indonesia's point between the thousands."""
    return f"{number:,}".replace(",", ".")


def _clock(since: datetime, now: float, zone: ZoneInfo) -> str:
    today = datetime.fromtimestamp(now, zone).date() == since.date()
    return f"{since:%H.%M}" if today else f"{since.day}/{since.month} {since:%H.%M}"


def _link_name(name: str, sites: Sites) -> str:
    link = sites.link.get(name)
    ends = [_place(end.device, sites) or end.device for end in (link.a, link.b) if end] if link else []
    places = list(dict.fromkeys(ends))
    return f"{'-'.join(places)} ({name})" if len(places) > 1 else name


def _place(node: str, sites: Sites) -> str:
    row = sites.device.get(node)
    site = (row.site if row else None) or (sites.nas[node].site if node in sites.nas else None)
    if site in sites.site:
        return sites.site[str(site)].name
    code = row.kecamatan if row else None
    return sites.kecamatan_name.get(code, code) if code else ""
