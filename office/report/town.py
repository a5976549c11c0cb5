"""All sites as one line of figures: what adds up is added, what does not is counted anew or left out (pure)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from office.report import figures, metrics
from office.report.availability import Condition, outage_lengths, seconds
from office.report.figures import Value
from office.report.lengths import added, median
from office.report.metrics import share
from office.report.month import Citizen, Echoes, Octets, Place, SiteMonth

EVERYWHERE = ""  # the site's id in the line of all


@dataclass(frozen=True)
class Devices:
    """Devices of a month over all sites, each once; ``across`` were at two sites or more."""

    all: int = 0
    seen_again: int = 0
    across: int = 0


def together(sites: Sequence[SiteMonth], devices: Devices, name: str) -> SiteMonth:
    """Facts of all sites that may be put together; conditions may not, because sites fail at the same time."""
    first = sites[0] if sites else SiteMonth("", ZoneInfo("UTC"), "", "", "")
    costs = [site.place.cost_per_month for site in sites if site.place.cost_per_month is not None]
    return SiteMonth(
        month=first.month,
        zone=first.zone,
        site=EVERYWHERE,
        name=name,
        kecamatan="",
        start=first.start,
        until=first.until,
        days=tuple(day for site in sites for day in site.days),
        dates=tuple(date for site in sites for date in site.dates),
        open_now=sum(site.open_now for site in sites),
        devices=devices.all,
        seen_again=devices.seen_again,
        across=devices.across,
        octets=_octets(site.octets for site in sites),
        corrections=_octets(site.corrections for site in sites),
        visit_minutes=added(site.visit_minutes for site in sites),
        hours=tuple(hour for site in sites for hour in site.hours),
        logins=tuple(login for site in sites for login in site.logins),
        incidents=tuple(sorted({i for site in sites for i in site.incidents}, key=lambda i: (i.opened_at, i.cause))),
        steps=added_steps(site.steps for site in sites),
        ways_in=added(site.ways_in for site in sites),
        portal_refusals=added_steps(site.portal_refusals for site in sites),
        late_sessions=sum(site.late_sessions for site in sites),
        citizen=_citizen([site.citizen for site in sites]),
        echoes=_echoes([site.echoes for site in sites]),
        complaints=tuple(complaint for site in sites for complaint in site.complaints),
        opinions=tuple(opinion for site in sites for opinion in site.opinions),
        place=Place(cost_per_month=sum(costs) if costs else None),
    )


def added_steps(many: Iterable[tuple[tuple[str, int], ...]]) -> tuple[tuple[str, int], ...]:
    together: Counter[str] = Counter()
    for steps in many:
        together.update(dict(steps))
    return tuple(sorted(together.items()))


def _echoes(many: Sequence[Echoes]) -> Echoes:
    return Echoes(
        trips=sum(one.trips for one in many),
        seconds=sum(one.seconds for one in many),
        worst=max((one.worst for one in many), default=0.0),
        tries=sum(one.tries for one in many),
        lost=sum(one.lost for one in many),
        hours=tuple(hour for one in many for hour in one.hours),
    )


def _citizen(many: Sequence[Citizen]) -> Citizen:
    return Citizen(
        walks=sum(one.walks for one in many),
        came_in=sum(one.came_in for one in many),
        answers=tuple(hour for one in many for hour in one.answers),
        speeds=tuple(speed for one in many for speed in one.speeds),
    )


def _octets(many: Iterable[Octets]) -> Octets:
    known = tuple(many)
    return Octets(sum(octets.download for octets in known), sum(octets.upload for octets in known))


def values(sites: Sequence[SiteMonth], devices: Devices, name: str) -> dict[str, Value]:
    """The figures of all sites; the highest of each are not at the same minute, so there is no peak of all."""
    lengths = [length for site in sites for length in outage_lengths(site.history, site.service)]
    middle = median(lengths)
    known = _availability([(site, site.service) for site in sites])
    return metrics.values(together(sites, devices, name)) | {
        "peak_clients": None,
        "peak_at": None,
        "saturated_hours": sum(metrics.saturated_hours(site) for site in sites),
        "availability": known,
        "availability_all_day": _availability([(site, ((site.start, site.until),)) for site in sites]),
        "availability_unknown_minutes": sum(figures.availability_unknown_minutes(site) for site in sites),
        "planned_minutes": sum(metrics.planned_minutes(site) for site in sites),
        "outages": None if known is None else len(lengths),
        "outage_median": None if middle is None else middle // 60,
        "outage_longest": max(lengths) // 60 if lengths else None,
    }


def _availability(times: Sequence[tuple[SiteMonth, tuple[tuple[int, int], ...]]]) -> float | None:
    """Of the known service time of all sites together."""
    up = sum(seconds(site.history, Condition.UP, service) for site, service in times)
    down = sum(seconds(site.history, Condition.DOWN, service) for site, service in times)
    return share(up, up + down)
