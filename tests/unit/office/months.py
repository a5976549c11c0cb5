"""Three months made by hand: one that grew, one with an outage, and one with a site where nobody was."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from zoneinfo import ZoneInfo

from hotspot.clock import day_bounds, month_bounds
from hotspot.nightly.figures import DayFigures
from hotspot.sites.values import OpeningHours
from office.report import figures, metrics, town
from office.report.availability import Condition, Piece, service_time
from office.report.book import Book, Difference, Values, page
from office.report.contract import Contract, link_month
from office.report.issue import Issue, Letterhead
from office.report.month import Citizen, Complaint, Hour, Incident, Octets, Opinion, Place, SiteMonth

WIB = ZoneInfo("Asia/Jakarta")
MONTH = "2026-10"
DAYS = tuple(f"{MONTH}-{day:02}" for day in range(1, 32))
START, END = month_bounds(MONTH, WIB)
HEAD = Letterhead("Kabupaten Contoh", "Dinas Kominfo Kabupaten Contoh", ("Jalan Contoh 1",), "Contoh")
ALWAYS = (Piece(START, END, Condition.UP),)
GB = 10**9
HOURS = OpeningHours(time(6), time(22))


def busy(site: str, name: str, devices: int, clients: int) -> SiteMonth:
    """A site with the same day every day: its evening hours hold ``clients``."""
    day = DayFigures(
        sessions=devices * 2, visits=devices + devices // 4, devices=devices, random_macs=devices * 3 // 4,
        seconds=devices * 2400, peak_clients=clients + 5, peak_at=START + 19 * 3600,
    )  # fmt: skip
    evening = [day_bounds(date, WIB)[0] + hour * 3600 for date in DAYS for hour in (18, 19, 20)]
    return SiteMonth(
        month=MONTH,
        zone=WIB,
        site=site,
        name=name,
        kecamatan="33.06.06",
        start=START,
        until=END,
        days=(day,) * 31,
        dates=DAYS,
        devices=devices * 12,
        seen_again=devices * 4,
        octets=Octets(GB * devices, GB * devices // 10),
        visit_minutes=((15, devices * 8), (40, devices * 15), (95, devices * 7), (481, 2)),
        hours=tuple(Hour(start, clients * 3600, clients, Octets(GB * devices // 93, GB // 10)) for start in evening),
        logins=(("accepted", devices * 60), ("full", devices), ("time-used", devices * 2)),
        steps=(("page", devices * 70), ("submit", devices * 62), ("accept", devices * 60), ("traffic", devices * 58)),
        ways_in=((4, devices * 20), (9, devices * 30), (31, devices * 8)),
        portal_refusals=(("closed", devices), ("full", 3)),
        history=ALWAYS,
        service=service_time(HOURS, START, END, WIB),
        complaints=(Complaint(START + 9000, START + 60_000), Complaint(START + 90_000, START + 300_000, "twitter")),
        opinions=tuple(Opinion(element, 3 + (number % 3 == 0)) for number in range(6) for element in range(1, 10)),
        place=Place(1_500_000, 3, 120, 50_000_000),
    )


def growth() -> Issue:
    """Everything is more than before, and the evenings are full."""
    sites = (busy("alun", "Alun-alun", 240, 110), busy("taman", "Taman Kota", 120, 40))
    before = [_less(metrics.values(site), 4, 5) for site in sites]
    probe = Citizen(1440, 1431, (0.021, 0.024, 0.060), (7.9e6, 8.1e6, 6.4e6))
    probed = (replace(sites[0], citizen=probe), sites[1])
    return _issue(probed, before, year_ago=[_less(metrics.values(site), 1, 2) for site in sites])


def outage() -> Issue:
    """A link was cut for three days; nothing is known of the year before."""
    cut, mended = day_bounds("2026-10-12", WIB)[0] + 36_000, day_bounds("2026-10-15", WIB)[0] + 50_000
    pieces = (
        Piece(START, cut, Condition.UP),
        Piece(cut, mended, Condition.DOWN),
        Piece(mended, END - 86_400, Condition.UP),
    )
    incident = Incident(7, "link-down", cut, mended)
    whole, broken = busy("alun", "Alun-alun", 200, 60), busy("taman", "Taman Kota", 90, 25)
    late = (Complaint(cut + 3600, cut + 200_000), Complaint(cut + 9000, None))
    broken = replace(broken, history=pieces, incidents=(incident,), complaints=late, opinions=())
    alone = (replace(broken.days[0], by_itself=7), *broken.days[1:])
    sites = (replace(whole, opinions=()), replace(broken, days=alone, late_sessions=2))
    issue = _issue(sites, [metrics.values(site) for site in sites])
    came_late = Difference("2026-09", "taman", 2, 2, 3 * GB // 2, GB // 10)
    return replace(issue, book=replace(issue.book, differences=(came_late,)))


def empty() -> Issue:
    """One site where nobody was and nothing is known, beside one that works: nothing is divided by zero."""
    nobody = SiteMonth(
        MONTH, WIB, "taman", "Taman Kota", "33.06.09", START, END,
        service=service_time(HOURS, START, END, WIB), place=Place(900_000, 0, 50),
    )  # fmt: skip
    alone = replace(busy("alun", "Alun-alun", 60, 20), complaints=(), logins=(), opinions=())
    return _issue((alone, nobody), None)


def nothing() -> Issue:
    """No site saw anybody."""
    return _issue((SiteMonth(MONTH, WIB, "taman", "Taman Kota", "33.06.09", START, END, place=Place(900_000)),), None)


def _less(values: Values, part: int, whole: int) -> Values:
    return {name: value * part // whole if isinstance(value, int) else value for name, value in values.items()}


def _issue(sites: tuple[SiteMonth, ...], before: list[Values] | None, year_ago: list[Values] | None = None) -> Issue:
    devices = town.Devices(
        sum(site.devices for site in sites) * 9 // 10, sum(site.seen_again for site in sites), len(sites) * 10
    )
    nothing_before: list[Values | None] = [None] * len(sites)
    whole, values = town.together(sites, devices, "Semua lokasi"), town.values(sites, devices, "Semua lokasi")
    pairs = zip(sites, before or nothing_before, year_ago or nothing_before, strict=True)
    link = Contract("grabag", "33.06.01", "Grabag", "PT Contoh", "active", 99.5, 0)
    return Issue(
        Book(
            month=MONTH,
            until=END,
            running=False,
            sample=False,
            table=figures.report(MONTH, sites),
            sites=tuple(page(site, old, older) for site, old, older in pairs),
            total=page(
                whole,
                None if before is None else _less(values, 4, 5),
                None if year_ago is None else _less(values, 1, 2),
                values,
            ),
            links=(link_month(link, (), START, END),),
        ),
        HEAD,
        WIB,
        END + 3 * 86_400,
        sha256="ab" * 32,
        frozen_at=END + 3 * 86_400,
        verify_url=f"https://contoh.example/verify/{MONTH}/{'ab' * 32}",
    )
