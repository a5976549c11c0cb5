"""What a server costs: processor seconds of all its processes, and its memory, as the kernel has counted them."""

from __future__ import annotations

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def family(pid: int) -> set[int]:
    """A process and all that come from it."""
    known = {int(path.name): _stat(path) for path in Path("/proc").iterdir() if path.name.isdigit()}
    parents = {child: int(fields[1]) for child, fields in known.items() if fields}
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def cpu(pids: tuple[int, ...]) -> float:
    """Seconds so far, those of children that have ended and were waited for among them."""
    total = 0
    for pid in set().union(*(family(pid) for pid in pids)):
        fields = _stat(Path(f"/proc/{pid}"))
        total += sum(int(fields[at]) for at in (11, 12, 13, 14)) if fields else 0
    return total / _TICKS


def memory(pids: tuple[int, ...]) -> int:
    """Kilobytes that are in memory."""
    total = 0
    for pid in set().union(*(family(pid) for pid in pids)):
        status = Path(f"/proc/{pid}/status").read_text().splitlines()
        total += sum(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))
    return total


def _stat(path: Path) -> list[str]:
    """From the state on (proc(5)), because a program's name may hold anything; empty when it is gone."""
    try:
        return (path / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
