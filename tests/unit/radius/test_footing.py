"""A grant's rules: one client at one NAS, until it expires or, once used, a minute after the Start."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hotspot.mac import Mac
from hotspot.policy import Reason
from radius.footing import Known, fault
from radius.login import Login

MINTED = 1_000_000
FRESH = Known("gw-a", "0211223344aa", "c1", "tap", MINTED + 300)
PROMISED = FRESH._replace(class_token="hs1:00", ends_at=MINTED + 7200)
STARTED = PROMISED._replace(started_at=MINTED + 10)
OWNER = Login("gaaaaaaaaaaaaaaaa", "gw-a", "alun-alun", Mac("0211223344aa"))


@pytest.mark.parametrize("stranger", [replace(OWNER, nas="gw-b"), replace(OWNER, mac=Mac("0211223344ab"))])
@pytest.mark.parametrize("grant", [FRESH, PROMISED, STARTED])
def test_another_nas_or_another_client_gets_nothing_of_it(grant: Known, stranger: Login) -> None:
    assert fault(grant, stranger, MINTED) is Reason.GRANT_ELSEWHERE
    assert fault(grant, OWNER, MINTED) is None


@pytest.mark.parametrize(
    ("grant", "last"),
    [
        (FRESH, MINTED + 300),
        (PROMISED, MINTED + 300),  # the Accept was lost: asked again until the grant expires
        (STARTED, MINTED + 70),
        (STARTED._replace(started_at=MINTED + 290), MINTED + 350),
    ],
)
def test_it_is_good_to_its_last_second_and_then_no_more(grant: Known, last: int) -> None:
    assert fault(grant, OWNER, last) is None
    assert fault(grant, OWNER, last + 1) is Reason.GRANT_EXPIRED


def test_a_promise_whose_time_is_over_is_not_given_again_however_young_the_grant() -> None:
    soon_over = PROMISED._replace(ends_at=MINTED + 60)

    assert fault(soon_over, OWNER, MINTED + 59) is None
    assert fault(soon_over, OWNER, MINTED + 60) is Reason.GRANT_EXPIRED
