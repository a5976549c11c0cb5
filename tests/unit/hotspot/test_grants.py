"""A grant's id is the user name, its password is computed; strange names are told apart."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from hotspot.grants import is_grant_id, new_id, password
from hotspot.secret import Secret


@given(st.binary(min_size=10, max_size=10))
def test_every_new_id_is_known_as_one_and_safe_in_a_url(randomness: bytes) -> None:
    made = new_id(randomness)

    assert is_grant_id(made)
    assert re.fullmatch(r"[a-z0-9]{17}", made)


def test_names_that_are_not_ours_are_told_apart() -> None:
    assert not [
        name for name in ("", "02:11:22:aa:bb:cc", "0211:22aabbcc", "G" + "a" * 16, "g" + "1" * 16) if is_grant_id(name)
    ]


def test_a_password_belongs_to_one_key_and_one_grant() -> None:
    one, other = new_id(bytes(10)), new_id(bytes([1]) * 10)
    words = {password(Secret(key), grant) for key in ("a" * 32, "b" * 32) for grant in (one, other)}

    assert len(words) == 4
    assert {len(word) for word in words} == {16}
    assert password(Secret("a" * 32), one) == password(Secret("a" * 32), one)
