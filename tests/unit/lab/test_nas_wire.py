"""A NAS's own packets, and which replies it believes; checked by hand-made MD5 and HMAC, not by pyrad."""

from __future__ import annotations

import hashlib
import hmac
import struct

import pytest

from lab.nas.wire import Request, access_request, accounting_request, read_reply

SECRET = b"xyzzy5461"


def test_an_access_request_begins_with_a_valid_message_authenticator() -> None:
    octets = access_request(7, SECRET, [(1, b"g1"), (31, b"02:00")], b"sandi").octets
    assert octets[20:22] == bytes([80, 18])
    blank = octets[:22] + bytes(16) + octets[38:]
    assert octets[22:38] == hmac.digest(SECRET, blank, "md5")


def test_a_pap_password_is_hidden_as_the_standard_says() -> None:
    octets = access_request(7, SECRET, [(1, b"g1")], b"sandi").octets
    hidden = octets[octets.index(bytes([2, 18]), 38) + 2 :][:16]
    mask = hashlib.md5(SECRET + octets[4:20]).digest()  # noqa: S324 - RFC 2865 section 5.2
    assert bytes(a ^ b for a, b in zip(hidden, mask, strict=True)).rstrip(b"\0") == b"sandi"


def test_an_accounting_request_is_signed_over_all_its_octets() -> None:
    octets = accounting_request(9, SECRET, [(40, bytes([0, 0, 0, 1])), ((14122, 3), b"http://x")]).octets
    expected = hashlib.md5(octets[:4] + bytes(16) + octets[20:] + SECRET).digest()  # noqa: S324 - RFC 2866 section 3
    assert octets[4:20] == expected
    assert bytes([26, 16]) + struct.pack("!I", 14122) + bytes([3, 10]) + b"http://x" in octets


def test_a_signed_accept_is_read_with_all_its_attributes() -> None:
    request = access_request(7, SECRET, [(1, b"g1")], b"sandi")
    rate = struct.pack("!IBB", 14988, 8, 7) + b"1M/2M"
    octets = answered(request, [(25, b"hs1:a"), (25, b"hs1:b"), (27, b"\0\0\x0e\x10"), (26, rate)])
    reply = read_reply(request, octets, signed=True)
    assert reply is not None
    assert (reply.code, reply.attributes[25], reply.number(27)) == (2, [b"hs1:a", b"hs1:b"], 3600)
    assert reply.text((14988, 8)) == "1M/2M"


@pytest.mark.parametrize("spoil", [0, 1, 5, 22, 44])
def test_a_reply_of_which_one_octet_changed_is_not_believed(spoil: int) -> None:
    request = access_request(7, SECRET, [(1, b"g1")], b"sandi")
    octets = bytearray(answered(request, [(25, b"hs1:a")]))
    octets[spoil] ^= 1
    assert read_reply(request, bytes(octets), signed=True) is None


def test_an_accept_without_message_authenticator_is_believed_only_where_none_is_required() -> None:
    request = access_request(7, SECRET, [(1, b"g1")], b"sandi")
    octets = answered(request, [(25, b"hs1:a")], sign=False)
    assert read_reply(request, octets, signed=True) is None
    assert read_reply(request, octets, signed=False) is not None


def test_a_proxy_state_that_was_never_sent_gives_a_forged_reply_away() -> None:
    request = access_request(7, SECRET, [(1, b"g1")], b"sandi")
    assert read_reply(request, answered(request, [(33, b"x")]), signed=True) is None


def test_noise_is_not_a_reply() -> None:
    request = access_request(7, SECRET, [(1, b"g1")], b"sandi")
    assert read_reply(request, b"\x02\x07noise", signed=True) is None


def answered(request: Request, attributes: list[tuple[int, bytes]], *, sign: bool = True) -> bytes:
    """An Access-Accept made by hand (RFC 2865 section 3, RFC 2869 section 5.14)."""
    vector = request.octets[4:20]
    body = (bytes([80, 18]) + bytes(16)) if sign else b""
    body += b"".join(bytes([key, len(value) + 2]) + value for key, value in attributes)
    head = struct.pack("!BBH", 2, request.identifier, 20 + len(body))
    if sign:
        body = bytes([80, 18]) + hmac.digest(SECRET, head + vector + body, "md5") + body[18:]
    return head + hashlib.md5(head + vector + body + SECRET).digest() + body  # noqa: S324 - the protocol's
