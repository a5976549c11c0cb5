"""Who has an address, and how often the kernel is asked for it."""

from __future__ import annotations

from ipaddress import ip_address

from gateway.lan import FRESH_SECONDS, PAUSE_SECONDS, Lan
from gateway.neighbours import Neighbours
from hotspot.mac import Mac

ANN, BUDI = Mac("02112200000a"), Mac("02112200000b")
FOUR, SIX, LATE = ip_address("10.70.4.9"), ip_address("2001:db8::9"), ip_address("10.70.4.10")


class Kernel:
    """A table that a test changes, and how often it was read."""

    def __init__(self) -> None:
        self.macs = {FOUR: ANN, SIX: ANN}
        self.reads = 0
        self.at = 100.0

    def read(self) -> Neighbours:
        self.reads += 1
        return Neighbours(dict(self.macs), {})

    def clock(self) -> float:
        return self.at


def test_a_table_is_read_once_for_all_who_come_together() -> None:
    kernel = Kernel()
    lan = Lan(kernel.read, kernel.clock)

    assert [lan.mac_of("10.70.4.9"), lan.mac_of("2001:db8::9")] == [ANN, ANN]
    assert lan.addresses_of(ANN) == (FOUR, SIX)
    assert kernel.reads == 1


def test_a_new_address_is_looked_for_at_once_but_not_without_a_pause() -> None:
    kernel = Kernel()
    lan = Lan(kernel.read, kernel.clock)
    lan.mac_of("10.70.4.9")
    kernel.macs[LATE] = BUDI
    kernel.at += PAUSE_SECONDS / 2
    assert lan.mac_of("10.70.4.10") is None

    kernel.at += PAUSE_SECONDS
    assert lan.mac_of("10.70.4.10") == BUDI
    assert kernel.reads == 2


def test_an_address_that_moved_is_noticed_within_a_second() -> None:
    kernel = Kernel()
    lan = Lan(kernel.read, kernel.clock)
    lan.mac_of("10.70.4.9")
    kernel.macs[FOUR] = BUDI
    kernel.at += FRESH_SECONDS

    assert lan.mac_of("10.70.4.9") == BUDI


def test_what_is_no_address_has_no_owner() -> None:
    kernel = Kernel()

    assert Lan(kernel.read, kernel.clock).mac_of("10.70.4.9%lan") is None
    assert kernel.reads == 0
