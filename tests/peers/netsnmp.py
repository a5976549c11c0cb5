"""Debian's net-snmp tools as SNMP clients and as the receiver of traps."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.peers.process import program, running, wait_until


class NoAnswer(Exception):
    """The tool ended with an error, which this repeats."""


def ask(tool: str, options: Sequence[str], target: str, *names: str) -> dict[str, str]:
    """``snmpget``, ``snmpbulkwalk`` …: values as bare text by numeric name."""
    form = ["-On", "-OQ", "-OU", "-Oe", "-Ot", "-t", "1", "-r", "1"]
    command = [program(tool, "snmp"), *form, *options, target, *names]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    if done.returncode:
        raise NoAnswer(done.stderr.strip() or done.stdout.strip())
    pairs = (line.partition(" = ") for line in done.stdout.splitlines() if line.startswith("."))
    return {name[1:]: value.strip('"') for name, _, value in pairs if not value.startswith("No more variables")}


@contextlib.contextmanager
def trap_receiver(folder: Path, port: int, community: str) -> Iterator[Path]:
    """Debian's snmptrapd; yields the file in which each trap is one line ``source|trap|varbinds``."""
    settings, log = folder / "snmptrapd.conf", folder / "snmptrapd.log"
    settings.write_text(f"authCommunity log {community}\nformat2 %b|%v\\n\n")
    command = [program("snmptrapd", "snmptrapd"), "-f", "-n", "-C", "-c", str(settings), "-On", "-m", ""]
    with running([*command, "-Lo", f"udp:127.0.0.1:{port}"], log):
        wait_until(lambda: "NET-SNMP version" in log.read_text(), "snmptrapd says that it runs")
        yield log
