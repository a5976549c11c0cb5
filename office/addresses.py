"""Addresses that a request brings along, and what of them is believed (pure)."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit


def local_path(asked: str) -> str:
    """Where to go after the login: a path of this server, never another one's address."""
    parts = urlsplit(asked.replace("\\", "/"))
    if parts.scheme or parts.netloc or not parts.path.startswith("/") or parts.path.startswith("//"):
        return "/"
    return parts._replace(fragment="").geturl()


def client_address(remote: str, forwarded: str) -> str:
    """The client's address: a proxy on this machine adds it at the end of X-Forwarded-For; nobody else is believed."""
    last = forwarded.rpartition(",")[2].strip()
    try:
        return str(ip_address(last)) if last and ip_address(remote).is_loopback else remote
    except ValueError:
        return remote
