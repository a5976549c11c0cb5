"""What a running RADIUS server answers to each of some packets, every one from a socket of its own."""

from __future__ import annotations

import contextlib
import hmac
import socket
from collections.abc import Sequence
from functools import cache
from random import Random

from hotspot.wire import Code, Request, parse, request_authenticator
from hotspot.wire.packet import HEADER
from tests.fuzz.malformed import Known, faults
from tests.fuzz.mutants import mutant

Address = tuple[str, int]
PATIENCE = 30.0
LONGEST = 4200  # octets of a changed packet; a few more than are allowed


def verdicts(
    source: str, packets: Sequence[tuple[bytes, Address]], fences: Sequence[tuple[bytes, Address]]
) -> list[int | None]:
    """The code of each reply; None where the server is silent and has answered all ``fences``, sent behind them."""
    with contextlib.ExitStack() as stack:
        asked = [_sent(stack, source, one) for one in packets]
        for fence in [_sent(stack, source, one) for one in fences]:
            fence.settimeout(PATIENCE)
            fence.recv(4096)
        return [_heard(nas) for nas in asked]


def _sent(stack: contextlib.ExitStack, source: str, packet: tuple[bytes, Address]) -> socket.socket:
    octets, server = packet
    nas = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    nas.bind((source, 0))
    nas.connect(server)
    nas.send(octets)
    return nas


def _heard(nas: socket.socket) -> int | None:
    nas.setblocking(False)
    try:
        return nas.recv(4096)[0]
    except (BlockingIOError, ConnectionRefusedError):
        return None


def disguised(secret: bytes, random: Random) -> tuple[bytes, str]:
    """A fault that was changed once more, mostly proved anew, and the port that it goes to.

    Each has an authenticator of its own: FreeRADIUS takes what has the last one's for a repetition, unproved.
    """
    octets = mutant(random.choice(_models(secret)) or bytes(HEADER), random)[:LONGEST]
    octets = octets[:4] + random.randbytes(16) + octets[HEADER:] if len(octets) >= HEADER else octets
    if random.random() < 0.8:
        octets = proved(octets, secret)
    is_report = octets[:1] == bytes((Code.ACCOUNTING_REQUEST,))
    return octets, "acct" if is_report != (random.random() < 0.05) else "auth"


@cache
def _models(secret: bytes) -> list[bytes]:
    return [odd.make(Known(secret, "bob", "a word")) for odd in faults()]


def proved(octets: bytes, secret: bytes) -> bytes:
    """With the proofs that a holder of the secret would give it, where it can carry them."""
    request = parse(octets)
    if not isinstance(request, Request):
        return octets
    is_report, at = request.code == Code.ACCOUNTING_REQUEST, request.sealed_at
    head, body = request.octets[:4], request.octets[HEADER:]
    proof = bytes(16) if is_report else request.authenticator
    if at is not None:
        place = at - HEADER
        blank = body[:place] + bytes(16) + body[place + 16 :]
        body = body[:place] + hmac.digest(secret, head + proof + blank, "md5") + body[place + 16 :]
    if is_report:
        proof = request_authenticator(head + proof + body, secret)
    return head + proof + body + octets[len(request.octets) :]
