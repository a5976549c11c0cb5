"""Whose word for a client's address is taken."""

from __future__ import annotations

from web.addresses import client_address


def test_a_proxy_on_this_machine_alone_is_believed() -> None:
    assert client_address("127.0.0.1", "6.6.6.6, 192.0.2.7") == "192.0.2.7"
    assert client_address("192.0.2.9", "192.0.2.7") == "192.0.2.9"
    assert client_address("127.0.0.1", "nonsense") == "127.0.0.1"
    assert client_address("127.0.0.1", "") == "127.0.0.1"
