"""The key with which a visitor finds a report again."""

from __future__ import annotations

from captive_portal.complaints import key_of


def test_the_same_form_has_the_same_key_and_another_form_another() -> None:
    assert key_of("n" * 22) == key_of("n" * 22)
    assert key_of("n" * 22) != key_of("m" * 22)


def test_a_key_is_six_letters_that_are_not_mistaken_for_each_other() -> None:
    key = key_of("n" * 22)
    assert len(key) == 6
    assert not set(key) & set("01IOLl")
