# SPDX-License-Identifier: GPL-2.0-only
"""Listens all the time for what a network announces, asks once a look, and says so when scapy's thread has died."""

from __future__ import annotations

import threading

from scapy.error import Scapy_Exception
from scapy.layers.inet6 import ICMPv6ND_RS, IPv6
from scapy.layers.l2 import ARP, Ether
from scapy.packet import Packet
from scapy.sendrecv import AsyncSniffer, sendp

from hotspot.command import OperatorError
from monitor.sidecar.dhcp import Question
from monitor.sidecar.neighbours import Claim, claims, kernel_filter

_MOST = 64  # claims of one look: whoever floods the network does not fill this process
_START_SECONDS = 10


class Listener:
    """``gateway``: the address that only one station may speak for; empty for none."""

    def __init__(self, interface: str, gateway: str) -> None:
        self._interface, self._gateway = interface, gateway
        self._found: dict[Claim, None] = {}
        self._lock, ready = threading.Lock(), threading.Event()
        self._sniffer = AsyncSniffer(
            iface=interface,
            filter=kernel_filter(gateway),
            store=False,
            prn=self._hear,
            started_callback=ready.set,
        )
        self._sniffer.start()
        ready.wait(_START_SECONDS)

    def ask(self) -> None:
        """Routers answer a solicitation (RFC 4861 section 6.1.1), the gateway an ARP probe (RFC 5227 section 2.1.1)."""
        mac = Question.new().client.hex(":")
        hello = Ether(src=mac, dst="33:33:00:00:00:02") / IPv6(src="::", dst="ff02::2", hlim=255) / ICMPv6ND_RS()
        sendp(hello, iface=self._interface, verbose=False)
        if self._gateway:
            probe = ARP(hwsrc=mac, psrc="0.0.0.0", pdst=self._gateway)
            sendp(Ether(src=mac, dst="ff:ff:ff:ff:ff:ff") / probe, iface=self._interface, verbose=False)

    def take(self) -> tuple[Claim, ...]:
        """What was heard since the last time; OperatorError when nobody listens any more."""
        thread, fault = self._sniffer.thread, getattr(self._sniffer, "exception", None)
        if fault is not None or thread is None or not thread.is_alive():
            raise OperatorError(f"{self._interface}: nobody listens any more: {fault or 'the thread has ended'}")
        with self._lock:
            found, self._found = tuple(self._found), {}
        return found

    def _hear(self, packet: Packet) -> None:
        """An exception here would close scapy's socket without a word, so what cannot be read is passed over."""
        try:
            heard = list(claims(packet, self._gateway))
        except (ValueError, TypeError, IndexError, AttributeError, Scapy_Exception):
            return
        with self._lock:
            for one in heard:
                if len(self._found) < _MOST:
                    self._found[one] = None
