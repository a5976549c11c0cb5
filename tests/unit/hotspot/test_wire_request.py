"""A NAS's side of the codec: the RFC's requests to the octet, and no reply believed that anybody else could make."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrad.dictionary import Dictionary  # type: ignore[import-untyped]
from pyrad.packet import AcctPacket, AuthPacket  # type: ignore[import-untyped]

from hotspot.wire import (
    Attr,
    Code,
    Malformed,
    Reply,
    Request,
    accounting_request,
    change_is_true,
    change_request,
    encode,
    hidden,
    integer,
    message_authenticator_is_true,
    pap_password,
    parse,
    reply_to,
    sealed_request,
    text,
)
from radius.names import FOLDER

SECRET = b"xyzzy5461"
DICTIONARY = Dictionary(str(FOLDER / "dictionary"))
NEMO_AUTHENTICATOR = bytes.fromhex("0f403f9473978057bd83d5cb98f4227a")
# Accounting that was computed twice, by hashlib and by pyrad.
START = (
    "040a00766314f26acb13b8166674b1964aff84cf2806000000012c0a383066303030303301066e656d6f0406c0a801101f1333302d33392d"
    "32362d38362d43432d45411e1730302d31302d41342d32332d31392d43303a41503108060a0532fd19166873313a30313233343536373839"
    "616263646566"
)
START_RESPONSE = "050a0014a240981cd8a0d7f5b5bffb5aa039cfa5"
DISCONNECT = (
    "284d003c4c6f4891cab61b640302d2f7561cb6d35012f9d443914f10c6f47a4c84985b07e5b801066e656d6f2c0a38306630303030333706"
    "6955b900"
)


def read(octets: bytes) -> Request:
    request = parse(octets)
    assert isinstance(request, Request), request
    return request


def test_a_disconnect_is_written_as_it_was_computed_twice_and_its_answers_are_believed() -> None:
    attributes = (
        text(Attr.USER_NAME, "nemo"),
        text(Attr.ACCT_SESSION_ID, "80f00003"),
        (Attr.EVENT_TIMESTAMP, bytes.fromhex("6955b900")),
    )
    asked = change_request(Code.DISCONNECT_REQUEST, 0x4D, attributes, SECRET)
    refusal = reply_to(asked, bytes.fromhex("2a4d001a4d3437b73f91464ad0eb3874aca8cde66506000001f7"), SECRET)

    assert asked.hex() == DISCONNECT
    assert isinstance(reply_to(asked, bytes.fromhex("294d00149c4a424ba52672d6d3ddf7cd68f1e77f"), SECRET), Request)
    assert isinstance(refusal, Request)
    assert refusal.number(Attr.ERROR_CAUSE) == 503


def access(authenticator: bytes = NEMO_AUTHENTICATOR) -> bytes:
    attributes = (text(Attr.USER_NAME, "nemo"), hidden(b"arctangent", authenticator, SECRET))
    return sealed_request(Code.ACCESS_REQUEST, 1, authenticator, attributes, SECRET)


def answer(asked: bytes, code: Code = Code.ACCESS_ACCEPT, *, sealed: bool = True) -> bytes:
    return encode(Reply(code, (integer(Attr.SESSION_TIMEOUT, 3600),)), read(asked), SECRET, sealed=sealed)


def test_the_rfcs_password_is_hidden_to_the_octet() -> None:
    assert hidden(b"arctangent", NEMO_AUTHENTICATOR, SECRET)[1].hex() == "0dbe708d93d413ce3196e43f782a0aee"


@given(st.binary(max_size=128).filter(lambda word: not word.endswith(b"\0")), st.binary(min_size=16, max_size=16))
def test_any_password_comes_back_as_it_was_hidden(password: bytes, authenticator: bytes) -> None:
    asked = sealed_request(Code.ACCESS_REQUEST, 3, authenticator, (hidden(password, authenticator, SECRET),), SECRET)

    assert pap_password(read(asked), SECRET) == password


def test_a_password_that_is_too_long_is_not_sent() -> None:
    with pytest.raises(ValueError, match="129 octets"):
        hidden(bytes(129), NEMO_AUTHENTICATOR, SECRET)


def test_an_access_request_is_sealed_first_and_pyrad_believes_it() -> None:
    octets = access()
    theirs = AuthPacket(packet=octets, secret=SECRET, dict=DICTIONARY)

    assert octets[20] == Attr.MESSAGE_AUTHENTICATOR
    assert message_authenticator_is_true(read(octets), SECRET)
    assert theirs.verify_message_authenticator()
    assert theirs.PwDecrypt(theirs["User-Password"][0]) == "arctangent"


def test_a_start_is_encoded_to_the_octet_and_pyrad_believes_it() -> None:
    request = read(bytes.fromhex(START))
    attributes = [(kind, value) for kind, values in request.attributes.items() for value in values]

    octets = accounting_request(10, attributes, SECRET)

    assert octets.hex() == START
    assert AcctPacket(packet=octets, secret=SECRET, dict=DICTIONARY).VerifyAcctRequest()


def test_a_true_accept_is_read_and_a_true_acknowledgement_too() -> None:
    asked = access()
    reply = reply_to(asked, answer(asked), SECRET)

    assert isinstance(reply, Request)
    assert reply.number(Attr.SESSION_TIMEOUT) == 3600
    assert isinstance(reply_to(bytes.fromhex(START), bytes.fromhex(START_RESPONSE), SECRET), Request)


def test_status_server_is_answered_with_either_ports_code() -> None:
    asked = sealed_request(Code.STATUS_SERVER, 9, NEMO_AUTHENTICATOR, (), SECRET)

    for code in (Code.ACCESS_ACCEPT, Code.ACCOUNTING_RESPONSE):
        assert isinstance(reply_to(asked, answer(asked, code), SECRET), Request)


def test_a_reply_without_seal_is_believed_only_where_that_is_allowed() -> None:
    asked = access()
    bare = answer(asked, sealed=False)

    assert reply_to(asked, bare, SECRET) == Malformed("no Message-Authenticator, and one is required of this server")
    assert isinstance(reply_to(asked, bare, SECRET, must_seal=False), Request)


def test_a_reply_that_carries_proxy_state_is_an_attack() -> None:
    asked = access()
    forged = encode(Reply(Code.ACCESS_ACCEPT, ((Attr.PROXY_STATE, b"x" * 60),)), read(asked), SECRET, sealed=True)

    assert reply_to(asked, forged, SECRET) == Malformed("Proxy-State that was not sent")


def test_another_requests_reply_another_secret_and_a_foreign_code_are_refused() -> None:
    asked, other = access(), access(bytes(16))
    wrong = encode(Reply(Code.ACCESS_ACCEPT), read(asked), b"another", sealed=True)

    assert isinstance(reply_to(asked, answer(other), SECRET), Malformed)
    assert isinstance(reply_to(asked, wrong, SECRET), Malformed)
    assert reply_to(asked, answer(asked, Code.ACCOUNTING_RESPONSE), SECRET) == Malformed(
        "not a reply to what was asked"
    )
    assert isinstance(reply_to(asked, b"\x02\x01", SECRET), Malformed)


@given(st.integers(0, 45), st.integers(1, 255))
def test_no_octet_of_a_reply_can_be_changed(position: int, flip: int) -> None:
    asked = access()
    octets = bytearray(answer(asked))
    octets[position % len(octets)] ^= flip

    assert isinstance(reply_to(asked, bytes(octets), SECRET), Malformed)


@given(st.integers(0, 59), st.integers(1, 255))
def test_no_octet_of_a_disconnect_can_be_changed(position: int, flip: int) -> None:
    octets = bytearray(bytes.fromhex(DISCONNECT))
    assert change_is_true(read(bytes(octets)), SECRET)
    octets[position] ^= flip
    request = parse(bytes(octets))

    assert isinstance(request, Malformed) or not change_is_true(request, SECRET)


def test_a_disconnect_is_acknowledged_or_refused_to_the_octet() -> None:
    request = read(bytes.fromhex(DISCONNECT))
    unknown = Reply(Code.DISCONNECT_NAK, (integer(Attr.ERROR_CAUSE, 503),))

    assert encode(Reply(Code.DISCONNECT_ACK), request, SECRET, sealed=False).hex() == (
        "294d00149c4a424ba52672d6d3ddf7cd68f1e77f"
    )
    assert encode(unknown, request, SECRET, sealed=False).hex() == (
        "2a4d001a4d3437b73f91464ad0eb3874aca8cde66506000001f7"
    )


def test_a_request_that_does_not_fit_is_not_sent() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        accounting_request(1, [(Attr.CLASS, bytes(253))] * 17, SECRET)
