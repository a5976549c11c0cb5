"""Debian's dnsmasq as a DHCP server inside a namespace, and as its resolver where a test gives it names."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from tests.peers.namespace import Namespace
from tests.peers.process import program, running, wait_until


@contextlib.contextmanager
def dhcp_server(place: Namespace, port: str, first: str, last: str, folder: Path, *more: str) -> Iterator[None]:
    """Serve the addresses from ``first`` to ``last`` on a port that already has an address of that network.

    ``more`` are dnsmasq's own words; with an ``--address`` among them it answers names too.
    """
    log = folder / f"dnsmasq-{place.name}.log"
    words = ["--keep-in-foreground", "--conf-file=/dev/null", "--no-ping", "--user=root", "--log-dhcp"]
    words += [f"--interface={port}", "--bind-interfaces", f"--dhcp-range={first},{last},1h", "--log-facility=-"]
    words += [f"--dhcp-leasefile={folder}/{place.name}.leases", f"--pid-file={folder}/{place.name}.pid"]
    words += [*more, "--no-resolv", "--no-hosts"] if any("--address" in word for word in more) else [*more, "--port=0"]
    with running(place.command(program("dnsmasq", "dnsmasq-base"), *words), log):
        wait_until(lambda: "DHCP, IP range" in log.read_text(), f"dnsmasq serves {first}")
        yield
