"""The sealed flow that the page carries."""

from __future__ import annotations

from base64 import urlsafe_b64decode

import pytest

from captive_portal.flow import EARLY, LIFETIME, Flow, Sealer, has_expired, is_fresh
from hotspot.mac import Mac
from hotspot.secret import Secret

FLOW = Flow("f1", "gw-a", Mac("021122334455"), "10.1.0.7", {"id": "f9"}, 1000)
SEALER = Sealer(Secret("a key"))


def test_a_flow_comes_back_as_it_was_sealed() -> None:
    assert SEALER.open(SEALER.seal(FLOW), 1000) == FLOW


def test_a_token_shows_nobody_whose_it_is() -> None:
    """It stands in the language links, so in the browser's history and in a proxy's log."""
    token = SEALER.seal(FLOW)
    shown = token.encode() + urlsafe_b64decode(token + "==")
    for hidden in (b"021122334455", b"10.1.0.7", b"gw-a", FLOW.mac.octets):
        assert hidden not in shown


def test_no_two_tokens_of_one_flow_are_alike() -> None:
    assert SEALER.seal(FLOW) != SEALER.seal(FLOW)


def test_a_flow_lives_ten_minutes() -> None:
    assert not has_expired(FLOW, 1000 + LIFETIME)
    assert has_expired(FLOW, 1001 + LIFETIME)


def test_a_flow_from_the_future_is_none() -> None:
    assert SEALER.open(SEALER.seal(FLOW), 900) is None


def test_what_another_machine_signed_is_fresh_for_as_long_and_may_be_a_little_ahead() -> None:
    assert is_fresh(1000, 1000 + LIFETIME)
    assert is_fresh(1000, 1000 - EARLY)
    assert not is_fresh(1000, 1001 + LIFETIME)
    assert not is_fresh(1000, 999 - EARLY)


@pytest.mark.parametrize("token", ["", "x", "<script>", "." * 2048, "A" * 9000, "AAAAAAAAAAAAAAAAAAAA", "é"])
def test_anything_else_is_none(token: str) -> None:
    assert SEALER.open(token, 1000) is None


def test_a_flow_of_another_key_or_changed_by_one_letter_is_none() -> None:
    token = SEALER.seal(FLOW)
    assert Sealer(Secret("another key")).open(token, 1000) is None
    changed = ("A" if token[5] != "A" else "B").join((token[:5], token[6:]))
    assert SEALER.open(changed, 1000) is None
