"""Which datagrams are believed to come from a NAS."""

from __future__ import annotations

import hmac
from dataclasses import replace

import pytest

from hotspot.wire import Code, request_authenticator
from radius.receive import Believed, Door, Dropped, Peer, receive

SECRET = b"a secret that is long enough"
STRICT = Peer("gw-a", "a", "mikrotik", (SECRET,), SECRET, must_seal=True)
LENIENT = replace(STRICT, must_seal=False)


def packet(code: int, attributes: bytes = b"", *, sealed: bool = False, secret: bytes = SECRET) -> bytes:
    seal = b"\x50\x12" + bytes(16) if sealed else b""
    head = bytes((code, 1)) + (20 + len(attributes) + len(seal)).to_bytes(2, "big")
    authenticator = bytes(16) if code == Code.ACCOUNTING_REQUEST else b"sixteen octets.."
    if sealed:
        seal = seal[:2] + hmac.digest(secret, head + authenticator + attributes + seal, "md5")
    body = attributes + seal
    if code == Code.ACCOUNTING_REQUEST:
        authenticator = request_authenticator(head + authenticator + body, secret)
    return head + authenticator + body


EAP, PROXY, NAME = b"\x4f\x06abcd", b"\x21\x04zz", b"\x01\x05bob"


@pytest.mark.parametrize(
    ("peer", "door", "octets"),
    [
        (STRICT, Door.AUTH, packet(1, NAME, sealed=True)),
        (STRICT, Door.AUTH, packet(1, NAME + PROXY + EAP, sealed=True)),
        (LENIENT, Door.AUTH, packet(1, NAME)),
        (STRICT, Door.AUTH, packet(12, sealed=True)),
        (STRICT, Door.ACCT, packet(12, sealed=True)),
        (STRICT, Door.ACCT, packet(4, NAME)),
        (STRICT, Door.ACCT, packet(4, NAME + PROXY, sealed=True)),
    ],
)
def test_what_the_nas_can_have_sent_is_taken(peer: Peer, door: Door, octets: bytes) -> None:
    assert isinstance(receive(octets, peer, door), Believed)


@pytest.mark.parametrize(
    ("peer", "door", "octets", "result"),
    [
        (STRICT, Door.AUTH, packet(1, NAME), "unsealed"),
        (LENIENT, Door.AUTH, packet(1, NAME + PROXY), "unsealed"),
        (LENIENT, Door.AUTH, packet(1, NAME + EAP), "unsealed"),
        (LENIENT, Door.AUTH, packet(12), "unsealed"),
        (LENIENT, Door.AUTH, packet(1, NAME, sealed=True, secret=b"wrong"), "wrong-secret"),
        (LENIENT, Door.ACCT, packet(12, sealed=True, secret=b"wrong"), "wrong-secret"),
        (LENIENT, Door.ACCT, packet(4, NAME, secret=b"wrong"), "wrong-secret"),
        (LENIENT, Door.AUTH, packet(4, NAME), "malformed"),
        (LENIENT, Door.ACCT, packet(1, NAME), "malformed"),
        (LENIENT, Door.AUTH, packet(2, NAME), "malformed"),
        (LENIENT, Door.AUTH, packet(40, NAME), "malformed"),
        (LENIENT, Door.AUTH, packet(1, NAME)[:-1], "malformed"),
        (LENIENT, Door.AUTH, packet(1, (b"\x21\xff" + bytes(253)) * 9, sealed=True), "malformed"),
    ],
)
def test_everything_else_is_dropped_with_its_label(peer: Peer, door: Door, octets: bytes, result: str) -> None:
    dropped = receive(octets, peer, door)

    assert isinstance(dropped, Dropped)
    assert dropped.result == result


def test_accounting_with_a_right_authenticator_and_a_wrong_seal_is_dropped() -> None:
    sealed = bytearray(packet(4, NAME, sealed=True))
    sealed[-1] ^= 1
    sealed[4:20] = request_authenticator(bytes(sealed[:4]) + bytes(16) + bytes(sealed[20:]), SECRET)

    assert receive(bytes(sealed), STRICT, Door.ACCT) == Dropped(
        "wrong-secret", "Message-Authenticator does not fit: is the shared secret the same on both sides?"
    )


OTHER = b"another secret, long enough"
CHANGING = replace(LENIENT, secrets=(SECRET, OTHER), newest=OTHER)


@pytest.mark.parametrize("secret", [SECRET, OTHER])
def test_while_a_secret_is_changed_both_are_believed_and_the_proved_one_is_told(secret: bytes) -> None:
    login, report = packet(1, NAME, sealed=True, secret=secret), packet(4, NAME, secret=secret)

    for octets, door in ((login, Door.AUTH), (report, Door.ACCT)):
        believed = receive(octets, CHANGING, door)
        assert isinstance(believed, Believed)
        assert believed.proof == secret


def test_a_third_secret_and_the_previous_one_after_its_time_are_not_believed() -> None:
    assert isinstance(receive(packet(4, NAME, secret=b"third"), CHANGING, Door.ACCT), Dropped)
    assert isinstance(receive(packet(4, NAME, secret=OTHER), STRICT, Door.ACCT), Dropped)


def test_an_unsealed_access_request_proves_no_secret() -> None:
    believed = receive(packet(1, NAME), CHANGING, Door.AUTH)

    assert isinstance(believed, Believed)
    assert believed.proof is None
