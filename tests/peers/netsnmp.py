"""Debian's net-snmp tools as SNMP clients and as the receiver of traps."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

from tests.peers.process import program


def ask(tool: str, options: Sequence[str], target: str, *names: str) -> dict[str, str]:
    """``snmpget``, ``snmpwalk`` …: values by numeric name. The process's own words when it fails."""
    command = [program(tool, "snmp"), "-On", "-Oe", "-OU", "-Ot", "-OQ", "-t", "1", "-r", "1", *options, target, *names]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    if done.returncode:
        raise NoAnswer(done.stderr.strip() or done.stdout.strip())
    pairs = (line.partition(" = ") for line in done.stdout.splitlines() if line.startswith("."))
    return {name[1:]: value for name, _, value in pairs}


class NoAnswer(Exception):
    """The tool ended with an error, which this repeats."""
