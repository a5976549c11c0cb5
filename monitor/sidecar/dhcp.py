# SPDX-License-Identifier: GPL-2.0-only
"""Ask a network for DHCP servers as a new client does, and list every one that offers an address."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from scapy.config import conf
from scapy.error import Scapy_Exception
from scapy.layers.dhcp import BOOTP, DHCP
from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Ether
from scapy.packet import Packet
from scapy.sendrecv import sendp, sniff

from hotspot.command import OperatorError

_BROADCAST = 0x8000  # RFC 2131 section 4.1: answer to all, because this client has no address to answer to
_OFFER = 2  # RFC 2132 section 9.6


@dataclass(frozen=True)
class Server:
    """``maker`` is the first half of the hardware address: enough to see whose box it is, not to follow a person."""

    server: str
    router: str
    maker: str


@dataclass(frozen=True)
class Question:
    """One DISCOVER: a random transaction of a client that does not exist, so that no lease is anybody's."""

    transaction: int
    client: bytes

    @classmethod
    def new(cls) -> Question:
        first = (secrets.randbits(8) & 0xFC) | 0x02  # IEEE 802: locally administered, one station
        return cls(secrets.randbits(32), bytes([first]) + secrets.token_bytes(5))

    def packet(self) -> Packet:
        mac = self.client.hex(":")
        bootp = BOOTP(chaddr=self.client, xid=self.transaction, flags=_BROADCAST)
        options = [("message-type", "discover"), ("param_req_list", [1, 3, 54]), "end"]
        ether = Ether(src=mac, dst="ff:ff:ff:ff:ff:ff")
        return (
            ether / IP(src="0.0.0.0", dst="255.255.255.255") / UDP(sport=68, dport=67) / bootp / DHCP(options=options)
        )

    def filter(self) -> str:
        """For the kernel: only replies to this very question reach Python, nobody else's packet does."""
        return f"udp src port 67 and udp[8] = 2 and udp[12:4] = 0x{self.transaction:08x}"


def offer(packet: Packet, question: Question) -> Server | None:
    """The server behind a reply to this question, or None when it is not an offer."""
    if DHCP not in packet or packet[BOOTP].xid != question.transaction:
        return None
    options = {option[0]: option[1] for option in packet[DHCP].options if isinstance(option, tuple)}
    if options.get("message-type") != _OFFER:
        return None
    server = str(options.get("server_id", packet[IP].src))
    return Server(server, str(options.get("router", "")), str(packet[Ether].src)[:8])


def look(interface: str, wait: float) -> tuple[Server, ...]:
    """All servers that offer within ``wait`` seconds; asked twice, because a server may first test its address."""
    found: dict[Server, None] = {}
    for patience in (wait / 2, wait / 2):
        question = Question.new()
        _listen(
            interface,
            question,
            patience,
            on_packet=partial(_take, found, question),
        )
    return tuple(found)


def _take(found: dict[Server, None], question: Question, packet: Packet) -> None:
    """An exception here would close scapy's socket without a word, so a reply that cannot be read is passed over."""
    try:
        server = offer(packet, question)
    except (ValueError, TypeError, IndexError, AttributeError, Scapy_Exception):
        return
    if server:
        found[server] = None


def _listen(interface: str, question: Question, seconds: float, on_packet: Callable[[Packet], Any]) -> None:
    conf.verb = 0
    try:
        sniff(
            iface=interface,
            filter=question.filter(),
            store=False,
            prn=on_packet,
            timeout=seconds,
            started_callback=lambda: sendp(question.packet(), iface=interface, verbose=False),
        )
    except PermissionError as error:
        raise OperatorError(
            f"{interface}: this process may not look at the network; give it CAP_NET_RAW "
            "(deploy/systemd/hotspot-sensor@.service does)"
        ) from error
    except (OSError, ValueError, Scapy_Exception) as error:
        raise OperatorError(f"{interface}: cannot look at this interface: {error}") from error
