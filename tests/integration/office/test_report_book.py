"""A month's book from a store: the same before and after the roll-up, with everything that a site's page needs."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Table, insert

from hotspot import nightly
from hotspot.command import Settings
from hotspot.sites import Sites
from hotspot.store import Store
from hotspot.tables import (
    calendar,
    incident_members,
    incidents,
    intervals,
    login_hours,
    maintenances,
    portal_tallies,
    reading_hours,
    sessions,
    site_days,
    usage_hours,
)
from office.report.bind import bind
from office.report.book import Book, Difference, Page, one_site, written
from office.report.freeze import freeze, frozen
from office.report.late import since_frozen as late_after
from tests.conftest import ROOT, FixedClock
from tests.integration.office.test_report import BESAR, MUSEUM, known, november, used
from tests.rows import at, session

NOW = "2026-12-03T12:00"


class Month:
    """A store with its surroundings, bound at a time."""

    def __init__(self, store: Store, sites: Sites, state: Path) -> None:
        self.store, self.sites, self.state = store, sites, state

    def put(self, table: Table, *rows: dict[str, object]) -> None:
        with self.store.writing() as connection:
            connection.execute(insert(table), list(rows))

    def nightly(self, when: str) -> None:
        url = self.store.engine.url.render_as_string(hide_password=False)
        settings = Settings(ROOT / "sites.yaml", self.state, url, None, False, "info", {})
        assert nightly.run(settings, self.sites, self.store, FixedClock(at(when))) == 0

    def book(self, when: str = NOW) -> Book:
        with self.store.reading() as connection:
            return bind(connection, self.sites, "2026-11", at(when))

    def page(self, site: str, when: str = NOW) -> Page:
        found = one_site(self.book(when).sites, site)
        assert found is not None
        return found


@pytest.fixture
def month(either_store: Store, sites: Sites, tmp_path: Path) -> Month:
    return Month(either_store, sites, tmp_path)


def test_every_figure_is_the_same_before_and_after_the_roll_up_and_after_sessions_are_deleted(month: Month) -> None:
    november(month)  # type: ignore[arg-type]  # it needs put() alone
    live = month.book()
    month.nightly("2026-12-03T12:00")
    rolled = month.book()
    month.nightly("2027-02-01T12:00")
    later = month.book("2027-02-01T12:10")

    known_later = (
        "devices_month",
        "new",
        "returning",
        "across",
    )  # noted by the nightly job alone, while MACs are there
    for one in (rolled, later):
        for before, after in zip((*live.sites, live.total), (*one.sites, one.total), strict=True):
            assert before.week == after.week
            assert before.days == after.days
            assert before.crowds == after.crowds
            for name, value in before.values.items():
                assert name in known_later or after.values[name] == value, name
    assert written(rolled) == written(month.book())


def test_a_month_is_compared_with_the_one_before_and_the_same_of_last_year(month: Month) -> None:
    counts = dict.fromkeys(("devices_not_counted", "random_macs", "unstopped", "peak_clients", "seconds"), 0)
    days = {"2025-11-10": 4, "2026-10-10": 10, "2026-11-10": 20}
    for day, devices in days.items():
        row = {"site": BESAR, "day": day, "sessions": devices, "visits": devices, "devices": devices} | counts
        month.put(site_days, row | {"peak_at": None, "rolled_at": 1})
    page = month.page(BESAR)

    assert page.previous is not None
    assert page.year_ago is not None
    assert (page.values["visits"], page.previous["visits"], page.year_ago["visits"]) == (20, 10, 4)


def test_a_month_before_the_beginning_is_no_month_of_zeros(month: Month) -> None:
    month.put(usage_hours, used(BESAR, "2026-11-05T10:00", 90, 10))
    book = month.book()

    assert (book.total.previous, book.total.year_ago) == (None, None)


def test_logins_incidents_planned_work_and_lines_reach_the_page(month: Month) -> None:
    gate = f"gw-{BESAR}"
    hour = at("2026-11-05T10:00")
    month.put(
        login_hours,
        {"site": BESAR, "hour": hour, "way": "tap", "result": "accepted", "number": 9},
        {"site": BESAR, "hour": hour, "way": "tap", "result": "full", "number": 1},
    )
    month.put(intervals, known(gate, "up", "2026-11-01T00:00", "2026-11-02T00:00"))
    month.put(intervals, known(gate, "down", "2026-11-02T00:00", "2026-11-02T12:00"))
    work = {"kind": "device", "subject": "sw-purworejo", "reason": "x", "created_by": "a", "created_at": 1}
    month.put(maintenances, work | {"began_at": at("2026-11-02T06:00"), "ends_at": at("2026-11-02T10:00")})
    incident = {"id": 7, "cause": "link-down", "kind": "link", "subject": "purworejo", "evidence": "{}", "clients": 1}
    month.put(incidents, incident | {"opened_at": at("2026-11-02T00:00"), "closed_at": at("2026-11-02T12:00")})
    month.put(incident_members, {"incident": 7, "kind": "nas", "subject": gate, "joined_at": at("2026-11-02T00:00")})
    month.put(intervals, known("purworejo", "up", "2026-11-01T00:00", "2026-11-16T00:00", kind="link"))
    book = month.book()
    page = one_site(book.sites, BESAR)

    assert page is not None
    assert (page.values["login_tries"], page.values["login_success"], page.refusals) == (10, 90.0, (("full", 1),))
    assert (page.values["planned_minutes"], page.values["outages"]) == (240, 1)
    assert page.values["availability"] == 85.71  # 18 h up, 3 h down: 05-06 and 10-12, the work between left out
    assert [(cause.cause, cause.incidents, cause.minutes) for cause in page.causes] == [("link-down", 1, 720)]
    (link,) = [link for link in book.links if link.link == "purworejo"]
    assert (link.up, link.down, link.unknown) == (15 * 86_400, 0, 15 * 86_400)


def test_how_visitors_got_in_and_what_the_probe_saw_reach_the_page(month: Month) -> None:
    hour = at("2026-11-05T10:00")
    tally = {"site": BESAR, "hour": hour}
    ways = [tally | {"what": "way-in", "kind": kind, "number": n} for kind, n in (("5", 60), ("9", 34), ("120", 6))]
    month.put(portal_tallies, *ways, tally | {"what": "refused", "kind": "code-wrong", "number": 3})
    probe = {"subject": BESAR, "port": "", "hour": hour, "lowest": 0.0, "highest": 0.0}
    month.put(
        reading_hours,
        probe | {"what": "citizen-in", "samples": 60, "total": 57.0},
        probe | {"what": "citizen-answer", "samples": 2, "total": 0.050},
        probe | {"what": "citizen-speed", "samples": 1, "total": 7_900_000.0},
    )
    stay = session(BESAR, "2026-11-05T10:00", "2026-11-05T10:30", authentic=2)
    month.put(sessions, stay, session(BESAR, "2026-11-05T10:00", "2026-11-05T10:30", device_day="b" * 20))
    live = month.page(BESAR).values
    month.nightly("2026-11-06T12:00")
    page = month.page(BESAR)

    assert (page.values["way_in_median"], page.values["way_in_p95"]) == (5, 120)
    assert (page.values["portal_refused"], page.portal_refusals) == (3, (("code-wrong", 3),))
    assert (page.values["citizen_success"], page.values["answer_p95"], page.values["speed_median"]) == (95.0, 25.0, 7.9)
    assert (page.values["by_itself"], live["by_itself"], page.values["sessions"]) == (1, 1, 2)
    assert month.page(MUSEUM).values["way_in_median"] is None


def test_what_comes_late_for_a_frozen_month_is_named_once_and_changes_nothing(month: Month) -> None:
    month.put(sessions, session(BESAR, "2026-10-20T10:00", "2026-10-20T10:30"))
    month.nightly("2026-11-01T01:00")
    with month.store.writing() as connection:
        october = freeze(connection, bind(connection, month.sites, "2026-10", at(CLOSED)), month.sites, at(CLOSED))
    late = {"first_received_at": at("2026-11-06T08:00"), "changed_at": at("2026-11-06T08:00"), "device_day": None}
    month.put(sessions, session(BESAR, "2026-10-31T23:00", "2026-10-31T23:40", mac=None, **late))
    month.put(usage_hours, used(BESAR, "2026-11-06T08:00", 900, 90, corrects="2026-10"))
    month.nightly("2026-11-06T09:00")
    month.nightly("2026-12-01T01:00")
    november = month.book()
    with month.store.writing() as connection:
        again = late_after(connection, october)
        freeze(connection, november, month.sites, at("2026-12-03T13:00"))
    with month.store.reading() as connection:
        december = bind(connection, month.sites, "2026-12", at("2026-12-20T12:00"))
        kept = frozen(connection, "2026-10")

    assert november.differences == (Difference("2026-10", BESAR, 1, 1, 900, 90),)
    assert (november.total.values["late_sessions"], november.total.values["sessions"]) == (1, 0)
    assert again == (1, 900, 90)
    assert december.differences == ()
    assert kept == october


CLOSED = "2026-11-03T02:00"


def test_the_portals_steps_and_pings_reach_the_page(month: Month) -> None:
    hour = at("2026-11-05T10:00")
    tally = {"site": BESAR, "hour": hour}
    month.put(
        portal_tallies,
        tally | {"what": "page", "kind": "android", "number": 30},
        tally | {"what": "page", "kind": "apple", "number": 10},
        tally | {"what": "traffic", "kind": "android", "number": 30},
        tally | {"what": "probe", "kind": "android", "number": 900},
    )
    echo = {"subject": f"gw-{BESAR}", "port": "", "hour": hour, "samples": 4, "lowest": 0.0}
    month.put(
        reading_hours,
        echo | {"what": "rtt", "highest": 0.040, "total": 0.080},
        echo | {"what": "loss", "highest": 0.5, "total": 0.5},
    )
    values = month.page(BESAR).values

    assert (values["portal_pages"], values["portal_online"]) == (40, 75.0)
    assert (values["rtt_mean"], values["rtt_worst"], values["loss"]) == (20.0, 40.0, 12.5)


def test_the_next_event_learns_from_the_last_one(month: Month) -> None:
    def event(label: str, start: str, end: str) -> dict[str, object]:
        fixed = {
            "site": MUSEUM,
            "policy": None,
            "doors": None,
            "created_by": "a",
            "created_at": 1,
            "cancelled_at": None,
        }
        return {"label": label, "began_at": at(start), "ends_at": at(end)} | fixed

    month.put(calendar, event("Hari Jadi 194", "2026-11-10T18:00", "2026-11-10T22:00"))
    month.put(calendar, event("Hari Jadi 195", "2026-12-10T18:00", "2026-12-10T22:00"))
    stays = [
        session(MUSEUM, "2026-11-10T19:00", "2026-11-10T20:00", device_day=f"{number:020d}") for number in range(45)
    ]
    month.put(sessions, *stays)
    month.nightly("2026-11-11T02:00")
    (lesson,) = month.book("2026-11-30T12:00").lessons

    assert (lesson.site, lesson.hours, lesson.busiest, lesson.access_points) == (MUSEUM, 1, 45, 1)
