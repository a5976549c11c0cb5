"""How fast a visitor's network is: one download of a file that the office chose, bounded in octets and in time."""

from __future__ import annotations

import http.client
import time
from urllib.parse import urlsplit

from monitor.probes.fetch import AGENT, machine_trust
from monitor.probes.way import Way

MOST = 10_000_000  # octets: a village's line is busy for ten seconds at 8 Mbit/s
LONGEST = 10.0  # seconds of reading
_PIECE = 65_536
_LEAST = 100_000  # octets; less says more about the first round trips than about the line


def measure(url: str, way: Way) -> float | None:
    """Bit/s of the body, from its first octet; None where there is no such file, or too little of it came."""
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    try:
        line = http.client.HTTPConnection(parts.hostname or "", parts.port or (443 if secure else 80))
        wire = way.connect(parts.hostname or "", line.port)
        line.sock = machine_trust().wrap_socket(wire, server_hostname=parts.hostname) if secure else wire
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            line.request("GET", path, headers={"User-Agent": AGENT, "Connection": "close"})
            answer = line.getresponse()
            return _read(answer) if answer.status == 200 else None
        finally:
            line.close()
    except (OSError, http.client.HTTPException):
        return None


def _read(answer: http.client.HTTPResponse) -> float | None:
    began, octets = time.monotonic(), 0
    while octets < MOST and time.monotonic() - began < LONGEST and (piece := answer.read1(_PIECE)):
        octets += len(piece)
    took = time.monotonic() - began
    return octets * 8 / took if octets >= _LEAST and took > 0 else None
