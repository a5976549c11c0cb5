"""What an Accept says of limits, and what it must not be taken to say."""

from __future__ import annotations

import pytest

from gateway.terms import Terms, Unreadable, everything, read_terms
from hotspot.allowance import Limits
from hotspot.wire import Attr, Attribute, Request, accounting_request, integer, parse, vendor
from radius.answers import coovachilli

POLICY = Limits(seconds=7200, idle=900, octets=None, up=2_000_000, down=8_000_000, interim=300)


def reply(*attributes: Attribute) -> Request:
    """Any packet will do: attributes are read alike in all."""
    request = parse(accounting_request(1, attributes, b"s"))
    assert isinstance(request, Request)
    return request


@pytest.mark.parametrize("octets", [None, 1, 2**32 - 1, 2**32, 3 * 2**32 + 5])
def test_what_our_server_tells_is_what_the_gateway_understands(octets: int | None) -> None:
    limits = Limits(seconds=60, idle=30, octets=octets, up=512_000, down=4_000_000, interim=600)
    told = reply(
        integer(Attr.SESSION_TIMEOUT, 60),
        integer(Attr.IDLE_TIMEOUT, 30),
        integer(Attr.ACCT_INTERIM_INTERVAL, 600),
        *coovachilli.attributes(limits),
    )

    terms = read_terms(told)

    assert isinstance(terms, Terms)
    assert terms.over(POLICY) == limits


def test_what_was_not_said_stays() -> None:
    terms = read_terms(reply(integer(Attr.SESSION_TIMEOUT, 60)))

    assert terms == Terms(seconds=60)
    assert terms.over(POLICY) == Limits(60, 900, None, 2_000_000, 8_000_000, 300)


def test_nothing_left_is_nothing_and_never_no_limit() -> None:
    terms = read_terms(reply(vendor(14559, 3, bytes(4)), integer(Attr.SESSION_TIMEOUT, 0)))

    assert terms == Terms(seconds=0, octets=0)


def test_an_interim_below_a_minute_becomes_one_minute() -> None:
    assert read_terms(reply(integer(Attr.ACCT_INTERIM_INTERVAL, 5))) == Terms(interim=60)


@pytest.mark.parametrize(
    "attribute", [(Attr.SESSION_TIMEOUT, b"\1"), vendor(14122, 7, b"12"), vendor(14122, 8, bytes(4))]
)
def test_a_limit_that_cannot_be_meant_is_not_guessed(attribute: Attribute) -> None:
    assert isinstance(read_terms(reply(attribute)), Unreadable)


def test_several_attributes_of_one_vendor_may_share_an_envelope() -> None:
    up, down = (kind.to_bytes(1, "big") + b"\6" + (1000 * kind).to_bytes(4, "big") for kind in (7, 8))
    envelope = (Attr.VENDOR_SPECIFIC, (14122).to_bytes(4, "big") + up + down)

    assert read_terms(reply(envelope)) == Terms(up=7000, down=8000)


@pytest.mark.parametrize("value", [b"", b"\0\0\1", b"\0\0\1\2", b"\0\0\1\2\7", b"\0\0\1\2\7\0", b"\0\0\1\2\7\x09ab"])
def test_a_vendors_attribute_that_does_not_add_up_ends_nothing(value: bytes) -> None:
    found = list(everything(reply((Attr.VENDOR_SPECIFIC, value), integer(Attr.IDLE_TIMEOUT, 7))))

    assert found[-1] == ((0, Attr.IDLE_TIMEOUT), bytes((0, 0, 0, 7)))
    assert found[0][0][1] == 0
