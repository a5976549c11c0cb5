"""The codec against the RFCs' own packets, against pyrad, and against octets that nobody sane would send."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrad.dictionary import Dictionary  # type: ignore[import-untyped]
from pyrad.packet import AcctPacket, AuthPacket, Packet  # type: ignore[import-untyped]

from hotspot.wire import (
    Attr,
    Code,
    Malformed,
    Reply,
    Request,
    accounting_is_true,
    chap_is_true,
    encode,
    integer,
    message_authenticator_is_true,
    pap_password,
    parse,
    request_authenticator,
    text,
    vendor,
)
from radius.names import FOLDER

SECRET = b"xyzzy5461"
DICTIONARY = Dictionary(str(FOLDER / "dictionary"))


def read(hexadecimal: str) -> Request:
    request = parse(bytes.fromhex(hexadecimal))
    assert isinstance(request, Request), request
    return request


def packet(attributes: bytes, code: int = 1, authenticator: bytes = bytes(16)) -> bytes:
    return bytes((code, 7)) + (20 + len(attributes)).to_bytes(2, "big") + authenticator + attributes


# RFC 2865 section 7
NEMO = (
    "010000380f403f9473978057bd83d5cb98f4227a01066e656d6f02120dbe708d93d413ce3196e43f782a0aee0406c0a80110050600000003"
)
NEMO_ACCEPT = "0200002686fe220e7624ba2a1005f6bf9b55e0b20606000000010f06000000000e06c0a80103"
FLOPSY = (
    "010100472aee86f08d0d55969ca5978e0d3367a20108666c6f707379031316e97557c316185895f293ff63440772750406c0a80110"
    "050600000014060600000002070600000001"
)
FLOPSY_ACCEPT = (
    "0201003815efbc7dab26cfa3dc34d9c03c8601a40606000000020706000000010806fffffffe0a06000000020d06000000010c06000005dc"
)
MOPSY = (
    "01020039f3a47a1f6a6d76710b947ab93041a03901076d6f707379021233657573778289b570885e15084825c50406c0a80110050600000007"
)
MOPSY_CHALLENGE = (
    "0b02004e36f3c8764ae8c71157403c0c71ff9c4512304368616c6c656e67652033323736393433302e2020456e74657220726573706f6e"
    "73652061742070726f6d70742e180a3332373639343330"
)
# The RFC prints 0x10 as the length of State, which then runs over the packet's end; its eight octets need 0x0a.
MOPSY_AGAIN_AS_PRINTED = (
    "01030043b122556d428a13d0d6253807c457ecf001076d6f7073790212692c1f205fc081b919b95195f561a5810406c0a8011005060000000718"
    "103332373639343330"
)
MOPSY_AGAIN = MOPSY_AGAIN_AS_PRINTED.replace("18103332", "180a3332")
MOPSY_REJECT = "03030014a42f4fca45916c4e09c8340f9e746aa0"


def hexed(reply: Reply, request: Request, *, sealed: bool = False) -> str:
    return encode(reply, request, SECRET, sealed=sealed).hex()


def test_the_rfcs_telnet_login_is_read_and_its_accept_encoded_to_the_octet() -> None:
    request = read(NEMO)
    accept = Reply(Code.ACCESS_ACCEPT, (integer(6, 1), integer(15, 0), (14, bytes((192, 168, 1, 3)))))

    assert request.words(Attr.USER_NAME) == "nemo"
    assert pap_password(request, SECRET) == b"arctangent"
    assert hexed(accept, request) == NEMO_ACCEPT


def test_the_rfcs_chap_login_is_proved_and_its_accept_encoded_to_the_octet() -> None:
    request = read(FLOPSY)
    numbers = ((6, 2), (7, 1), (8, 0xFFFFFFFE), (10, 2), (13, 1), (12, 1500))
    accept = Reply(Code.ACCESS_ACCEPT, tuple(integer(kind, value) for kind, value in numbers))

    assert chap_is_true(request, b"arctangent")
    assert not chap_is_true(request, b"arctangent ")
    assert hexed(accept, request) == FLOPSY_ACCEPT


def test_the_rfcs_challenge_and_reject_are_encoded_to_the_octet() -> None:
    first, again = read(MOPSY), read(MOPSY_AGAIN)
    words = text(Attr.REPLY_MESSAGE, "Challenge 32769430.  Enter response at prompt.")

    assert pap_password(first, SECRET) == b"challenge"
    assert hexed(Reply(Code.ACCESS_CHALLENGE, (words, (24, b"32769430"))), first) == MOPSY_CHALLENGE
    assert pap_password(again, SECRET) == b"99101462"
    assert hexed(Reply(Code.ACCESS_REJECT), again) == MOPSY_REJECT


def test_the_rfcs_misprinted_length_of_state_is_refused() -> None:
    assert parse(bytes.fromhex(MOPSY_AGAIN_AS_PRINTED)) == Malformed("attribute 24 runs over the end")


# RFC 5997 section 6; the second reply is printed with code 2, and its authenticator is right for code 5 only.
STATUS = [
    (
        "0cda00268a54f4686fb394c52866e302185d062350125a665e2e1e8411f3e243822097c84fa3",
        Reply(Code.ACCESS_ACCEPT),
        "02da0014ef0d552a4bf2d693ec2b6fe8b5411d66",
    ),
    (
        "0cb30026925f6b66dd5fed571fcb1db7ad3882605012e8d6eabda910875cd91fdade26367858",
        Reply(Code.ACCOUNTING_RESPONSE),
        "05b300140f6f92145f107e2f504e860a4860669c",
    ),
    (
        "0c47002cbf58de56ae408ad3b70c8513f9b03fbe0406c00002105012852d6fec61e7ed74b8e32dac2f2a5fb2",
        Reply(Code.ACCESS_ACCEPT, (text(Attr.REPLY_MESSAGE, "RADIUS Server up 2 days, 18:40"),)),
        "0247003446f43e62fd0354424cbbebfd6d214e06122052414449555320536572766572207570203220646179732c2031383a3430",
    ),
]


@pytest.mark.parametrize(("asked", "reply", "answered"), STATUS)
def test_the_rfcs_status_servers_are_believed_and_answered_to_the_octet(
    asked: str, reply: Reply, answered: str
) -> None:
    request = read(asked)

    assert message_authenticator_is_true(request, SECRET)
    assert not message_authenticator_is_true(request, b"xyzzy5462")
    assert hexed(reply, request) == answered


# Made with hashlib and with pyrad alike.
ACCT_START = (
    "040a00766314f26acb13b8166674b1964aff84cf2806000000012c0a383066303030303301066e656d6f0406c0a801101f1333302d33392d"
    "32362d38362d43432d45411e1730302d31302d41342d32332d31392d43303a41503108060a0532fd19166873313a30313233343536373839"
    "616263646566"
)
ACCT_STOP = (
    "040b005a8d848d10d67dbbd2bcefb499e4a3a16b2806000000022c0a383066303030303301066e656d6f0406c0a801102e0600009b872a06"
    "00000fa93406000000002b06745d3e7c350600000005310600000001290600000003"
)
SEALED_ACCEPT = "02000032784273518dd8992399378b77f2086a7d5012c889c2c1b278bfd40d8068089a962daa1b0600000e1055060000012c"
DISCONNECT = (
    "284d003c4c6f4891cab61b640302d2f7561cb6d35012f9d443914f10c6f47a4c84985b07e5b801066e656d6f2c0a38306630303030333706"
    "6955b900"
)
SEALED_PAP = (
    "010500440f403f9473978057bd83d5cb98f4227a01066e656d6f02120dbe708d93d413ce3196e43f782a0aee0406c0a8011050123c1c6afc"
    "0eb1586f438b05bdbcf73423"
)


def test_accounting_is_believed_by_its_authenticator_and_answered_to_the_octet() -> None:
    start, stop = read(ACCT_START), read(ACCT_STOP)

    assert accounting_is_true(start, SECRET)
    assert accounting_is_true(stop, SECRET)
    assert not accounting_is_true(stop, b"another")
    assert stop.number(Attr.ACCT_OUTPUT_GIGAWORDS) == 5
    assert hexed(Reply(Code.ACCOUNTING_RESPONSE), start) == "050a0014a240981cd8a0d7f5b5bffb5aa039cfa5"


def test_a_sealed_accept_carries_its_message_authenticator_first() -> None:
    accept = Reply(Code.ACCESS_ACCEPT, (integer(Attr.SESSION_TIMEOUT, 3600), integer(Attr.ACCT_INTERIM_INTERVAL, 300)))

    assert hexed(accept, read(NEMO), sealed=True) == SEALED_ACCEPT
    assert bytes.fromhex(SEALED_ACCEPT)[20] == Attr.MESSAGE_AUTHENTICATOR


def test_a_disconnect_is_sealed_before_its_authenticator_is_computed() -> None:
    request = read(DISCONNECT)

    assert message_authenticator_is_true(request, SECRET)
    assert request_authenticator(request.octets, SECRET) == request.authenticator
    assert hexed(Reply(Code.DISCONNECT_ACK), request) == "294d00149c4a424ba52672d6d3ddf7cd68f1e77f"
    refusal = Reply(Code.DISCONNECT_NAK, (integer(101, 503),))
    assert hexed(refusal, request) == "2a4d001a4d3437b73f91464ad0eb3874aca8cde66506000001f7"


def test_a_message_authenticator_may_stand_last_in_a_request() -> None:
    assert message_authenticator_is_true(read(SEALED_PAP), SECRET)


def test_a_seal_that_is_not_there_is_not_true() -> None:
    assert not message_authenticator_is_true(read(NEMO), SECRET)


@pytest.mark.parametrize(
    ("octets", "reason"),
    [
        (b"", "shorter than a header"),
        (packet(b"")[:19], "shorter than a header"),
        (packet(b"")[:2] + b"\0\x13" + bytes(16), "Length is not between 20 and 4096"),
        (packet(b"")[:2] + b"\x10\x01" + bytes(4093), "Length is not between 20 and 4096"),
        (packet(b"\x01\x03a")[:-1], "shorter than its Length"),
        (packet(b"\x00\x02"), "attribute 0"),
        (packet(b"\x01\x00"), "attribute 1 is shorter than its own header"),
        (packet(b"\x01\x01"), "attribute 1 is shorter than its own header"),
        (packet(b"\x01\x20bob"), "attribute 1 runs over the end"),
        (packet(b"\x01\x03a\x01"), "one octet is left over at the end"),
        (packet(b"\x01\x02" * 201), "more than 200 attributes"),
        (packet((b"\x50\x12" + bytes(16)) * 2), "more than one Message-Authenticator"),
        (packet(b"\x50\x11" + bytes(15)), "Message-Authenticator is not 16 octets long"),
    ],
)
def test_what_does_not_fit_exactly_is_refused_with_its_reason(octets: bytes, reason: str) -> None:
    assert parse(octets) == Malformed(reason)


def test_octets_beyond_the_length_are_padding() -> None:
    plain = bytes.fromhex(NEMO)

    assert parse(plain + b"\x01\x02 junk") == parse(plain)


def test_two_hundred_attributes_and_four_thousand_and_ninety_six_octets_are_still_a_packet() -> None:
    assert isinstance(parse(packet(b"\x01\x02" * 200)), Request)
    assert isinstance(parse(packet((b"\x21\xff" + bytes(253)) * 15 + b"\x21\xfb" + bytes(249))), Request)


def test_proxy_states_go_back_unchanged_and_in_order_after_everything_else() -> None:
    request = read(packet(b"\x21\x04zz\x01\x03a\x21\x04aa").hex())

    assert encode(Reply(2, (integer(27, 1),)), request, SECRET, sealed=False)[26:] == b"\x21\x04zz\x21\x04aa"


@pytest.mark.parametrize("size", [0, 1, 15, 17, 31, 144, 240])
def test_a_password_of_an_impossible_length_is_none(size: int) -> None:
    assert pap_password(read(packet(bytes((2, size + 2)) + bytes(size)).hex()), SECRET) is None


def test_foreign_octets_become_text_that_any_database_takes() -> None:
    request = read(packet(b"\x01\x07a\x00\xff\n" + b"b").hex())

    assert request.words(Attr.USER_NAME) == "a\\x00\\xff\nb"


def test_a_reply_or_attribute_that_does_not_fit_is_not_sent_short() -> None:
    request = read(NEMO)

    with pytest.raises(ValueError, match="attribute 25 holds 254 octets"):
        encode(Reply(2, ((25, bytes(254)),)), request, SECRET, sealed=False)
    with pytest.raises(ValueError, match="a reply of 4100 octets does not fit"):
        encode(Reply(2, ((25, bytes(253)),) * 16), request, SECRET, sealed=False)


@given(st.binary(max_size=300))
def test_no_octets_make_the_parser_raise(octets: bytes) -> None:
    assert isinstance(parse(octets), (Request, Malformed))


attribute = st.tuples(st.integers(0, 255), st.integers(0, 255), st.binary(max_size=20)).map(
    lambda parts: bytes(parts[:2]) + parts[2]
)


@given(st.lists(attribute, max_size=12).map(b"".join), st.sampled_from((1, 4, 12, 40, 99)))
def test_no_octets_make_the_proofs_raise(attributes: bytes, code: int) -> None:
    request = parse(packet(attributes, code))
    if isinstance(request, Request):
        message_authenticator_is_true(request, SECRET)
        accounting_is_true(request, SECRET)
        pap_password(request, SECRET)
        chap_is_true(request, b"word")
        for kind in request.attributes:
            request.number(kind)
            request.words(kind)


# pyrad, which shares no line with us, is asked too.


@given(st.binary(min_size=1, max_size=128).filter(lambda word: b"\0" not in word), st.binary(min_size=16, max_size=16))
def test_what_pyrad_hides_we_read(password: bytes, authenticator: bytes) -> None:
    theirs = AuthPacket(secret=SECRET, dict=DICTIONARY, authenticator=authenticator)
    theirs.add_message_authenticator()
    theirs["User-Name"] = "nemo"
    theirs[2] = [theirs.PwCrypt(password)]
    request = parse(theirs.RequestPacket())

    assert isinstance(request, Request)
    assert pap_password(request, SECRET) == password
    assert message_authenticator_is_true(request, SECRET)
    assert not message_authenticator_is_true(request, SECRET + b"x")


@given(st.integers(0, 2**32 - 1), st.text(max_size=60))
def test_pyrad_believes_our_replies_and_reads_the_same_values(seconds: int, words: str) -> None:
    theirs = AuthPacket(secret=SECRET, dict=DICTIONARY, id=9)
    theirs["User-Name"] = "nemo"
    theirs.add_message_authenticator()
    request = parse(theirs.RequestPacket())
    assert isinstance(request, Request)
    reply = Reply(2, (integer(27, seconds), text(18, words), vendor(14988, 8, b"2M/8M")))
    octets = encode(reply, request, SECRET, sealed=True)

    read_back = Packet(packet=octets, dict=DICTIONARY, secret=SECRET)
    assert theirs.VerifyReply(read_back, octets, enforce_ma=True)
    assert read_back["Session-Timeout"] == [seconds]
    assert read_back["Mikrotik-Rate-Limit"] == ["2M/8M"]


@given(st.dictionaries(st.sampled_from((1, 11, 18, 31, 44)), st.binary(min_size=1, max_size=40), max_size=5))
def test_accounting_that_pyrad_signs_is_true(values: dict[int, bytes]) -> None:
    theirs = AcctPacket(secret=SECRET, dict=DICTIONARY, id=3)
    for kind, value in values.items():
        theirs[kind] = [value]
    request = parse(theirs.RequestPacket())

    assert isinstance(request, Request)
    assert accounting_is_true(request, SECRET)
    assert {kind: list(found) for kind, found in request.attributes.items()} == {k: [v] for k, v in values.items()}


def test_chap_uses_the_challenge_attribute_where_there_is_one() -> None:
    challenge = b"from the hotspot"
    answer = b"\x05" + hashlib.md5(b"\x05word" + challenge, usedforsecurity=False).digest()
    request = read(packet(bytes((3, 19)) + answer + bytes((60, 18)) + challenge).hex())

    assert chap_is_true(request, b"word")
    assert not chap_is_true(request, b"Word")


def test_an_accounting_requests_seal_is_computed_over_zeros() -> None:
    head, seal = bytes((4, 1, 0, 38)), b"\x50\x12"
    proof = hmac.digest(SECRET, head + bytes(16) + seal + bytes(16), "md5")
    unsigned = head + bytes(16) + seal + proof
    signed = head + request_authenticator(unsigned, SECRET) + seal + proof

    assert message_authenticator_is_true(read(signed.hex()), SECRET)
