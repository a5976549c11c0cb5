"""What people type into the office's forms: times, limits, vouchers of another system, complaints, signed links."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.sites import Sites
from office import mikhmon, reply_link
from office.complaint_form import entry_of
from office.crowds import crowds
from office.facts import Data, Day
from office.gather.plans import Event
from office.heat import heat
from office.moments import moment, words, written
from office.voucher_form import Problem, plan_of

WIB = ZoneInfo("Asia/Jakarta")
NOW = 1_795_523_400  # 24 November 2026, 19.30 in Purworejo
BATCH = {"label": "Pasar", "number": "40", "from": "2026-11-24T19:00", "until": "2026-12-24T19:00"}


def test_a_forms_time_is_the_towns_own() -> None:
    assert moment("2026-11-24T19:30", WIB) == NOW
    assert written(NOW, WIB) == "2026-11-24T19:30"


@pytest.mark.parametrize("typed", ["", "tomorrow", "2026-13-01T00:00", "0001-01-01T00:00", "9999-12-31T23:59", "12"])
def test_what_is_no_time_is_none(typed: str) -> None:
    assert moment(typed, WIB) is None


@given(st.text(max_size=300))
def test_a_line_has_no_breaks_and_fits_its_column(typed: str) -> None:
    line = words(typed, 64)

    assert len(line) <= 64
    assert "\n" not in line


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        *(("1d", 86400), ("2h30m", 9000), ("1w2d", 777600), ("02:00:00", 7200), ("1d02:00:00", 93600), ("", 0)),
        *(("0s", 0), ("3h", 10800), ("soon", None), ("-1d", None), ("1:2:3", None)),
    ],
)
def test_a_routers_times_are_read_in_each_of_its_forms(written: str, seconds: int | None) -> None:
    assert mikhmon.seconds_of(written) == seconds


def test_a_file_of_mikhmon_becomes_codes_by_kind() -> None:
    found = mikhmon.read(
        f"\ufeff{mikhmon.HEADER}\r\nvc1,vc1,A,1d,1000,a, b\r\nvc2,vc2,A,1d,1000,\r\nvc1,vc1,A,1d,1000,\r\nx,y,A,,,\n"
    )

    assert found is not None
    assert found.codes == {mikhmon.Kind("A", 86400, 1000): ["vc1", "vc2"]}
    assert found.refused == ((4, "twice"), (5, "password"))


@given(st.text(max_size=400))
def test_any_text_is_read_or_refused_and_never_breaks(text: str) -> None:
    assert mikhmon.read(text) is None or mikhmon.read(text) is not None
    mikhmon.read(f"{mikhmon.HEADER}\n{text}")


def test_a_batch_takes_what_is_said_and_leaves_the_rest_to_the_policy(sites: Sites) -> None:
    found = plan_of({**BATCH, "hours": "1,5", "megabytes": "500", "site": "romansa-kuliner"}, sites, NOW)

    assert not isinstance(found, Problem)
    plan, number = found
    assert (number, plan.seconds, plan.octets, plan.valid_seconds) == (40, 5400, 500_000_000, None)
    assert (plan.site, plan.devices) == ("romansa-kuliner", 1)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"number": "0"}, "number"),
        ({"number": "1001"}, "number"),
        ({"number": "1e3"}, "number"),
        ({"label": "  "}, "label"),
        ({"site": "nowhere"}, "site"),
        ({"until": "2026-11-24T18:00"}, "until"),
        ({"until": "2028-01-01T00:00"}, "until"),
        ({"hours": "-1"}, "limits"),
        ({"megabytes": "many"}, "limits"),
        ({"hours": "nan"}, "limits"),
        ({"devices": "0"}, "limits"),
    ],
)
def test_the_wrong_field_of_a_batch_is_named(sites: Sites, change: dict[str, str], word: str) -> None:
    assert plan_of({**BATCH, **change}, sites, NOW) == Problem(word)


def test_a_typed_in_complaint_needs_a_channel_a_site_and_a_possible_time(sites: Sites) -> None:
    form = {
        "channel": "sms",
        "site": "romansa-kuliner",
        "text": "Sinyal lemah sekali.",
        "received": "2026-11-24T18:00",
    }

    assert isinstance(entry_of(form, sites, NOW), dict)
    for change, word in (
        ({"channel": "pigeon"}, "channel"),
        ({"site": "x"}, "site"),
        ({"text": "short"}, "text"),
        ({"received": "2026-11-25T18:00"}, "received"),
        ({"link": "javascript:alert(1)"}, "link"),
    ):
        assert entry_of({**form, **change}, sites, NOW) == word


@given(st.integers(1, 9), st.sampled_from(["rsud", "kominfo"]), st.integers(0, 10**10))
def test_a_reply_link_holds_until_its_time_and_for_nothing_else(number: int, opd: str, until: int) -> None:
    asked = {"opd": opd, "until": str(until), "sign": reply_link.sign(b"k", number, opd, until)}

    assert reply_link.holds(b"k", number, asked, until - 1) == opd
    assert reply_link.holds(b"k", number, asked, until) is None
    assert reply_link.holds(b"k", number + 1, asked, until - 1) is None
    assert reply_link.holds(b"other", number, asked, until - 1) is None
    assert reply_link.holds(b"k", number, {**asked, "until": str(until + 1)}, until - 1) is None


def test_the_heat_map_is_of_mean_clients_and_its_fullest_hour_a_hundred_per_cent() -> None:
    hour = NOW // 3600 * 3600
    week = heat({hour: 36_000, hour - 3600: 9_000, hour - 7 * 86400: 72_000}, hour + 3600, WIB)

    assert (week[1][19].clients, week[1][18].clients) == (15, 2.5)  # two Tuesdays at seven, one at six
    assert (week[1][19].part, week[1][18].part, week[0][19].part) == (100, 17, 0)
    assert len(week) == 7


def test_a_site_of_one_evening_is_as_full_as_it_was() -> None:
    hour = NOW // 3600 * 3600

    assert heat({hour: 36_000}, hour + 3600, WIB)[1][19].clients == 10


def test_a_crowded_event_advises_places_and_an_easy_one_none(sites: Sites) -> None:
    event = Event("Hari Jadi", None, NOW - 86400, NOW, None, None, "ani", 1)
    full = Day("romansa-kuliner", "2026-11-24", 1, 1, 1, 1, 114, Data())
    easy = Day("alun-alun-besar", "2026-11-24", 1, 1, 1, 1, 60, Data())
    other = Day("museum-tosan-aji", "2026-11-20", 1, 1, 1, 1, 60, Data())

    found = crowds(event, [easy, full, other], sites)

    assert [(one.site, one.advice) for one in found] == [("romansa-kuliner", 43), ("alun-alun-besar", 0)]
