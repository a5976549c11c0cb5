"""Who may go online, and with which limits: one pure answer for the portal and for RADIUS."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.allowance import Limits, Own, Usage, left
from hotspot.doors import Event
from hotspot.policy import Allow, Ask, Block, Reason, Refuse, answer, decide
from hotspot.sites import Policy, Site, Sites

WIB = ZoneInfo("Asia/Jakarta")
HOUR, GB = 3600, 10**9


def at(clock: str) -> float:
    return datetime.fromisoformat(f"2026-11-24T{clock}").replace(tzinfo=WIB).timestamp()


AFTERNOON = Ask(way="tap", at=at("16:00"), used=Usage(), clients_here=0, client_sessions=0)


@pytest.fixture
def square(sites: Sites) -> Site:
    return sites.site["alun-alun-besar"]


@pytest.fixture
def umum(sites: Sites) -> Policy:
    return sites.policies["umum"]


@pytest.fixture
def pendopo(sites: Sites) -> Policy:
    return sites.policies["pendopo"]


def test_a_first_visit_gets_the_visit_time_and_the_full_speed(square: Site, umum: Policy) -> None:
    answer = decide(square, umum, WIB, AFTERNOON)

    assert answer == Allow(Limits(2 * HOUR, 900, None, 2_000_000, 8_000_000, 300))


def test_where_data_ends_the_visit_the_rest_of_the_day_is_its_limit(square: Site, pendopo: Policy) -> None:
    answer = decide(square, pendopo, WIB, replace(AFTERNOON, used=Usage(octets=GB)))

    assert isinstance(answer, Allow)
    assert answer.limits.octets == 2 * GB


def test_after_the_days_data_the_visitor_goes_on_slowly_where_the_policy_says_slow(square: Site, umum: Policy) -> None:
    answer = decide(square, umum, WIB, replace(AFTERNOON, used=Usage(octets=2 * GB)))

    assert isinstance(answer, Allow)
    assert (answer.limits.up, answer.limits.down, answer.limits.octets) == (512_000, 512_000, None)


def test_after_the_days_data_the_visit_ends_where_the_policy_says_end(square: Site, pendopo: Policy) -> None:
    midnight = int(at("16:00")) + 8 * HOUR

    answer = decide(square, pendopo, WIB, replace(AFTERNOON, used=Usage(octets=3 * GB)))

    assert answer == Refuse(Reason.DATA_USED, midnight)


def test_what_is_left_of_the_day_cuts_the_visit(square: Site, umum: Policy) -> None:
    answer = decide(square, umum, WIB, replace(AFTERNOON, used=Usage(seconds=5 * HOUR)))

    assert isinstance(answer, Allow)
    assert answer.limits.seconds == HOUR


@pytest.mark.parametrize("used", [6 * HOUR, 6 * HOUR - 59, 7 * HOUR])
def test_a_used_up_day_is_refused_until_midnight_and_never_a_nought_on_the_wire(
    square: Site, umum: Policy, used: int
) -> None:
    answer = decide(square, umum, WIB, replace(AFTERNOON, used=Usage(seconds=used)))

    assert answer == Refuse(Reason.TIME_USED, int(at("16:00")) + 8 * HOUR)


def test_a_closed_site_says_when_it_opens(square: Site, umum: Policy) -> None:
    assert decide(square, umum, WIB, replace(AFTERNOON, at=at("04:59"))) == Refuse(Reason.CLOSED, int(at("05:00")))
    assert decide(square, umum, WIB, replace(AFTERNOON, at=at("23:00"))) == Refuse(
        Reason.CLOSED, int(at("05:00")) + 24 * HOUR
    )


def test_closing_time_ends_the_visit(square: Site, umum: Policy) -> None:
    answer = decide(square, umum, WIB, replace(AFTERNOON, at=at("22:30")))

    assert isinstance(answer, Allow)
    assert answer.limits.seconds == HOUR // 2


def test_a_full_site_and_a_busy_identity_are_refused(square: Site, umum: Policy) -> None:
    assert decide(square, umum, WIB, replace(AFTERNOON, clients_here=200)) == Refuse(Reason.FULL)
    assert decide(square, umum, WIB, replace(AFTERNOON, client_sessions=1)) == Refuse(Reason.DEVICES)


def test_a_way_that_the_policy_does_not_offer_is_refused_first(square: Site, umum: Policy) -> None:
    assert decide(square, umum, WIB, replace(AFTERNOON, way="voucher", at=at("03:00"))) == Refuse(Reason.WAY)


def test_who_is_blocked_hears_that_first_and_until_when(square: Site, umum: Policy) -> None:
    blocked = replace(AFTERNOON, way="voucher", at=at("03:00"), blocked=Block(int(at("20:00"))))

    assert decide(square, umum, WIB, blocked) == Refuse(Reason.BLOCKED, int(at("20:00")))


def test_an_event_puts_another_policy_and_other_hours_in_place(sites: Sites, square: Site, pendopo: Policy) -> None:
    fair = Event(1, int(at("15:00")), int(at("17:00")), here=True, policy="pendopo", doors="open")
    gone = replace(fair, policy="a policy that sites.yaml has no more")

    found = answer(sites, square, replace(AFTERNOON, events=(fair,)))
    other = answer(sites, square, replace(AFTERNOON, events=(gone,)))

    assert isinstance(found, Allow)
    assert isinstance(other, Allow)
    assert (found.limits.down, found.limits.octets) == (pendopo.speed.down, pendopo.day.octets)
    assert other.limits.down == sites.policy_of(square).speed.down


VOUCHER = Own(devices=2, begins_at=int(at("08:00")), ends_at=int(at("20:00")))


@pytest.mark.parametrize(
    ("own", "refusal"),
    [
        (replace(VOUCHER, revoked=True), Refuse(Reason.CODE_EXPIRED)),
        (replace(VOUCHER, ends_at=int(at("16:00"))), Refuse(Reason.CODE_EXPIRED)),
        (replace(VOUCHER, begins_at=int(at("17:00"))), Refuse(Reason.CODE_EXPIRED, int(at("17:00")))),
        (replace(VOUCHER, site="museum-tosan-aji"), Refuse(Reason.CODE_ELSEWHERE)),
        (replace(VOUCHER, seconds=59), Refuse(Reason.TIME_USED)),
        (replace(VOUCHER, octets=0), Refuse(Reason.DATA_USED)),
    ],
)
def test_a_voucher_that_is_over_or_elsewhere_is_refused(square: Site, umum: Policy, own: Own, refusal: Refuse) -> None:
    vouchers = umum.model_copy(update={"ways": ("voucher",)})

    assert decide(square, vouchers, WIB, replace(AFTERNOON, way="voucher", own=own)) == refusal


def test_a_vouchers_own_allowance_stands_in_place_of_the_days(square: Site, umum: Policy) -> None:
    vouchers = umum.model_copy(update={"ways": ("voucher",)})
    own = replace(VOUCHER, seconds=10 * HOUR, octets=7 * GB, up=1_000_000, down=50_000_000)
    used = Usage(seconds=20 * HOUR, octets=20 * GB)  # of the day, which is not what it is measured by
    two = replace(AFTERNOON, way="voucher", own=own, used=used, client_sessions=1)

    found = decide(square, vouchers, WIB, two)

    assert found == Allow(Limits(4 * HOUR, 900, 7 * GB, 1_000_000, 50_000_000, 300))  # until 20:00, its last hour
    assert decide(square, vouchers, WIB, replace(two, client_sessions=2)) == Refuse(Reason.DEVICES)


@given(
    minute=st.integers(0, 24 * 60 - 1),
    seconds=st.integers(0, 10 * HOUR),
    octets=st.integers(0, 4 * GB),
    here=st.integers(0, 300),
)
def test_whoever_is_allowed_gets_limits_that_no_nas_can_misread(
    sites: Sites, minute: int, seconds: int, octets: int, here: int
) -> None:
    ask = Ask("tap", at("00:00") + minute * 60, Usage(seconds, octets), here, 0)
    for site in sites.sites:
        answer = decide(site, sites.policy_of(site), WIB, ask)
        if isinstance(answer, Allow):
            limits = answer.limits
            assert 60 <= limits.seconds <= sites.policy_of(site).visit.time
            assert limits.octets is None or limits.octets > 0
            assert limits.up > 0
            assert limits.down > 0


@given(seconds=st.integers(0, 10 * HOUR), octets=st.integers(0, 10 * GB))
def test_what_is_left_is_never_negative(sites: Sites, seconds: int, octets: int) -> None:
    for policy in sites.policies.values():
        allowance = left(policy, Usage(seconds, octets))
        assert allowance.seconds >= 0
        assert allowance.octets >= 0
        assert allowance.slowed == (policy.day.then == "slow" and octets >= policy.day.octets)


def test_grace_is_short_and_goes_with_ways_by_message_alone(square: Site, umum: Policy) -> None:
    ask = replace(AFTERNOON, way="grace")
    by_message = umum.model_copy(update={"ways": ("otp",), "grace": 180})

    answer = decide(square, by_message, WIB, ask)

    assert isinstance(answer, Allow)
    assert answer.limits.seconds == 180
    assert decide(square, by_message.model_copy(update={"grace": None}), WIB, ask) == Refuse(Reason.WAY)
    assert decide(square, by_message.model_copy(update={"ways": ("tap",)}), WIB, ask) == Refuse(Reason.WAY)
