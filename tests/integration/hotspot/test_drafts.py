"""The draft of last month's report: on the third day, whole, once; and never for a month of which nothing is known."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import insert

from hotspot.clock import set_lab_clock
from hotspot.command import OperatorError, Settings
from hotspot.nightly import drafts
from hotspot.nightly.step import Task
from hotspot.pseudonym import KeyRing
from hotspot.sites import Sites
from hotspot.store import Store
from hotspot.tables import site_days
from tests.conftest import ROOT
from tests.rows import at


class Nights:
    """The step with its surroundings, at a time."""

    def __init__(self, store: Store, sites: Sites, state: Path) -> None:
        self.store, self.sites, self.state = store, sites, state

    def draft(self, when: str, url: str = "") -> str:
        set_lab_clock(self.state / "clock", at(when), 0)
        url = url or self.store.engine.url.render_as_string(hide_password=False)
        settings = Settings(ROOT / "sites.yaml", self.state, url, self.state / "clock", False, "info", {})
        return drafts.draft(settings, Task(self.store, self.sites, KeyRing(self.state / "keys"), at(when)))

    def a_day(self, day: str) -> None:
        counts = dict.fromkeys(
            ("sessions", "visits", "devices", "devices_not_counted", "random_macs", "unstopped", "peak_clients"), 12
        )
        row = {"site": "romansa-kuliner", "day": day, "seconds": 900, "rolled_at": 1, "peak_at": None} | counts
        with self.store.writing() as connection:
            connection.execute(insert(site_days), row)


@pytest.fixture
def nights(store: Store, sites: Sites, tmp_path: Path) -> Nights:
    return Nights(store, sites, tmp_path)


def test_the_draft_is_made_on_the_third_day_and_once(nights: Nights) -> None:
    nights.a_day("2026-10-04")
    folder = nights.state / "reports" / "2026-10"

    assert nights.draft("2026-11-03T01:59") == "no draft is due"
    assert nights.draft("2026-11-03T02:00") == f"2026-10 is drafted in {folder}"
    names = sorted(file.name for file in folder.iterdir())
    assert "laporan-wifi-2026-10.pdf" in names
    assert len([name for name in names if name.startswith("bukti-")]) == len(nights.sites.sites)
    assert nights.draft("2026-11-03T03:00") == "no draft is due"


def test_a_month_of_which_nothing_is_known_gets_no_draft(nights: Nights) -> None:
    nights.a_day("2026-11-01")

    assert nights.draft("2026-11-20T12:00") == "2026-10 has no figures to draft"
    assert not (nights.state / "reports").exists()


def test_a_draft_that_failed_says_why_and_leaves_no_folder(nights: Nights) -> None:
    nights.a_day("2026-10-04")
    with pytest.raises(OperatorError, match=r"the draft of 2026-10 was not made: .*the database is empty"):
        nights.draft("2026-11-05T12:00", url=f"sqlite:///{nights.state}/other.db")

    assert not (nights.state / "reports" / "2026-10").exists()
