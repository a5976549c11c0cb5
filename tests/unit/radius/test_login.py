"""Who is refused before the database is asked, and who is worth asking it."""

from __future__ import annotations

import hashlib

import pytest

from hotspot import grants
from hotspot.mac import Mac
from hotspot.policy import Reason
from hotspot.secret import Secret
from hotspot.wire import Request, pap_password
from radius.login import Login, Refused, read_login

KEY = Secret("the key of all grants")
NAS_SECRET = b"xyzzy5461"
GRANT = grants.new_id(b"0123456789")
WORD = grants.password(KEY, GRANT).encode()


def pap(word: bytes) -> tuple[int, bytes]:
    padded = word.ljust(16, b"\0")
    pad = hashlib.md5(NAS_SECRET + bytes(16), usedforsecurity=False).digest()
    return 2, bytes(a ^ b for a, b in zip(padded, pad, strict=True))


def chap(word: bytes) -> tuple[int, bytes]:
    return 3, b"\x09" + hashlib.md5(b"\x09" + word + bytes(16), usedforsecurity=False).digest()


def asked(name: str, *attributes: tuple[int, bytes], mac: bytes = b"02-11-22-AA-BB-CC") -> Login | Refused:
    values = {1: [name.encode()], 31: [mac]} | {kind: [value] for kind, value in attributes}
    return read_login(Request(1, 1, bytes(16), values, b"", None), "gw-a", "a", NAS_SECRET, KEY)


def test_whoever_knows_the_password_is_worth_asking_the_database() -> None:
    expected = Login(GRANT, "gw-a", "a", Mac("021122aabbcc"))

    assert asked(GRANT, pap(WORD)) == expected
    assert asked(GRANT, chap(WORD)) == expected


def test_a_name_that_is_no_grant_is_refused_whatever_its_password() -> None:
    for name in ("", "bob", "02:11:22:aa:bb:cd", GRANT + "x", GRANT.upper()):
        assert asked(name, pap(WORD)) == Refused(Reason.UNKNOWN_CLIENT)


@pytest.mark.parametrize("name", ["02:11:22:AA:BB:CC", "02-11-22-aa-bb-cc", "021122aabbcc"])
def test_a_mac_may_ask_for_itself_alone_whatever_its_password(name: str) -> None:
    expected = Login(None, "gw-a", "a", Mac("021122aabbcc"))

    assert [asked(name), asked(name, pap(b"")), asked(name, chap(b"password"))] == [expected] * 3
    assert asked(name, mac=b"02-11-22-AA-BB-CD") == Refused(Reason.UNKNOWN_CLIENT)


def test_a_wrong_or_missing_password_is_refused() -> None:
    for proof in (pap(WORD[::-1]), pap(b""), chap(WORD[:-1]), (3, b"short"), (2, b"short")):
        assert asked(GRANT, proof) == Refused(Reason.PASSWORD)
    assert asked(GRANT) == Refused(Reason.PASSWORD)


def test_octets_that_are_no_text_are_no_password() -> None:
    """A codec that drops them, as pyrad does, would let such a password pass as the right one."""
    assert asked(GRANT, pap(WORD[:15] + b"\xff")) == Refused(Reason.PASSWORD)
    assert pap_password(Request(1, 1, bytes(16), {2: [pap(WORD)[1]]}, b"", None), NAS_SECRET) == WORD


def test_a_client_without_a_mac_is_not_the_one_that_the_grant_was_made_for() -> None:
    assert asked(GRANT, pap(WORD), mac=b"unknown") == Refused(Reason.GRANT_ELSEWHERE)
