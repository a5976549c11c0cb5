"""A voucher's code is derived and never stored; what it allows is its batch's terms over the site's policy."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.allowance import Usage
from hotspot.policy import Allow, Ask, decide
from hotspot.secret import Secret
from hotspot.sites import Sites
from hotspot.vouchers import Fault, Voucher, client_of, code, fault, hash_of, normal, policy_for, printed

KEY = Secret("voucher key of the test")
NOW = 1_780_025_600
DAY = Voucher(id=1, client="c", devices=2, valid_from=NOW - 10, valid_until=NOW + 30 * 86400, valid_seconds=86400)


def test_codes_are_nine_digits_that_only_the_key_tells() -> None:
    codes = {code(KEY, "a1b2", serial) for serial in range(2000)}
    assert len(codes) == 2000
    assert all(len(one) == 9 and one.isdigit() for one in codes)
    assert code(KEY, "a1b2", 7) == code(KEY, "a1b2", 7)
    assert code(Secret("another"), "a1b2", 7) != code(KEY, "a1b2", 7) != code(KEY, "a1b3", 7)


def test_the_first_digit_is_as_even_as_the_others() -> None:
    first = [code(KEY, "s", serial)[0] for serial in range(5000)]
    assert all(400 < first.count(digit) < 600 for digit in "0123456789")


@pytest.mark.parametrize("typed", ["482913557", "482 913 557", " 482-913-557\n", "482.913.557"])
def test_how_a_code_is_typed_does_not_matter(typed: str) -> None:
    assert hash_of(KEY, typed) == hash_of(KEY, "482913557")
    assert hash_of(KEY, "ab3x") == hash_of(KEY, "AB3X")


def test_hash_and_client_of_a_code_are_two_things() -> None:
    assert hash_of(KEY, "482913557") != client_of(KEY, "482913557")
    assert "482913557" not in hash_of(KEY, "482913557")


def test_a_code_is_printed_in_groups() -> None:
    assert (printed("482913557"), printed("AB3X")) == ("482 913 557", "AB3X")


@given(st.text(max_size=5000))
def test_anything_may_be_typed(typed: str) -> None:
    assert len(normal(typed)) <= 32
    assert len(hash_of(KEY, typed)) == 32


@pytest.mark.parametrize(
    ("voucher", "reason"),
    [
        (DAY, None),
        (replace(DAY, revoked=True), Fault.REVOKED),
        (replace(DAY, valid_from=NOW + 1), Fault.NOT_YET),
        (replace(DAY, valid_until=NOW), Fault.OVER),
        (replace(DAY, first_used_at=NOW - 86400), Fault.OVER),
        (replace(DAY, first_used_at=NOW - 86399), None),
        (replace(DAY, site="museum-tosan-aji"), Fault.ELSEWHERE),
        (replace(DAY, site="alun-alun-besar"), None),
        (replace(DAY, seconds=3600, spent=Usage(3600, 0)), Fault.USED_UP),
        (replace(DAY, octets=10**9, spent=Usage(0, 10**9)), Fault.USED_UP),
        (replace(DAY, seconds=3600, spent=Usage(3599, 10**12)), None),
    ],
)
def test_why_a_voucher_is_worth_nothing(voucher: Voucher, reason: Fault | None) -> None:
    assert fault(voucher, "alun-alun-besar", NOW) == reason


def allowed(sites: Sites, voucher: Voucher) -> Allow:
    site = sites.site["alun-alun-besar"]
    policy = policy_for(sites.policy_of(site), voucher, NOW).model_copy(update={"ways": ("voucher",)})
    answer = decide(site, policy, sites.timezone, Ask("voucher", NOW, Usage(), 0, 1))
    assert isinstance(answer, Allow), answer
    return answer


def test_a_vouchers_time_is_not_cut_to_the_visit_of_the_policy(sites: Sites) -> None:
    limits = allowed(sites, replace(DAY, seconds=5 * 3600, spent=Usage(3600, 0), up=10**6)).limits
    assert (limits.seconds, limits.octets) == (4 * 3600, None)
    assert (limits.up, limits.down) == (10**6, 8 * 10**6)


def test_a_vouchers_data_ends_where_the_policys_would_only_slow(sites: Sites) -> None:
    limits = allowed(sites, replace(DAY, octets=10**9, spent=Usage(0, 4 * 10**8))).limits
    assert (limits.seconds, limits.octets) == (2 * 3600, 6 * 10**8)


def test_a_voucher_ends_in_the_middle_of_a_visit(sites: Sites) -> None:
    assert allowed(sites, replace(DAY, first_used_at=NOW - 86400 + 600)).limits.seconds == 600
    assert allowed(sites, replace(DAY, valid_seconds=1200)).limits.seconds == 1200
