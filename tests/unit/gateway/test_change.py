"""What RADIUS may ask of a stay, and with which number everything else is refused."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.change import Change, Disconnect, ErrorCause, Silence, Which, believe, read_change, reply_to_change
from gateway.identity import Identity
from gateway.session import Session
from gateway.terms import Terms
from hotspot.allowance import Limits
from hotspot.mac import Mac
from hotspot.wire import Attr, Attribute, Code, Request, encode, integer, parse, request_authenticator, text, vendor
from hotspot.wire.reply import octets_of

SECRET = b"xyzzy5461"
NEW_YEAR = 0x6955B900  # the Event-Timestamp below
DISCONNECT = bytes.fromhex(
    "284d003c4c6f4891cab61b640302d2f7561cb6d35012f9d443914f10c6f47a4c84985b07e5b801066e656d6f2c0a38306630303030333706"
    "6955b900"
)
IDENTITY = Identity("gw-museum", ip_address("127.66.3.1"))
MAC = Mac("021122000001")
LIMITS = Limits(seconds=7200, idle=900, octets=None, up=2_000_000, down=8_000_000, interim=300)
STAMP = integer(Attr.EVENT_TIMESTAMP, NEW_YEAR)
NAME = text(Attr.USER_NAME, "nemo")
UP = vendor(14122, 7, (512_000).to_bytes(4, "big"))


def packet(code: Code, *attributes: Attribute, secret: bytes = SECRET) -> bytes:
    rest = b"".join(octets_of(*attribute) for attribute in attributes)
    head = bytes((code, 7)) + (20 + len(rest)).to_bytes(2, "big")
    return head + request_authenticator(head + bytes(16) + rest, secret) + rest


def asked(code: Code, *attributes: Attribute) -> Request:
    request = parse(packet(code, *attributes))
    assert isinstance(request, Request)
    return request


def stay(**facts: object) -> Session:
    session = Session(
        id="s1", mark=16, mac=MAC, addresses=(ip_address("10.70.7.20"), ip_address("2001:db8::20")), user_name="nemo",
        classes=(), limits=LIMITS, started_at=0, told_at=0, active_at=0,
    )  # fmt: skip
    return replace(session, **facts)  # type: ignore[arg-type]


def test_the_known_disconnect_is_believed_and_answered_to_the_octet() -> None:
    request = believe(DISCONNECT, SECRET, NEW_YEAR + 299)

    assert isinstance(request, Request)
    assert read_change(request, IDENTITY) == Disconnect(Which(user="nemo", session="80f00003"))
    done = encode(reply_to_change(request, None), request, SECRET, sealed=False)
    unknown = encode(reply_to_change(request, ErrorCause.SESSION_CONTEXT_NOT_FOUND), request, SECRET, sealed=False)
    assert done.hex() == "294d00149c4a424ba52672d6d3ddf7cd68f1e77f"
    assert unknown.hex() == "2a4d001a4d3437b73f91464ad0eb3874aca8cde66506000001f7"


@pytest.mark.parametrize(
    ("datagram", "secret", "now"),
    [
        (DISCONNECT, b"another", NEW_YEAR),
        (DISCONNECT, SECRET, NEW_YEAR + 301),
        (DISCONNECT, SECRET, NEW_YEAR - 301),
        (DISCONNECT[:-1], SECRET, NEW_YEAR),
        (packet(Code.ACCOUNTING_REQUEST, STAMP), SECRET, NEW_YEAR),
        (b"", SECRET, NEW_YEAR),
    ],
)
def test_a_wrong_secret_an_old_packet_and_a_foreign_one_are_met_with_silence(
    datagram: bytes, secret: bytes, now: float
) -> None:
    assert isinstance(believe(datagram, secret, now), Silence)


def test_a_change_says_only_what_it_says() -> None:
    request = asked(Code.COA_REQUEST, STAMP, NAME, UP, integer(Attr.SESSION_TIMEOUT, 60))

    assert read_change(request, IDENTITY) == Change(Which(user="nemo"), Terms(seconds=60, up=512_000))


@pytest.mark.parametrize(
    ("code", "attributes", "cause"),
    [
        (Code.DISCONNECT_REQUEST, (STAMP, NAME, integer(Attr.SESSION_TIMEOUT, 60)), 401),
        (Code.DISCONNECT_REQUEST, (STAMP, NAME, UP), 401),
        (Code.COA_REQUEST, (STAMP, NAME, UP, vendor(14988, 8, b"1M/1M")), 401),
        (Code.COA_REQUEST, (STAMP, NAME, UP, (Attr.VENDOR_SPECIFIC, b"\0\0\1")), 401),
        (Code.COA_REQUEST, (STAMP, NAME, UP, text(Attr.CLASS, "other")), 401),
        (Code.DISCONNECT_REQUEST, (NAME,), 402),
        (Code.DISCONNECT_REQUEST, (STAMP,), 402),
        (Code.DISCONNECT_REQUEST, (STAMP, text(Attr.NAS_IDENTIFIER, "gw-museum")), 402),
        (Code.COA_REQUEST, (STAMP, NAME), 402),
        (Code.DISCONNECT_REQUEST, (STAMP, NAME, text(Attr.NAS_IDENTIFIER, "gw-other")), 403),
        (Code.DISCONNECT_REQUEST, (STAMP, NAME, (Attr.NAS_IP_ADDRESS, bytes(4))), 403),
        (Code.COA_REQUEST, (STAMP, NAME, integer(Attr.SERVICE_TYPE, 17)), 405),
        (Code.DISCONNECT_REQUEST, (STAMP, text(Attr.CALLING_STATION_ID, "a phone")), 407),
        (Code.DISCONNECT_REQUEST, (STAMP, (Attr.FRAMED_IP_ADDRESS, b"12")), 407),
        (Code.COA_REQUEST, (STAMP, NAME, vendor(14122, 7, bytes(4))), 407),
    ],
)
def test_what_cannot_be_done_whole_is_not_begun(code: Code, attributes: tuple[Attribute, ...], cause: int) -> None:
    assert read_change(asked(code, *attributes), IDENTITY) == cause


def test_this_gateways_own_names_do_not_disturb() -> None:
    own = (text(Attr.NAS_IDENTIFIER, "gw-museum"), (Attr.NAS_IP_ADDRESS, bytes((127, 66, 3, 1))))

    request = asked(Code.DISCONNECT_REQUEST, STAMP, *own, text(Attr.CALLING_STATION_ID, "02-11-22-00-00-01"))

    assert read_change(request, IDENTITY) == Disconnect(Which(mac=MAC))


@pytest.mark.parametrize(
    ("which", "fits"),
    [
        (Which(user="nemo"), True),
        (Which(session="s1", mac=MAC, addresses=(ip_address("10.70.7.20"),)), True),
        (Which(user="nemo", session="s2"), False),
        (Which(mac=Mac("021122000002")), False),
        (Which(user="nemo", addresses=(ip_address("10.70.7.21"),)), False),
    ],
)
def test_all_that_is_said_of_a_stay_has_to_fit(which: Which, fits: bool) -> None:
    assert which.fits(stay()) is fits


ATTRIBUTES = st.lists(st.tuples(st.integers(1, 255), st.binary(max_size=40)), max_size=12)


@given(st.sampled_from([Code.DISCONNECT_REQUEST, Code.COA_REQUEST]), ATTRIBUTES)
def test_no_attributes_that_a_holder_of_the_secret_sends_are_a_bug(code: Code, attributes: list[Attribute]) -> None:
    request = believe(packet(code, *attributes), SECRET, NEW_YEAR)

    if isinstance(request, Request):
        outcome = read_change(request, IDENTITY)
        reply = reply_to_change(request, outcome if isinstance(outcome, ErrorCause) else None)
        assert isinstance(parse(encode(reply, request, SECRET, sealed=True)), Request)
