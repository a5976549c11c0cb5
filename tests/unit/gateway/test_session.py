"""What counters and time make of a stay."""

from __future__ import annotations

import json
from dataclasses import replace
from ipaddress import ip_address

import pytest

from gateway.admission import Octets
from gateway.session import Cause, Session, begun_anew, counted, from_plain, is_due, is_over, to_plain
from hotspot.allowance import Limits
from hotspot.mac import Mac

LIMITS = Limits(seconds=7200, idle=900, octets=1_000_000, up=2_000_000, down=8_000_000, interim=300)
SESSION = Session(
    id="6a0000000010",
    mark=0x10,
    mac=Mac("021122aabbcc"),
    addresses=(ip_address("10.70.4.9"), ip_address("2001:db8::9")),
    user_name="gAAAA",
    classes=("6873313a30",),
    limits=LIMITS,
    started_at=1000.0,
    told_at=1000.0,
    active_at=1000.0,
)


def test_a_stay_survives_the_way_to_disk_and_back() -> None:
    used = replace(SESSION, earlier=Octets(1, 2, 3, 4), kernel=Octets(5, 6, 7, 8), told_at=1300.5)

    assert from_plain(json.loads(json.dumps(to_plain(used)))) == used


def test_counters_that_began_anew_are_added_to_those_before() -> None:
    before = counted(SESSION, Octets(100, 900, 2, 9), 1010)
    rebooted = counted(before, Octets(40, 10, 1, 1), 1020)

    assert rebooted.total == Octets(140, 910, 3, 10)
    assert counted(rebooted, Octets(50, 20, 2, 2), 1030).total == Octets(150, 920, 4, 11)


def test_a_kernel_known_to_be_new_loses_nothing_even_when_it_has_counted_more() -> None:
    before = counted(SESSION, Octets(100, 900, 2, 9), 1010)

    assert counted(begun_anew(before), Octets(200, 1000, 3, 10), 1020).total == Octets(300, 1900, 5, 19)


def test_only_what_the_client_sends_keeps_it_from_idling() -> None:
    served = counted(SESSION, Octets(0, 5000, 0, 9), 1500)
    sending = counted(SESSION, Octets(60, 5000, 1, 9), 1500)

    assert (served.active_at, sending.active_at) == (1000, 1500)
    assert is_over(served, 1900) is Cause.IDLE_TIMEOUT
    assert is_over(sending, 1900) is None


@pytest.mark.parametrize(
    ("session", "now", "cause"),
    [
        (SESSION, 1001, None),
        (SESSION, 1899.9, None),
        (SESSION, 1900, Cause.IDLE_TIMEOUT),
        (replace(SESSION, active_at=8000.0), 8199, None),
        (replace(SESSION, active_at=8000.0), 8200, Cause.SESSION_TIMEOUT),
        (replace(SESSION, kernel=Octets(400_000, 599_999)), 1001, None),
        (replace(SESSION, kernel=Octets(400_000, 600_000)), 1001, Cause.NAS_REQUEST),
        (replace(SESSION, earlier=Octets(400_000, 0), kernel=Octets(0, 600_000)), 1001, Cause.NAS_REQUEST),
        (replace(SESSION, limits=replace(LIMITS, octets=None), kernel=Octets(1 << 40, 1 << 40)), 1001, None),
        (replace(SESSION, limits=replace(LIMITS, idle=0)), 7000, None),
    ],
)
def test_a_stay_ends_at_its_first_limit(session: Session, now: float, cause: Cause | None) -> None:
    assert is_over(session, now) is cause


def test_a_report_is_due_one_interim_after_the_last() -> None:
    assert not is_due(SESSION, 1299.9)
    assert is_due(SESSION, 1300)


def test_the_kernels_own_safety_net_lies_behind_the_stays_end() -> None:
    admission = SESSION.admission(now=1200.5)

    assert 7000 - 0.5 < admission.expires_in <= 7000 + 120
    assert SESSION.admission(now=99_999).expires_in > 0
    assert (admission.up, admission.down) == (2_000_000, 8_000_000)
