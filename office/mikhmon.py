"""Vouchers of a Mikhmon installation, from the file that its "Export CSV" downloads (pure).

Mikhmon joins the cells of its table with commas and quotes nothing, so a comment may hold further commas. Limits are as
RouterOS prints them: ``limit-uptime`` like ``1d02:00:00`` or ``2h30m``, ``limit-bytes-total`` in octets.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

HEADER = "Username,Password,Profile,Time Limit,Data Limit,Comment"
_UNITS = {"w": 604800, "d": 86400, "h": 3600, "m": 60, "s": 1}
_CLOCK = re.compile(r"(?:(\d+)w)?(?:(\d+)d)?(?:(\d+):(\d\d):(\d\d))?")
_WORDS = re.compile(r"(?:\d+[wdhms])+")


@dataclass(frozen=True)
class Kind:
    """Vouchers that allow the same; each kind becomes a batch."""

    profile: str
    seconds: int | None
    octets: int | None


@dataclass(frozen=True)
class Found:
    """Codes by kind, and the lines that could not be taken, with their number and why."""

    codes: dict[Kind, list[str]]
    refused: tuple[tuple[int, str], ...]


def read(text: str) -> Found | None:
    """None when it is no such file."""
    lines = text.lstrip("\ufeff").splitlines()
    if not lines or lines[0].strip() != HEADER:
        return None
    codes: dict[Kind, list[str]] = defaultdict(list)
    refused: list[tuple[int, str]] = []
    seen: set[str] = set()
    for number, line in enumerate(lines[1:], 2):
        if not line.strip():
            continue
        code, what = _row(line)
        if isinstance(what, str) or code in seen:
            refused.append((number, what if isinstance(what, str) else "twice"))
            continue
        seen.add(code)
        codes[what].append(code)
    return Found(dict(codes), tuple(refused))


def seconds_of(text: str) -> int | None:
    """A time as RouterOS writes it; None when it is none, 0 for no limit."""
    word = text.strip()
    if not word or word == "0s":
        return 0
    if _WORDS.fullmatch(word):
        return sum(int(n) * _UNITS[unit] for n, unit in re.findall(r"(\d+)([wdhms])", word))
    if (found := _CLOCK.fullmatch(word)) is None:
        return None
    weeks, days, hours, minutes, rest = (int(part or 0) for part in found.groups())
    return ((weeks * 7 + days) * 24 + hours) * 3600 + minutes * 60 + rest


def _row(line: str) -> tuple[str, Kind | str]:
    cells = [cell.strip() for cell in line.split(",", 5)]
    if len(cells) < 6:
        return "", "columns"
    name, password, profile, time, data, _comment = cells
    if not name or not password:
        return name, "empty"
    if name != password:
        return name, "password"  # a name with another password is an account, which one code cannot stand for
    seconds = seconds_of(time)
    if seconds is None or (data and not data.isdigit()):
        return name, "limit"
    return name, Kind(profile, seconds or None, int(data or 0) or None)
