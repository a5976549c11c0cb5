"""The browser half of a login as each NAS reads it; what is expected comes from the protocols, not from the portal."""

from __future__ import annotations

import hashlib

import pytest

from hotspot.nas import NAS_KINDS
from lab.nas import coovachilli, mikrotik
from lab.nas.client import Credentials

PASSWORD = b"482913"


def test_mikrotik_writes_every_octet_as_a_backslash_and_three_octal_digits() -> None:
    challenge = bytes.fromhex("ef0dd80b119c65a5c3ab62a65b7dfdce")
    assert mikrotik.octal(b"\xf9") == r"\371"
    assert mikrotik.octal(challenge) == r"\357\015\330\013\021\234\145\245\303\253\142\246\133\175\375\316"


def test_a_mikrotik_chap_login_carries_ident_response_and_challenge() -> None:
    challenge = bytes.fromhex("f9ef0dd80b119c65a5c3ab62a65b7dfdce")
    response = "67f52c78c5f6873f4ee2afc7e5652385"
    read = mikrotik.credentials("g1", response, challenge)
    assert read == Credentials("g1", chap=(challenge[1:], b"\xf9" + bytes.fromhex(response)))
    assert _chap_holds(read, PASSWORD)


def test_a_response_made_of_undecoded_octal_text_does_not_hold() -> None:
    challenge = bytes.fromhex("f9ef0dd80b119c65a5c3ab62a65b7dfdce")
    assert not _chap_holds(mikrotik.credentials("g1", "6da5f0668c089327d900c755d1eaf9a5", challenge), PASSWORD)


def test_a_mikrotik_password_that_is_no_response_is_pap() -> None:
    assert mikrotik.credentials("g1", "482913", b"\x01" * 17) == Credentials("g1", password=PASSWORD)


def test_without_a_challenge_thirty_two_digits_are_a_password_like_any_other() -> None:
    assert mikrotik.credentials("g1", "0" * 32, b"").password == b"0" * 32


COOVA_CHALLENGE = bytes.fromhex("00112233445566778899aabbccddeeff")
UAM_SECRET = b"rahasia-uam"


def test_chilli_mixes_its_challenge_with_the_uam_secret() -> None:
    assert coovachilli.mixed(COOVA_CHALLENGE, UAM_SECRET).hex() == "f32d6411b3f1a43a0d84443ebddf849e"
    assert coovachilli.mixed(COOVA_CHALLENGE, b"") == COOVA_CHALLENGE


@pytest.mark.parametrize(
    ("secret", "response"),
    [(UAM_SECRET, "db63ed5d3d471e99770735b43d70c843"), (b"", "59f98c75b52fe5a286a20e6be670f9ac")],
)
def test_a_chilli_chap_login_holds_for_the_mixed_challenge(secret: bytes, response: str) -> None:
    read = coovachilli.credentials({"username": "g1", "response": response}, coovachilli.mixed(COOVA_CHALLENGE, secret))
    assert read is not None
    assert read.chap is not None
    assert read.chap[1][0] == 0
    assert _chap_holds(read, PASSWORD)


@pytest.mark.parametrize(
    ("password", "sent"),
    [
        (PASSWORD, "c715562882c2"),
        (b"password-lebih-dari-16-byte", "834c1762c49ed65e20e8215cd4b7a9fa925f0d3c82c7895874f021"),
    ],
)
def test_a_chilli_pap_password_comes_back_from_its_xor(password: bytes, sent: str) -> None:
    challenge = coovachilli.mixed(COOVA_CHALLENGE, UAM_SECRET)
    read = coovachilli.credentials({"username": "g1", "password": sent}, challenge)
    assert read == Credentials("g1", password=password)


@pytest.mark.parametrize(
    "form",
    [{}, {"username": "g1"}, {"username": "g1", "password": "48291"}, {"username": "g1", "response": "xy"}],
)
def test_chilli_makes_nothing_of_a_login_without_its_words(form: dict[str, str]) -> None:
    assert coovachilli.credentials(form, COOVA_CHALLENGE) is None


def test_chilli_reads_names_as_written_and_a_plus_as_a_plus() -> None:
    assert coovachilli.fields("UserName=a&username=b+c%20d") == {"UserName": "a", "username": "b+c d"}


def test_chilli_signs_the_whole_url_as_text() -> None:
    url = (
        "https://portal.example/login?res=notyet&uamip=10.1.0.1&uamport=3990"
        "&challenge=00112233445566778899aabbccddeeff&called=AA-BB-CC-DD-EE-FF&mac=02-11-22-33-44-55&ip=10.1.0.7"
        "&nasid=alun-alun&sessionid=65f000000000001&userurl=http%3a%2f%2fexample.com%2f"
    )
    assert coovachilli.signature(url, UAM_SECRET) == "669EEC19B7EC512C3A0B4AA4EB111F29"
    assert coovachilli.escaped("http://example.com/") == "http%3a%2f%2fexample.com%2f"


def test_the_lab_shows_the_pages_that_an_operator_is_told_to_paste() -> None:
    paste = NAS_KINDS["mikrotik"].paste
    assert mikrotik.LOGIN_PAGE in paste
    assert mikrotik.ALOGIN_PAGE in paste


def _chap_holds(credentials: Credentials, password: bytes) -> bool:
    """RFC 2865 section 5.3: MD5 of the Ident, the password and the challenge."""
    assert credentials.chap is not None
    challenge, value = credentials.chap
    return hashlib.md5(value[:1] + password + challenge).digest() == value[1:]  # noqa: S324 - the protocol's
