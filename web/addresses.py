"""The address of a client, as far as what a request says of it is believed (pure)."""

from __future__ import annotations

from ipaddress import ip_address


def client_address(remote: str, forwarded: str) -> str:
    """The client's address: a proxy on this machine adds it at the end of X-Forwarded-For; nobody else is believed."""
    last = forwarded.rpartition(",")[2].strip()
    try:
        return str(ip_address(last)) if last and ip_address(remote).is_loopback else remote
    except ValueError:
        return remote
