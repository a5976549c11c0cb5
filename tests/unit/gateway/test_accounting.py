"""Reports as they are sent, checked by pyrad's reading of them, and as they lie on disk."""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from pyrad.dictionary import Dictionary  # type: ignore[import-untyped]
from pyrad.packet import AcctPacket  # type: ignore[import-untyped]

from gateway.accounting import Record, attributes, from_json, gateway_down, gateway_up, started, to_json
from gateway.identity import MOST_ADDRESSES, Identity, client_attributes
from hotspot.wire import Attr, accounting_request
from radius.names import FOLDER
from tests.unit.gateway.reports import AT, CLASS, MAC, interim, start, stop, who

DICTIONARY = Dictionary(str(FOLDER / "dictionary"))
IDENTITY = Identity("gw-museum", ip_address("127.66.3.1"))
SECRET = b"xyzzy5461"


def sent(record: Record, now: float, identity: Identity = IDENTITY) -> AcctPacket:
    octets = accounting_request(1, attributes(record, identity, now), SECRET)
    packet = AcctPacket(packet=octets, secret=SECRET, dict=DICTIONARY)
    assert packet.VerifyAcctRequest()
    return packet


def number(packet: AcctPacket, kind: int) -> int:
    return int.from_bytes(packet[int(kind)][0], "big")


def test_a_stop_carries_both_halves_of_its_counters_and_how_late_it_is() -> None:
    packet = sent(stop(), AT + 903)

    assert number(packet, Attr.ACCT_STATUS_TYPE) == 2
    assert number(packet, Attr.ACCT_OUTPUT_GIGAWORDS) == 5
    assert number(packet, Attr.ACCT_OUTPUT_OCTETS) == 1_952_267_900
    assert (number(packet, Attr.ACCT_INPUT_OCTETS), number(packet, Attr.ACCT_INPUT_GIGAWORDS)) == (7, 0)
    assert (number(packet, Attr.ACCT_INPUT_PACKETS), number(packet, Attr.ACCT_OUTPUT_PACKETS)) == (3, 4)
    assert (number(packet, Attr.ACCT_SESSION_TIME), number(packet, Attr.ACCT_TERMINATE_CAUSE)) == (900, 4)
    assert (number(packet, Attr.EVENT_TIMESTAMP), number(packet, Attr.ACCT_DELAY_TIME)) == (AT + 900, 3)


def test_a_start_names_the_client_and_gives_the_class_back_and_counts_nothing() -> None:
    packet = sent(start(), AT)

    assert packet[int(Attr.CALLING_STATION_ID)] == [b"02-11-22-00-00-01"]
    assert packet[int(Attr.FRAMED_IP_ADDRESS)] == [bytes((10, 70, 7, 20))]
    assert packet[int(Attr.FRAMED_IPV6_ADDRESS)] == [ip_address("2001:db8::20").packed]
    assert packet[int(Attr.CLASS)] == [bytes.fromhex(CLASS)]
    assert packet[int(Attr.NAS_IDENTIFIER)] == [b"gw-museum"]
    assert int(Attr.ACCT_INPUT_OCTETS) not in packet


def test_who_was_let_in_without_radius_is_reported_as_such() -> None:
    assert number(sent(start(), AT), Attr.ACCT_AUTHENTIC) == 1
    assert number(sent(started(who(by_radius=False), AT), AT), Attr.ACCT_AUTHENTIC) == 2


def test_a_clock_that_was_set_back_makes_no_negative_delay() -> None:
    assert number(sent(start(), AT - 500), Attr.ACCT_DELAY_TIME) == 0


def test_the_gateways_own_reports_have_a_session_id_and_no_client() -> None:
    for record, status in ((gateway_up(AT), 7), (gateway_down(AT), 8)):
        packet = sent(record, AT)
        assert number(packet, Attr.ACCT_STATUS_TYPE) == status
        assert int(Attr.ACCT_SESSION_ID) in packet
        assert int(Attr.USER_NAME) not in packet


def test_a_gateway_with_an_address_of_ipv6_says_so() -> None:
    packet = sent(start(), AT, Identity("gw", ip_address("2001:db8::1")))

    assert packet[int(Attr.NAS_IPV6_ADDRESS)] == [ip_address("2001:db8::1").packed]
    assert int(Attr.NAS_IP_ADDRESS) not in packet


def test_a_client_with_a_thousand_addresses_does_not_burst_a_report() -> None:
    many = tuple(ip_address(2**120 + number) for number in range(1000))
    told = [kind for kind, _ in client_attributes(MAC, many)]

    assert told.count(Attr.FRAMED_IPV6_ADDRESS) == MOST_ADDRESSES


@pytest.mark.parametrize("record", [start(), interim(), stop(), gateway_up(AT), started(who(by_radius=False), AT)])
def test_a_report_comes_back_from_disk_as_it_was(record: Record) -> None:
    line = to_json(record)

    assert "\n" not in line
    assert from_json(line) == record
