"""What each kind of NAS is told, octet by octet as its dictionary wants it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from pyrad.packet import Packet  # type: ignore[import-untyped]

from hotspot.allowance import Limits
from hotspot.nas import NAS_KINDS
from hotspot.policy import Reason
from hotspot.wire import Request, encode, parse
from radius.answers import ANSWERS
from radius.login import Accepted, Refused, reply_to_login
from radius.names import Names

NAMES = Names()
ASKED = parse(bytes((1, 5)) + b"\0\x14" + bytes(16))
TOKEN = "hs1:" + "0" * 32
UNTIL = datetime(2026, 11, 24, 21, tzinfo=ZoneInfo("Asia/Jakarta"))


def told(kind: str, limits: Limits) -> dict[str, list[object]]:
    """The Accept as pyrad reads it."""
    assert isinstance(ASKED, Request)
    octets = encode(reply_to_login(Accepted(limits, TOKEN, "tap", UNTIL), kind), ASKED, b"secret", sealed=True)
    read = Packet(packet=octets, dict=NAMES.dictionary, secret=b"secret")
    return {str(name): read[name] for name in read.keys()}  # noqa: SIM118 - pyrad's keys() names, its iterator numbers


def limits(octets: int | None = None, up: int = 2_000_000, down: int = 512_000, interim: int = 300) -> Limits:
    return Limits(seconds=7200, idle=900, octets=octets, up=up, down=down, interim=interim)


@pytest.mark.parametrize("kind", sorted(ANSWERS))
def test_every_kind_is_told_time_and_class(kind: str) -> None:
    answer = told(kind, limits())

    assert answer["Session-Timeout"] == [7200]
    assert answer["Class"] == [TOKEN.encode()]


@pytest.mark.parametrize("kind", sorted({*ANSWERS} - {"unifi-radius"}))
def test_no_kind_is_told_a_shorter_interim_than_the_rfc_allows(kind: str) -> None:
    assert told(kind, limits(interim=5))["Acct-Interim-Interval"] == [60]


def test_unifi_is_told_the_time_alone_and_hostapd_the_interim_too() -> None:
    assert set(told("unifi-radius", limits(octets=5))) == {"Message-Authenticator", "Class", "Session-Timeout"}
    assert set(told("hostapd", limits(octets=5))) == {
        *("Message-Authenticator", "Class", "Session-Timeout", "Acct-Interim-Interval")
    }


def test_any_other_nas_is_told_when_to_end_by_the_local_clock_with_its_zone() -> None:
    answer = told("generic", limits())

    assert answer["WISPr-Session-Terminate-Time"] == ["2026-11-24T21:00:00+07:00"]
    assert (answer["WISPr-Bandwidth-Max-Up"], answer["Idle-Timeout"]) == ([2_000_000], [900])


def test_mikrotik_is_told_upload_first_and_the_total_in_two_halves() -> None:
    answer = told("mikrotik", limits(octets=5 * 2**32 + 7, up=2_000_000, down=8_500_001))

    assert answer["Mikrotik-Rate-Limit"] == ["2M/8500001"]
    assert answer["Mikrotik-Total-Limit"] == [7]
    assert answer["Mikrotik-Total-Limit-Gigawords"] == [5]


@pytest.mark.parametrize("kind", ["coovachilli", "linux"])
def test_coovachilli_and_our_own_box_are_told_bits_a_second_and_the_total_in_two_halves(kind: str) -> None:
    answer = told(kind, limits(octets=2**32))

    assert answer["WISPr-Bandwidth-Max-Up"] == [2_000_000]
    assert answer["WISPr-Bandwidth-Max-Down"] == [512_000]
    assert answer["ChilliSpot-Max-Total-Octets"] == [0]
    assert answer["CoovaChilli-Max-Total-Gigawords"] == [1]


@pytest.mark.parametrize("kind", sorted(ANSWERS))
def test_where_data_is_not_cut_no_total_is_sent(kind: str) -> None:
    assert not any("Total" in name for name in told(kind, limits()))


def test_a_speed_is_written_as_short_as_it_is_exact() -> None:
    assert told("mikrotik", limits(up=512_000, down=8_000_000))["Mikrotik-Rate-Limit"] == ["512k/8M"]


def test_a_reject_says_only_why() -> None:
    reply = reply_to_login(Refused(Reason.CLOSED, "tap"), "mikrotik")

    assert (reply.code, reply.attributes) == (3, ((18, b"closed"),))


def test_every_kind_that_speaks_radius_has_an_answer_and_no_other() -> None:
    assert set(ANSWERS) == {name for name, kind in NAS_KINDS.items() if kind.speaks_radius}
