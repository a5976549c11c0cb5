"""When another code may be sent, and what a code is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from captive_portal.ways.hurdle import Hurdle, Wrong
from captive_portal.ways.one_time import History, code_of, hash_of, hurdle, word_hash
from hotspot.secret import Secret
from hotspot.sites.messages import Otp

NOW = 1_780_025_600
TERMS = Otp(a_month=100)
KEY = Secret("key of the test")


@pytest.mark.parametrize(
    ("history", "wrong"),
    [
        (History(), None),
        (History(1, 1, 1, 1, NOW - 30), None),
        (History(1, 1, 1, 1, NOW - 29), Wrong(Hurdle.SOON, until=NOW + 1)),
        (History(3, 3, 1, 1, NOW - 100), Wrong(Hurdle.SOON, until=NOW + 20)),
        (History(99, 4, 1, 1, NOW - 30 * 2**7), None),
        (History(0, 5, 1, 1, NOW - 9999), Wrong(Hurdle.ENOUGH)),
        (History(0, 0, 20, 1), Wrong(Hurdle.CROWD, until=NOW + 60)),
        (History(0, 0, 0, 100), Wrong(Hurdle.MONTH)),
        (History(0, 4, 19, 99), None),
    ],
)
def test_what_stands_before_another_code(history: History, wrong: Wrong | None) -> None:
    assert hurdle(TERMS, history, NOW) == wrong


def test_a_code_is_six_digits_of_one_device_at_one_moment() -> None:
    codes = {code_of(KEY, f"d{n % 7}", NOW + n) for n in range(500)}
    assert all(len(code) == 6 and code.isdigit() for code in codes)
    assert len(codes) > 490
    assert code_of(KEY, "d", NOW) == code_of(KEY, "d", NOW) != code_of(KEY, "d", NOW + 1)
    assert code_of(KEY, "d", NOW, 4) != code_of(KEY, "d", NOW, 6)[:4]


@given(st.text(max_size=20), st.text(max_size=20))
def test_hashes_of_codes_and_words_are_apart_and_short_enough(device: str, code: str) -> None:
    assert len(hash_of(KEY, device, code)) == 32
    assert hash_of(KEY, device, code) != word_hash(KEY, code)
    assert hash_of(Secret("another"), device, code) != hash_of(KEY, device, code)
