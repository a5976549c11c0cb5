"""Strangers are logged seldom, shortened, and in bounded memory."""

from __future__ import annotations

import logging

import pytest

from radius.peers import plain_address
from radius.strangers import MOST_REMEMBERED, Strangers


def test_each_network_is_named_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    strangers = Strangers()

    said = [strangers.note(address, now) for address, now in (
        ("10.66.1.9", 0.0), ("10.66.1.10", 30.0), ("10.66.2.9", 30.0), ("10.66.1.9", 61.0),
    )]  # fmt: skip

    assert said == [True, False, True, True]
    assert [record.__dict__["fields"]["network"] for record in caplog.records] == [
        "10.66.1.x",
        "10.66.2.x",
        "10.66.1.x",
    ]


def test_a_flood_of_networks_does_not_grow_the_memory() -> None:
    strangers = Strangers()
    for number in range(3 * MOST_REMEMBERED):
        strangers.note(f"10.{number % 256}.{number // 256}.1", 0.0)

    assert len(strangers) == MOST_REMEMBERED


def test_an_ipv4_nas_is_known_on_an_ipv6_socket() -> None:
    assert plain_address("::ffff:10.66.1.1") == "10.66.1.1"
    assert plain_address("10.66.1.1") == "10.66.1.1"
    assert plain_address("2001:db8::1") == "2001:db8::1"
