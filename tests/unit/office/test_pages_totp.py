"""The second factor against the RFCs' own vectors, and its refusals."""

from __future__ import annotations

import base64

import pytest

from office import totp

RFC_SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_codes_are_those_of_rfc_6238_appendix_b(at: int, code: str) -> None:
    assert totp.code(RFC_SECRET, totp.step(at), digits=8) == code


@pytest.mark.parametrize(
    ("counter", "code"),
    list(
        enumerate(
            ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"],
        )
    ),
)
def test_codes_are_those_of_rfc_4226_appendix_d(counter: int, code: str) -> None:
    assert totp.code(RFC_SECRET, counter) == code


def test_a_code_is_taken_a_step_early_or_late_and_no_further() -> None:
    now = 1_700_000_015.0
    here = totp.step(now)

    for away in (-1, 0, 1):
        assert totp.accepted(RFC_SECRET, totp.code(RFC_SECRET, here + away), now, None) == here + away
    for away in (-2, 2):
        assert totp.accepted(RFC_SECRET, totp.code(RFC_SECRET, here + away), now, None) is None


def test_a_code_is_used_once() -> None:
    now = 1_700_000_015.0
    typed = totp.code(RFC_SECRET, totp.step(now))

    assert totp.accepted(RFC_SECRET, typed, now, totp.step(now)) is None
    assert totp.accepted(RFC_SECRET, typed, now, totp.step(now) - 1) == totp.step(now)


def test_a_code_may_be_typed_with_a_gap_as_apps_show_it() -> None:
    now = 1_700_000_015.0
    typed = totp.code(RFC_SECRET, totp.step(now))

    assert totp.accepted(RFC_SECRET, f" {typed[:3]} {typed[3:]} ", now, None) == totp.step(now)


@pytest.mark.parametrize("typed", ["", "12345", "\uff11\uff12\uff13\uff14\uff15\uff16", "abcdef", "0" * 400])
def test_what_is_no_code_fits_nothing(typed: str) -> None:
    assert totp.accepted(RFC_SECRET, typed, 1_700_000_015.0, None) is None


def test_the_address_in_the_qr_code_names_the_office_and_the_person() -> None:
    address = totp.address(RFC_SECRET, "ani", "Wi-Fi Kab. Purworejo")

    assert address == (
        "otpauth://totp/Wi-Fi%20Kab.%20Purworejo:ani?"
        "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Wi-Fi%20Kab.%20Purworejo"
    )
    assert base64.b32decode(totp.spelled(RFC_SECRET)) == RFC_SECRET


def test_each_secret_is_new() -> None:
    assert len({totp.new_secret() for _ in range(20)}) == 20
