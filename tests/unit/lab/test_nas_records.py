"""What an accounting record says, and that it says each thing once."""

from __future__ import annotations

import struct
from collections import Counter

from lab.nas.client import Online
from lab.nas.limits import Limits
from lab.nas.records import Named, Record, Status, fallen_back, of_nas, of_stay
from lab.nas.stay import Appetite, Cause, Stay

NAME: Named = [(4, b"\x7f\x42\1\1"), (32, b"gw")]
IDENTITY: Named = [(31, b"02:00:00:00:00:01"), (44, b"80f00001")]
ONLINE = Online(
    Stay(1000.0, Limits(), Appetite(up=8_000_000, down=80_000_000)), "80f00001", "k", "g1", [b"hs1:a", b"other"]
)


def values(record: Record, key: int) -> list[bytes]:
    return [value for number, value in record.attributes if number == key]


def test_a_stop_says_everything_once_and_every_class_as_it_came() -> None:
    record = of_stay(Status.STOP, [*NAME, *IDENTITY], ONLINE, 2000.5, Cause.USER_REQUEST)
    times = Counter(key for key, _ in record.attributes)
    assert {key for key, count in times.items() if count > 1} == {25}
    assert values(record, 25) == [b"hs1:a", b"other"]
    assert (values(record, 44), values(record, 1), values(record, 49)) == ([b"80f00001"], [b"g1"], [b"\0\0\0\1"])


def test_octets_over_four_gigabytes_carry_into_the_gigawords() -> None:
    record = of_stay(Status.INTERIM, [*NAME, *IDENTITY], ONLINE, 2000.5)
    low, high = (struct.unpack("!I", values(record, key)[0])[0] for key in (43, 53))
    assert (high, (high << 32) + low) == (2, record.counters.output)
    assert record.counters.output == 10_005_000_000


def test_a_start_has_no_counters_and_bears_the_time_it_happened() -> None:
    record = of_stay(Status.START, [*NAME, *IDENTITY], ONLINE, 1000.9)
    assert values(record, 42) == values(record, 46) == values(record, 52) == []
    assert values(record, 55) == [struct.pack("!I", 1000)]


def test_an_accounting_on_names_the_nas_and_no_client() -> None:
    record = of_nas(Status.ON, NAME, 5.0)
    assert (values(record, 40), values(record, 4), values(record, 32)) == ([b"\0\0\0\7"], [NAME[0][1]], [b"gw"])
    assert values(record, 1) == values(record, 31) == []


def test_a_lie_is_an_interim_of_the_same_moment_whose_counters_fell_back() -> None:
    about = [*NAME, *IDENTITY]
    truth = of_stay(Status.INTERIM, about, ONLINE, 2000.0)
    lie = fallen_back(truth, about, ONLINE)
    assert (values(lie, 55), lie.happened_at, lie.session) == (values(truth, 55), 2000.0, "k")
    assert (lie.counters.seconds, lie.counters.input) == (500, truth.counters.input // 2)
    assert values(lie, 46) == [struct.pack("!I", 500)]
