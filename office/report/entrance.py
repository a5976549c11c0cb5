"""How visitors got in, for the report: the steps, how long it took, and what stopped the others (pure)."""

from __future__ import annotations

from collections.abc import Iterator

from office.report import writing
from office.report.book import Page
from office.report.document import Block, Paragraph, Table
from office.report.writing import number, percent, say

STEPS = ("page", "submit", "accept", "traffic")


def entrance(page: Page) -> Iterator[Block]:
    yield from map(Paragraph, _sentences(page))
    yield from _steps(page)
    yield from _reasons(page)


def _sentences(page: Page) -> Iterator[str]:
    values = page.values
    if values["login_success"] is None:
        yield say("logins_none")
    else:
        yield say(
            "logins",
            tries=number(int(values["login_tries"] or 0)),
            success=percent(float(values["login_success"])),
            refused=number(int(values["login_refused"] or 0)),
        )
    if values.get("way_in_median") is None or values.get("way_in_p95") is None:
        yield say("way_in_none")
    else:
        yield say(
            "way_in",
            median=number(int(values["way_in_median"] or 0)),
            p95=number(int(values["way_in_p95"] or 0)),
        )
    if alone := int(values.get("by_itself") or 0):
        yield say("by_itself", sessions=number(alone))


def _steps(page: Page) -> Iterator[Block]:
    known = dict(page.steps)
    if not any(known.get(step) for step in STEPS):
        return
    labels, names = writing.words()["tables"], writing.words()["steps"]
    rows = tuple((names[step], number(known.get(step, 0))) for step in STEPS)
    yield Table((labels["step"], labels["times"]), rows, numbers=frozenset({1}), widths=(0.7, 0.3), small=True)


def _reasons(page: Page) -> Iterator[Block]:
    """Those of the portal and those of RADIUS apart: one visitor may have met both."""
    labels, names = writing.words()["tables"], writing.words()["refusals"]
    told = [(labels["portal"], *one) for one in page.portal_refusals] + [("RADIUS", *one) for one in page.refusals]
    if told:
        rows = tuple((str(names.get(reason, reason)).capitalize(), by, number(times)) for by, reason, times in told)
        head = (labels["reason"], labels["by"], labels["times"])
        yield Table(head, rows, numbers=frozenset({2}), widths=(0.5, 0.2, 0.3), small=True)
