"""Debian's dnsmasq as a DHCP server inside a namespace."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from tests.peers.namespace import Namespace
from tests.peers.process import program, running, wait_until


@contextlib.contextmanager
def dhcp_server(place: Namespace, port: str, first: str, last: str, folder: Path) -> Iterator[None]:
    """Serve the addresses from ``first`` to ``last`` on a port that already has an address of that network."""
    log = folder / f"dnsmasq-{place.name}.log"
    words = ["--keep-in-foreground", "--conf-file=/dev/null", "--port=0", "--no-ping", "--user=root", "--log-dhcp"]
    words += [f"--interface={port}", "--bind-interfaces", f"--dhcp-range={first},{last},1h", "--log-facility=-"]
    words += [f"--dhcp-leasefile={folder}/{place.name}.leases", f"--pid-file={folder}/{place.name}.pid"]
    with running(place.command(program("dnsmasq", "dnsmasq-base"), *words), log):
        wait_until(lambda: "DHCP, IP range" in log.read_text(), f"dnsmasq serves {first}")
        yield
