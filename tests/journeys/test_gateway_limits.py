"""A visitor gets at a door of our own what was promised: speed, time and data, and what RADIUS changes of them."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.peers.gateway_house import Museum, online, opened, tell_gateway
from tests.peers.gateway_place import OUTSIDE, connected
from tests.peers.internet import SOURCE
from tests.peers.process import wait_until

CYCLE_SECONDS = 15  # in which the gateway has looked at everyone's counters once, on a busy machine too
SOON_SECONDS = 3
HEADERS = 1500 / 1448  # of IPv4 and TCP with time stamps, which the promised speed includes
QUOTA = 12_000_000


@pytest.fixture(scope="module")
def museum(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Museum]:
    """A policy of 8 Mbit/s down, two hours, fifteen idle minutes, and twelve megabytes a day."""
    day = {"day: {time: 6h, octets: 2GB, then: slow}": f"day: {{time: 6h, octets: {QUOTA // 1_000_000}MB, then: end}}"}
    with opened(tmp_path_factory.mktemp("limits"), day) as built:
        yield built


@pytest.fixture
def visit(museum: Museum) -> Museum:
    """The phone is online."""
    museum.tap()
    assert online(museum)
    return museum


def test_the_speed_is_the_policys_until_radius_changes_it_in_flight(visit: Museum) -> None:
    with connected(visit.phone, OUTSIDE, SOURCE) as source:
        assert _speed(source, 4) == pytest.approx(8_000_000, rel=0.1)

        user = f'User-Name = "{_open(visit).user_name}"'
        assert tell_gateway(visit, "coa", user, "WISPr-Bandwidth-Max-Down = 1000000") == "ACK"
        _speed(source, 2)  # what was under way
        assert _speed(source, 4) == pytest.approx(1_000_000, rel=0.1)

    assert tell_gateway(visit, "disconnect", user) == "ACK"


def test_a_stay_ends_when_its_time_is_up(visit: Museum) -> None:
    visit.home.set_time(visit.home.now() + 2 * 3600 - 2)
    assert online(visit), "two seconds are left"

    wait_until(lambda: _last(visit).stopped_at is not None, "the Stop is in the database", 2 + SOON_SECONDS)

    assert not online(visit)
    assert _last(visit).stop_cause == 5  # Session-Timeout
    assert 7200 <= _last(visit).seconds <= 7200 + SOON_SECONDS


def test_a_phone_that_left_is_not_counted_as_online(visit: Museum) -> None:
    assert "1 online" in visit.command("status").stdout, "what the phone has sent so far is counted"
    visit.home.set_time(visit.home.now() + 15 * 60)

    wait_until(lambda: _last(visit).stopped_at is not None, "the Stop is in the database", CYCLE_SECONDS)

    assert _last(visit).stop_cause == 4  # Idle-Timeout
    assert not online(visit)


def test_the_days_data_ends_the_stay_and_the_next_tap_is_refused(visit: Museum) -> None:
    used = sum(row.input_octets + row.output_octets for row in visit.sessions())
    with connected(visit.phone, OUTSIDE, SOURCE) as source, pytest.raises(OSError):
        source.settimeout(1)
        while source.recv(65_536):
            pass

    wait_until(lambda: _last(visit).stopped_at is not None, "the Stop is in the database", CYCLE_SECONDS)
    ours = _last(visit).input_octets + _last(visit).output_octets
    assert _last(visit).stop_cause == 10  # NAS-Request
    assert QUOTA <= used + ours < QUOTA + 8_000_000 / 8 * CYCLE_SECONDS
    with pytest.raises(AssertionError, match=r"^403 .*/connect"):
        visit.tap()
    assert not online(visit)


def _speed(source: socket.socket, seconds: float) -> float:
    """Bit/s of layer 3 that arrive."""
    began, received = time.monotonic(), 0
    while time.monotonic() - began < seconds:
        received += len(source.recv(65_536))
    return received * 8 * HEADERS / (time.monotonic() - began)


def _last(museum: Museum) -> Any:
    return museum.sessions()[-1]


def _open(museum: Museum) -> Any:
    wait_until(lambda: museum.sessions(stopped_at=None), "RADIUS has the Start")
    return museum.sessions(stopped_at=None)[-1]
