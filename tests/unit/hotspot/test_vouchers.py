"""A voucher's code is derived and never stored."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.secret import Secret
from hotspot.vouchers import client_of, code, hash_of, link, normal, printed

KEY = Secret("voucher key of the test")


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
    ("text", "path"), [("482913557", "/v/482913557"), ("A/B?c", "/v/A%2FB%3Fc"), ("../x", "/v/..%2Fx")]
)
def test_a_cards_link_stays_one_part_of_one_path(text: str, path: str) -> None:
    assert link("https://wifi.example.go.id/", text) == f"https://wifi.example.go.id{path}"
