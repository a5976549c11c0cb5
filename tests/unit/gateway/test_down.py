"""Who comes in while RADIUS is silent."""

from __future__ import annotations

import pytest

from gateway import down
from gateway.down import Rule, decide, is_known, still_known, token
from hotspot.mac import Mac

MAC, OTHER = Mac("021122000001"), Mac("021122000002")
DAY = 86400


@pytest.mark.parametrize(
    ("rule", "known", "word", "lets_in"),
    [
        ("open", False, "open", True),
        ("open", True, "open", True),
        ("known", True, "known", True),
        ("known", False, "unknown", False),
        ("closed", True, "closed", False),
        ("closed", False, "closed", False),
    ],
)
def test_each_rule_lets_in_whom_it_says(rule: Rule, known: bool, word: str, lets_in: bool) -> None:
    verdict = decide(rule, is_known=known)

    assert (verdict, verdict.lets_in) == (word, lets_in)


def test_a_device_is_known_for_as_long_as_the_policy_remembers() -> None:
    known = {token(b"k", MAC): 1000}

    assert is_known(known, token(b"k", MAC), 1000 + 30 * DAY, 30 * DAY)
    assert not is_known(known, token(b"k", MAC), 1001 + 30 * DAY, 30 * DAY)
    assert not is_known(known, token(b"k", OTHER), 1000, 30 * DAY)


def test_a_token_shows_no_mac_and_is_another_under_another_key() -> None:
    assert MAC.digits not in token(b"k", MAC)
    assert len({token(b"k", MAC), token(b"l", MAC), token(b"k", OTHER)}) == 3


def test_the_forgotten_are_dropped_and_so_are_the_longest_absent_of_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(down, "MOST_KNOWN", 2)

    assert still_known({"a": 10, "b": 50, "c": 40, "d": 45}, 60, 30) == {"d": 45, "b": 50}
    assert still_known({"a": 10}, 60, 30) == {}
