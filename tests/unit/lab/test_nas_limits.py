"""What an Accept means to each kind of NAS, and when a stay ends because of it."""

from __future__ import annotations

import math

import pytest

from lab.nas.limits import COOVA, MIKROTIK, WISPR, Limits, of_coovachilli, of_mikrotik, rates
from lab.nas.stay import Appetite, Cause, Counters, Stay
from lab.nas.wire import Key, Reply, number


def accept(attributes: dict[Key, bytes]) -> Reply:
    return Reply(2, {key: [value] for key, value in attributes.items()})


def test_mikrotik_reads_rx_as_the_clients_upload() -> None:
    read = of_mikrotik(accept({27: number(7200), 28: number(900), 85: number(300), (MIKROTIK, 8): b"2M/8M"}))
    assert read == Limits(seconds=7200, idle=900, interim=300, up=2_000_000, down=8_000_000)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("512k/2M", (512_000, 2_000_000)),
        ("64000", (64_000, 64_000)),
        ("1M/2M 4M/8M 500k/1M 10/10", (1_000_000, 2_000_000)),
        ("0/0", (None, None)),
        ("fast", (None, None)),
    ],
)
def test_the_first_word_of_a_rate_limit_counts(text: str, expected: tuple[int | None, int | None]) -> None:
    assert rates(text) == expected


def test_mikrotiks_own_rate_comes_before_wisprs() -> None:
    both: dict[Key, bytes] = {(MIKROTIK, 8): b"1M/2M", (WISPR, 7): number(5), (WISPR, 8): number(6)}
    assert (of_mikrotik(accept(both)).up, of_mikrotik(accept(both)).down) == (1_000_000, 2_000_000)
    del both[(MIKROTIK, 8)]
    assert (of_mikrotik(accept(both)).up, of_mikrotik(accept(both)).down) == (5, 6)


def test_a_total_over_four_gigabytes_needs_its_gigawords() -> None:
    read = of_mikrotik(accept({(MIKROTIK, 17): number(705_032_704), (MIKROTIK, 18): number(1)}))
    assert read.total == 5_000_000_000


def test_zero_octets_are_no_limit_to_chilli() -> None:
    read = of_coovachilli(accept({(COOVA, 3): number(0), (COOVA, 23): number(0)}))
    assert read.total is None


def test_chillis_own_kilobits_override_wisprs_bits() -> None:
    read = of_coovachilli(accept({(COOVA, 4): number(512), (WISPR, 7): number(9), (WISPR, 8): number(8_000_000)}))
    assert (read.up, read.down) == (512_000, 8_000_000)


def test_an_interim_interval_under_a_minute_is_ignored() -> None:
    assert of_mikrotik(accept({85: number(59)})).interim is None


def test_a_malformed_number_is_no_limit() -> None:
    assert of_mikrotik(accept({27: b"\x01"})).seconds is None


def test_the_rate_cap_holds_what_a_client_would_like_to_use() -> None:
    stay = Stay(1000.0, Limits(up=800, down=8000), Appetite(up=80_000, down=80_000))
    assert stay.counters(1010.0) == Counters(seconds=10, input=1000, output=10_000)


def test_a_client_that_fell_silent_adds_time_but_no_octets() -> None:
    stay = Stay(0.0, Limits(), Appetite(up=8, down=80, until=60.0))
    assert stay.counters(90.0) == Counters(seconds=90, input=60, output=600)


@pytest.mark.parametrize(
    ("limits", "appetite", "expected"),
    [
        (Limits(seconds=7200), Appetite(8, 8), (7200.0, Cause.SESSION_TIMEOUT)),
        (Limits(seconds=7200, idle=300), Appetite(8, 8, until=100.0), (400.0, Cause.IDLE_TIMEOUT)),
        (Limits(), Appetite(8, 8, until=100.0), (1000.0, Cause.IDLE_TIMEOUT)),
        (Limits(seconds=7200, total=1000), Appetite(8, 72), (100.0, Cause.NAS_REQUEST)),
        (Limits(output=1001), Appetite(8, 80), (101.0, Cause.NAS_REQUEST)),
        (Limits(input=1000, down=8), Appetite(80, 8), (100.0, Cause.NAS_REQUEST)),
        (Limits(total=1000), Appetite(0, 0), (math.inf, Cause.IDLE_TIMEOUT)),
        (Limits(total=10**9, seconds=500), Appetite(8, 8, until=100.0), (500.0, Cause.SESSION_TIMEOUT)),
    ],
)
def test_the_first_limit_that_is_reached_ends_the_stay(
    limits: Limits, appetite: Appetite, expected: tuple[float, Cause]
) -> None:
    assert Stay(0.0, limits, appetite).end(Cause.NAS_REQUEST) == expected
