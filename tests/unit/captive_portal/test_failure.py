"""Which reason is recognised in a NAS's words."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path

import pytest

from captive_portal.failure import Failure, recognise
from captive_portal.nas import Refusal
from hotspot.policy import Reason

WORDS = Path(__file__).parents[3] / "captive_portal" / "templates" / "_words.html"


@pytest.mark.parametrize("reason", list(Reason))
def test_the_reason_word_of_our_radius_is_taken_as_it_is(reason: Reason) -> None:
    assert recognise(reason.value) is reason
    assert recognise(f" {reason.value.upper()} ") is reason


@pytest.mark.parametrize(
    ("says", "reason"),
    [
        ("RADIUS server is not responding", Failure.RADIUS_AWAY),
        ("radius-timeout", Failure.RADIUS_AWAY),
        ("timeout", Failure.RADIUS_AWAY),
        ("session limit reached (20)", Failure.NAS_FULL),
        ("cannot assign ip address - no more free addresses from pool", Failure.NAS_FULL),
        ("hotspot service is shutting down", Failure.NAS_STOPPING),
        ("radius-away", Failure.RADIUS_AWAY),
        ("chap-missing", Failure.FLOW_EXPIRED),
        ("web browser did not send challenge response (try again): chap challenge", Failure.FLOW_EXPIRED),
        ("already authorizing, retry later", Failure.IN_PROGRESS),
        ("no more sessions are allowed for user gabc", Reason.DEVICES),
        ("user gabc has reached uptime limit", Reason.TIME_USED),
        ("user gabc has reached traffic limit", Reason.DATA_USED),
        ("invalid username or password", Failure.REFUSED),
        ("<script>alert(1)</script>", Failure.REFUSED),
        ("", Failure.REFUSED),
    ],
)
def test_a_routers_own_words_are_recognised(says: str, reason: StrEnum) -> None:
    assert recognise(says) is reason


def test_every_reason_has_words_of_its_own_for_the_visitor() -> None:
    said = set(re.findall(r'reason == "([a-z-]+)"', WORDS.read_text()))
    reasons = {*Reason, *Failure, *Refusal} - {Failure.REFUSED}  # which the last branch says
    assert said == {reason.value for reason in reasons}
