"""Where a gateway stands: its two interfaces, its networks, and what is reachable before login."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Interface, IPv6Interface


@dataclass(frozen=True)
class Place:
    """``login_port`` is where the responder listens on the LAN address; the garden's names are resolved by dnsmasq.

    ``api_port`` is where the Captive Portal API listens, to which port 443 of the LAN address leads; None without one.
    """

    lan: str
    wan: str
    network: IPv4Interface
    network6: IPv6Interface | None
    login_port: int
    garden: tuple[str, ...]
    nat: bool = True
    api_port: int | None = None
