"""What a journal keeps of a report says the same when it is read back."""

from __future__ import annotations

import pytest

from hotspot.wire import Attr, accounting_request, integer, parse, text
from hotspot.wire.packet import Malformed
from radius.event import Boot, SignOfLife, Step, read_event
from radius.record import record_of, work_of

NOW = 1_780_000_000


@pytest.mark.parametrize(
    ("status", "kind"),
    [(1, Step), (2, Step), (3, Step), (7, Boot), (8, Boot), (99, SignOfLife)],
)
def test_a_kept_report_becomes_the_same_work(status: int, kind: type) -> None:
    attributes = (
        integer(Attr.ACCT_STATUS_TYPE, status),
        text(Attr.ACCT_SESSION_ID, "s1"),
        text(Attr.USER_NAME, "g1"),
        text(Attr.CALLING_STATION_ID, "02-11-22-AA-BB-CC"),
        integer(Attr.ACCT_DELAY_TIME, 40),
        integer(Attr.ACCT_INPUT_OCTETS, 7),
    )
    octets = accounting_request(9, attributes, b"a secret that is long enough")
    request = parse(octets)
    assert not isinstance(request, Malformed)

    work = work_of(record_of(octets, "gw-a", "alun-alun", NOW))

    assert isinstance(work, kind)
    assert work == read_event(request, "gw-a", "alun-alun", NOW)


def test_what_is_no_record_is_said_so() -> None:
    with pytest.raises(ValueError, match="shorter than a header"):
        work_of(record_of(b"short", "gw-a", "alun-alun", NOW))
