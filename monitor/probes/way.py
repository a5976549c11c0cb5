"""How a probe leaves this machine: by the ordinary way, or by one interface and with that network's own resolver."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from ipaddress import ip_address

from monitor.probes import dns

PATIENCE = 5.0


@dataclass(frozen=True)
class Way:
    """Binding to an interface needs no capability since Linux 5.7 (socket(7), SO_BINDTODEVICE)."""

    interface: str = ""
    resolver: str = ""
    patience: float = PATIENCE

    def open(self, family: int, kind: int) -> socket.socket:
        one = socket.socket(family, kind)
        one.settimeout(self.patience)
        if self.interface:
            try:
                one.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, self.interface.encode() + b"\0")
            except OSError:
                one.close()
                raise
        return one

    def connect(self, host: str, port: int) -> socket.socket:
        """A TCP connection; OSError when the name or the machine is not found."""
        address = self.address_of(host)
        one = self.open(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
        try:
            one.connect((address, port))
        except OSError:
            one.close()
            raise
        return one

    def address_of(self, host: str) -> str:
        try:
            return str(ip_address(host))
        except ValueError:
            pass
        if not self.resolver:
            return str(socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0][4][0])
        reply = self.ask(host)
        if not reply.addresses:
            raise OSError(f"{self.resolver} knows no address of {host} ({reply.word})")
        return reply.addresses[0]

    def ask(self, host: str, kind: int = dns.A) -> dns.Reply:
        """One question to the resolver by UDP."""
        asked = dns.question(host, kind)
        with self.open(socket.AF_INET6 if ":" in self.resolver else socket.AF_INET, socket.SOCK_DGRAM) as wire:
            wire.connect((self.resolver, dns.PORT))
            wire.send(asked)
            return dns.read_reply(asked, wire.recv(4096))
