"""Whether RADIUS is well, asked as a NAS asks: Status-Server (RFC 5997) to one of its ports."""

from __future__ import annotations

import secrets
import socket
import time

from hotspot.secret import Secret
from hotspot.wire import Attr, Code, Malformed, Request, reply_to, sealed_request, text
from monitor.probes.result import Result

PATIENCE = 3.0


def ask(server: tuple[str, int], secret: Secret, name: str, source: str = "", patience: float = PATIENCE) -> Result:
    """``name`` is the NAS that we speak for, ``source`` its address where this machine has it."""
    packet = sealed_request(
        Code.STATUS_SERVER,
        secrets.randbits(8),
        secrets.token_bytes(16),
        [text(Attr.NAS_IDENTIFIER, name)],
        secret.octets,
    )
    began = time.monotonic()
    try:
        heard = exchange(server, packet, source, patience)
    except OSError as error:
        return judge(error, 0.0)
    return judge(reply_to(packet, heard, secret.octets, must_seal=False), time.monotonic() - began)


def exchange(server: tuple[str, int], packet: bytes, source: str = "", patience: float = PATIENCE) -> bytes:
    """Send twice at most and take the first datagram from that server."""
    family = socket.AF_INET6 if ":" in server[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as wire:
        if source:
            wire.bind((source, 0))
        wire.connect(server)
        wire.settimeout(patience / 2)
        for _ in range(2):
            wire.send(packet)
            try:
                return wire.recv(4096)
            except TimeoutError:
                continue
    raise TimeoutError(f"no answer within {patience:g} s")


def judge(heard: Request | Malformed | OSError, seconds: float) -> Result:
    if isinstance(heard, OSError):
        return Result(ok=False, why=f"RADIUS is silent: {heard.strerror or heard}")
    if isinstance(heard, Malformed):
        return Result(ok=False, why=f"RADIUS answers, but not to us: {heard.reason}")
    return Result(ok=True, seconds=seconds)
