"""The book of a month, made from the store: facts, figures, and the figures of other months to compare with."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import Connection

from hotspot.clock import month_bounds
from hotspot.sites import Sites
from office.report import figures, freeze, late, metrics, town, upcoming, watched
from office.report.book import Book, figures_of, page
from office.report.contract import by_kecamatan, link_month
from office.report.figures import Value
from office.report.gather import gather, town_devices
from office.report.month import month_before
from office.report.writing import say

Tell = Callable[[str], None]


def silent(_: str) -> None:
    """Tells nobody how far the work has come."""


def bind(connection: Connection, sites: Sites, month: str, now: int, tell: Tell = silent) -> Book:
    """Everything about a month; ``tell`` hears what is being read."""
    tell(month)
    facts = gather(connection, sites, month, now)
    compared = []
    for months in (1, 12):
        tell(month_before(month, months))
        compared.append(_figures(connection, sites, month_before(month, months), now))
    previous, year_ago = compared
    devices = town_devices(connection, month)
    everywhere = say("all_sites")
    whole = town.together(facts, devices, everywhere)
    start, end = month_bounds(month, sites.timezone)
    until = min(end, max(start, now))
    links = watched.histories(connection, start, until, "link")
    return Book(
        month=month,
        until=until,
        running=now < end,
        sample=sites.sample,
        table=figures.report(month, facts),
        sites=tuple(page(one, previous.get(one.site), year_ago.get(one.site)) for one in facts),
        total=page(
            whole,
            previous.get(town.EVERYWHERE),
            year_ago.get(town.EVERYWHERE),
            town.values(facts, devices, everywhere),
        ),
        links=by_kecamatan(
            [link_month(known, links.get(known.link, ()), start, until) for known in watched.contracts(sites)]
        ),
        lessons=upcoming.lessons(connection, sites, until),
        differences=late.news(connection, month, start, end),
    )


def _figures(connection: Connection, sites: Sites, month: str, now: int) -> Mapping[str, dict[str, Value]]:
    """Those of a frozen month as they were frozen; nothing for a month of which nothing is known."""
    if closed := freeze.frozen(connection, month):
        return figures_of(closed.book)
    if not freeze.has_figures(connection, sites, month):
        return {}
    facts = gather(connection, sites, month, now)
    devices = town_devices(connection, month)
    known = {one.site: metrics.values(one) for one in facts}
    return known | {town.EVERYWHERE: town.values(facts, devices, "")}
