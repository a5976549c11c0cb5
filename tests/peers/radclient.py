"""Debian's radclient (FreeRADIUS 3.2), a NAS's voice that shares no line with us."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass

from tests.peers.process import program

SEAL = "Message-Authenticator = 0x00"  # radclient computes it


@dataclass(frozen=True)
class Heard:
    """What came back; ``code`` is None when nothing did."""

    code: str | None
    attributes: dict[str, str]
    text: str


def ask(kind: str, address: str, secret: str, *attributes: str, source: str, wait: float = 2) -> Heard:
    """Send one packet from a NAS's address; ``kind`` is auth, acct or status."""
    lines = "\n".join((f"Packet-Src-IP-Address = {source}", *attributes)) + "\n"
    command = [program("radclient", "freeradius-utils"), "-x", "-r", "1", "-t", str(wait), "--", address, kind, secret]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=False, timeout=30)
    assert "Sent " in done.stdout, f"radclient sent nothing: {done.stderr}"
    return _heard(done.stdout)


def ask_many(kind: str, address: str, secret: str, packets: list[list[str]], *, parallel: int = 32) -> tuple[int, int]:
    """Send many packets; how many were answered, and how many were lost."""
    lines = "\n\n".join("\n".join(packet) for packet in packets) + "\n"
    tool = program("radclient", "freeradius-utils")
    command = [tool, "-q", "-s", "-r", "1", "-t", "5", "-p", str(parallel), "--", address, kind, secret]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=False, timeout=120)
    figures = dict(re.findall(r"(Accepted|Rejected|Lost)\s*:\s*(\d+)", done.stdout))
    return int(figures["Accepted"]) + int(figures["Rejected"]), int(figures["Lost"])


def _heard(output: str) -> Heard:
    head, _, rest = output.partition("Received ")
    if not rest:
        return Heard(None, {}, head)
    attributes = dict(re.findall(r"^\t([\w-]+) = (.*)$", rest, re.MULTILINE))
    return Heard(rest.split()[0], {name: value.strip('"') for name, value in attributes.items()}, rest)
