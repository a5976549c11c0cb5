"""One line an event; addresses, numbers and control characters never reach it as they are."""

from __future__ import annotations

import json
import logging

import pytest

from hotspot.log import Lines, masked
from hotspot.mac import Mac


def line(text: str, **fields: object) -> str:
    record = logging.LogRecord("x", logging.INFO, "file", 1, text, (), None)
    record.fields = fields
    return Lines("radius", as_json=True).format(record)


@pytest.mark.parametrize("text", ["02:11:22:aa:bb:cc", "02-11-22-AA-BB-CC", "from 02:11:22:aa:bb:cc to here"])
def test_an_address_that_slipped_into_a_text_is_cut(text: str) -> None:
    assert "bb" not in masked(text).lower()
    assert "02" in masked(text)


@pytest.mark.parametrize("text", ["08123456789", "+628123456789", "call 628123456789 now"])
def test_a_telephone_number_is_cut(text: str) -> None:
    assert "3456" not in masked(text)


def test_numbers_that_are_none_of_these_stay() -> None:
    assert masked("1780000000 octets at 10.66.1.1:1812") == "1780000000 octets at 10.66.1.1:1812"


def test_a_line_stays_one_line_whatever_a_nas_sends() -> None:
    written = line("login", user="a\x00b\nroot\u2028x\x9b31m", mac=Mac.parse("02:11:22:aa:bb:cc"), octets=5)

    assert "\n" not in written
    content = json.loads(written)
    assert content["user"] == "a\\x00b\\nroot\\u2028x\\x9b31m"
    assert content["mac"] == "02:11:22:**:**:**"
    assert content["octets"] == 5
    assert content["service"] == "radius"


def test_a_very_long_field_is_cut() -> None:
    assert len(masked("x" * 10_000)) == 254
