"""The table ``gateway`` of a NAS that is a Linux box of ours: its two interfaces, its networks, whom it asks."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from hotspot.sites.table import Port, Table
from hotspot.sites.values import Address, HostName, InterfaceName, Network4, Network6


class Gateway(Table):
    """``network`` and ``network6`` are its own addresses with their prefixes on the visitors' side.

    ``name`` leads to both: the name of its certificate, and of its login address where there are IPv6 visitors.
    ``radius`` is primary first. ``resolvers`` are the DNS servers that it asks in turn.
    """

    lan: InterfaceName
    wan: InterfaceName
    network: Network4
    network6: Network6 | None = None
    radius: Annotated[tuple[Address, ...], Field(min_length=1)]
    auth_port: Port = 1812
    acct_port: Port = 1813
    resolvers: Annotated[tuple[Address, ...], Field(min_length=1)]
    name: HostName | None = None
    login_port: Port = 3990
    api_port: Port = 3991
    nat: bool = True

    @property
    def login_host(self) -> str:
        """An address as long as every visitor has IPv4; a browser's form-action knows no IPv6 address."""
        return self.name if self.network6 and self.name else str(self.network.ip)

    @property
    def login_url(self) -> str:
        return f"http://{self.login_host}:{self.login_port}"
