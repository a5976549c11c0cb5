"""The public status page: what a day was, and what a stranger reads."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

from monitor.status.days import Day, Interval, days, share
from monitor.status.page import Line, Status, data, html

JAKARTA = ZoneInfo("Asia/Jakarta")
NOON = datetime(2026, 11, 24, 12, tzinfo=JAKARTA)
MIDNIGHT = int(NOON.timestamp()) - 12 * 3600


def test_a_day_counts_what_is_known_and_a_gap_is_neither_up_nor_down() -> None:
    found = days(
        [
            Interval("up", MIDNIGHT - 3600, MIDNIGHT + 3600),
            Interval("down", MIDNIGHT + 3600, MIDNIGHT + 2 * 3600),
            Interval("unknown", MIDNIGHT + 2 * 3600, MIDNIGHT + 3 * 3600),
        ],
        NOON.timestamp(),
        JAKARTA,
        count=3,
    )

    assert [day.day for day in found] == [date(2026, 11, 22), date(2026, 11, 23), date(2026, 11, 24)]
    assert [(day.up, day.down) for day in found] == [(0, 0), (3600, 0), (3600, 3600)]
    assert [day.share for day in found] == [None, 1.0, 0.5]
    assert share(found) == 7200 / 10800
    assert share(found[:1]) is None


BARS = (Day(date(2026, 11, 22)), Day(date(2026, 11, 23), 80_000, 600), Day(date(2026, 11, 24), 30_000, 7200))
STATUS = Status(
    "Kabupaten Purworejo",
    NOON,
    (Line("gw-1", "Alun-alun <Besar>", "up", BARS),),
    (Line("bruno", "Bruno", "down", BARS), Line("bener", "Bener", "building")),
)


class Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert not {"src", "href", "onclick"} & {name for name, _ in attributes}

    def handle_data(self, data: str) -> None:
        self.text += data + "\n"


def test_the_page_says_what_is_out_since_when_and_how_far_the_network_is() -> None:
    words = Words()
    words.feed(html(STATUS))

    for said in (
        "1 gangguan sedang ditangani",
        "Diperbarui 24 November 2026 pukul 12.00 WIB",
        "Alun-alun <Besar>",
        "sedang dibangun",
        "1 dari 2 kecamatan tersambung",
        "23 November: putus 10 menit",
        "22 November: tidak ada data",
        "93,38 % hidup",
    ):
        assert said in words.text, said
    assert "script" not in words.tags
    assert html(STATUS).count('class="s"') == html(STATUS).count('class="d"') == 2


def test_a_monitor_that_has_seen_nothing_lately_claims_nothing() -> None:
    page = html(replace(STATUS, fresh=False))

    assert "Keadaan sekarang tidak diketahui" in page
    assert page.count("tidak diketahui</span>") == 2
    assert "sedang dibangun" in page


def test_the_same_for_machines_and_without_addresses() -> None:
    said = json.loads(data(STATUS))

    assert said["links"][0] == {"id": "bruno", "name": "Bruno", "state": "down", "share_90_days": 110_000 / 117_800}
    assert said["updated"] == "2026-11-24T12:00:00+07:00"
