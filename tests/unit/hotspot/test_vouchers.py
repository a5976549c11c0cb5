"""Codes of vouchers: the same for the same batch, unlike each other, found however they are typed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hotspot import vouchers
from hotspot.secret import Secret

KEY = Secret("k" * 32)


def test_a_batch_has_the_same_codes_each_time_it_is_printed() -> None:
    assert vouchers.derived(KEY, "salt", 7) == vouchers.derived(KEY, "salt", 7)
    assert len({vouchers.derived(KEY, "salt", serial) for serial in range(2000)}) == 2000
    assert vouchers.derived(KEY, "salt", 7) != vouchers.derived(KEY, "other", 7)
    assert vouchers.derived(KEY, "salt", 7) != vouchers.derived(Secret("l" * 32), "salt", 7)


@given(st.integers(0, 10**6))
def test_a_code_has_ten_letters_of_which_none_is_mistaken_for_another(serial: int) -> None:
    code = vouchers.derived(KEY, "salt", serial)

    assert len(code) == vouchers.LENGTH
    assert not set(code) & set("01OIL")


def test_a_code_is_found_however_it_is_typed() -> None:
    code = vouchers.derived(KEY, "salt", 1)

    for typed in (code, code.lower(), vouchers.spelled(code), f" {code[:3]} {code[3:]}\n"):
        assert vouchers.hash_of(KEY, typed) == vouchers.hash_of(KEY, code)


def test_its_hash_and_its_client_are_two_things() -> None:
    assert vouchers.hash_of(KEY, "ABC") != vouchers.client_of(KEY, "ABC")
    assert len(vouchers.client_of(KEY, "ABC")) == 32


def test_a_code_from_elsewhere_is_printed_as_it_came() -> None:
    assert vouchers.spelled("vc-881") == "vc-881"
    assert vouchers.spelled("ABCDEFGHJK") == "ABCDE-FGHJK"
