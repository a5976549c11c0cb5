"""The load: a C program that sends ready-made packets from many sockets, compiled when it is needed."""

from __future__ import annotations

import struct
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hotspot.wire import Malformed, reply_to
from tests.peers.process import program

SOURCE = Path(__file__).with_name("blaster.c")
_HEAD = struct.Struct("=4I")


@dataclass(frozen=True)
class Volley:
    """What one NAS socket sends: ``packets`` in order, from ``source``, under ``secret``."""

    source: str
    secret: bytes
    packets: Sequence[bytes]


@dataclass(frozen=True)
class Outcome:
    """``waits`` in seconds; ``codes`` counts replies that only the server can have made, ``forged`` the others."""

    sent: int
    repeated: int
    lost: int
    seconds: float
    waits: tuple[float, ...]
    codes: dict[int, int]
    forged: int


def compiled(folder: Path) -> Path:
    binary = folder / "blaster"
    if not binary.exists():
        subprocess.run([program("gcc", "gcc"), "-O2", "-o", str(binary), str(SOURCE)], check=True)
    return binary


def blast(
    folder: Path,
    server: tuple[str, int],
    volleys: Sequence[Volley],
    *,
    window: int = 32,
    rate: float = 0,
    wait: float = 2,
    tries: int = 4,
) -> Outcome:
    """``rate`` packets a second in all, or 0 for as fast as replies come; ``wait`` 0 where none will."""
    binary, out = compiled(folder), folder / "replies"
    command = [binary, *server, window, rate, wait * 1000, tries, out, *volley_files(folder, volleys)]
    told = subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True, timeout=600)
    sent, _answered, repeated, lost, seconds = told.stdout.split()
    waits: list[float] = []
    codes: dict[int, int] = {}
    forged = 0
    for number, packet, micros, reply in _replies(out.read_bytes()):
        volley = volleys[number]
        if isinstance(reply_to(volley.packets[packet], reply, volley.secret, must_seal=False), Malformed):
            forged += 1
            continue
        waits.append(micros / 1e6)
        codes[reply[0]] = codes.get(reply[0], 0) + 1
    return Outcome(int(sent), int(repeated), int(lost), float(seconds), tuple(waits), codes, forged)


def volley_files(folder: Path, volleys: Sequence[Volley]) -> list[str]:
    """The arguments that name them."""
    arguments: list[str] = []
    for number, volley in enumerate(volleys):
        path = folder / f"volley-{number}"
        path.write_bytes(b"".join(len(packet).to_bytes(2, "big") + packet for packet in volley.packets))
        arguments += [volley.source, str(path)]
    return arguments


def _replies(octets: bytes) -> Iterator[tuple[int, int, int, bytes]]:
    at = 0
    while at < len(octets):
        number, packet, micros, size = _HEAD.unpack_from(octets, at)
        at += _HEAD.size
        yield number, packet, micros, octets[at : at + size]
        at += size
