"""The sums behind a ping, and the sentence for an operator whose kernel forbids it."""

from __future__ import annotations

import socket
import struct

import pytest

from monitor import ping


def test_loss_is_the_share_without_an_answer_and_the_round_trip_is_the_median() -> None:
    echo = ping.Echo(4, (0.004, 0.001, 0.002))

    assert echo.loss == 0.25
    assert echo.rtt == 0.002


def test_an_address_that_never_answered_has_full_loss_and_no_round_trip() -> None:
    assert ping.Echo(3, ()).loss == 1
    assert ping.Echo(3, ()).rtt is None


def test_the_time_of_arrival_is_the_kernels() -> None:
    stamp = struct.pack("@qq", 1_780_000_000, 250_000_000)

    assert ping._arrival([(socket.SOL_SOCKET, 35, stamp)]) == 1_780_000_000_250_000_000


def test_a_kernel_that_forbids_ping_sockets_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_words: object) -> socket.socket:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket, "socket", refuse)

    assert (sentence := ping.allowed()) is not None
    assert 'sysctl -w net.ipv4.ping_group_range="0 2147483647"' in sentence
