"""HMAC under prepared keys is HMAC."""

from __future__ import annotations

import hmac

from hypothesis import given
from hypothesis import strategies as st

from hotspot.keyed import keyed


@given(st.binary(max_size=200), st.binary(max_size=300), st.sampled_from(["md5", "sha256"]))
def test_it_is_what_the_standard_library_says(key: bytes, message: bytes, algorithm: str) -> None:
    once = keyed(key, algorithm)

    assert once.digest(message) == hmac.digest(key, message, algorithm)
    assert once.digest(message + b"!") == hmac.digest(key, message + b"!", algorithm)
