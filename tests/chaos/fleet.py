"""NASes that report stays without pause, repeat what is not acknowledged, and write down what is."""

from __future__ import annotations

import hashlib
import select
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from pyrad.packet import AccountingRequest, AcctPacket  # type: ignore[import-untyped]

AGAIN_SECONDS = 0.4
NEW_IDENTIFIER_AFTER = 3  # tries; hostapd takes another Identifier and a longer Acct-Delay-Time then
WINDOW = 24  # reports that one NAS has on the way
PACE = 300  # new reports of one NAS in a second: a journal takes more than its database can ever catch up with

# Each report of a stay leaves a trace that no other report of it leaves.
Report = tuple[str, str]  # session id; start, interim or stop
ADDRESS, OUTPUT, INPUT, CAUSE = "10.9.8.7", 4321, 1234, 4


def attributes_of(report: Report, delay: int, seconds: int) -> dict[int, bytes]:
    """``seconds``: how long the stay had lasted when this happened, without which a long silence would split it."""
    session, kind = report
    status = {"start": 1, "stop": 2, "interim": 3}[kind]
    trace = {
        "start": {8: socket.inet_aton(ADDRESS)},
        "interim": {43: OUTPUT.to_bytes(4, "big")},
        "stop": {42: INPUT.to_bytes(4, "big"), 49: CAUSE.to_bytes(4, "big")},
    }[kind]
    times = {41: delay.to_bytes(4, "big")} | ({} if kind == "start" else {46: seconds.to_bytes(4, "big")})
    return {40: status.to_bytes(4, "big"), 44: session.encode()} | times | trace


@dataclass
class Sent:
    """A report that waits for its acknowledgement."""

    report: Report
    octets: bytes
    at: float
    first_at: float
    tries: int = 1


class Nas:
    """One NAS with one socket. A stay's next report is sent only when the one before is acknowledged."""

    def __init__(self, name: str, address: str, secret: bytes, server: tuple[str, int], log: TextIO) -> None:
        self._name = name
        self._secret = secret
        self._log = log
        self._waiting: dict[int, Sent] = {}
        self._next: deque[Report] = deque()
        self._began: dict[str, float] = {}
        self._identifier = 0
        self._since = time.monotonic()
        self.tried = 0
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, 0))
        self.socket.connect(server)
        self.socket.setblocking(False)

    @property
    def is_idle(self) -> bool:
        return not self._waiting

    def send_more(self) -> None:
        while len(self._waiting) < WINDOW and self.tried < (time.monotonic() - self._since) * PACE:
            self.tried += 1
            report = self._next.popleft() if self._next else (f"{self._name}-{self.tried}", "start")
            self._send(report, time.monotonic())

    def send_again(self) -> None:
        now = time.monotonic()
        for identifier, sent in list(self._waiting.items()):
            if now - sent.at < AGAIN_SECONDS:
                continue
            if sent.tries >= NEW_IDENTIFIER_AFTER:
                del self._waiting[identifier]
                self._send(sent.report, sent.first_at)
            else:
                sent.at, sent.tries = now, sent.tries + 1
                self._put(sent.octets)

    def listen(self) -> None:
        try:
            while True:
                self._take(self.socket.recv(4096))
        except (BlockingIOError, ConnectionRefusedError):
            return

    def _send(self, report: Report, first_at: float) -> None:
        while self._identifier in self._waiting:
            self._identifier = (self._identifier + 1) % 256
        packet = AcctPacket(code=AccountingRequest, secret=self._secret, id=self._identifier, dict=None)
        now = time.monotonic()
        seconds = round(first_at - self._began.setdefault(report[0], first_at))
        for kind, value in attributes_of(report, int(now - first_at), seconds).items():
            packet[kind] = [value]
        octets = bytes(packet.RequestPacket())
        self._waiting[self._identifier] = Sent(report, octets, now, first_at)
        self._identifier = (self._identifier + 1) % 256
        self._put(octets)

    def _put(self, octets: bytes) -> None:
        try:
            self.socket.send(octets)
        except (BlockingIOError, ConnectionRefusedError):
            return  # lost on the way, as happens

    def _take(self, reply: bytes) -> None:
        """Believe what only RADIUS can have sent, and write it down before anything else."""
        sent = self._waiting.get(reply[1]) if len(reply) >= 20 else None
        if sent is None:
            return
        proof = hashlib.md5(reply[:4] + sent.octets[4:20] + reply[20:] + self._secret, usedforsecurity=False)
        if reply[0] != 5 or proof.digest() != reply[4:20]:
            return
        session, kind = sent.report
        now = time.monotonic()
        self._log.write(f"{session} {kind} first {sent.first_at:.3f} last {sent.at:.3f} acknowledged {now:.3f}\n")
        del self._waiting[reply[1]]
        if kind == "stop":
            del self._began[session]
        else:
            self._next.append((session, {"start": "interim", "interim": "stop"}[kind]))


class Fleet:
    """All NASes in one thread; what they were told goes to a file of their own."""

    def __init__(self, nases: Sequence[tuple[str, str, bytes]], server: tuple[str, int], log: Path) -> None:
        self._path = log
        self._log = log.open("w", buffering=1)
        self._nases = [Nas(name, address, secret, server, self._log) for name, address, secret in nases]
        self._pausing = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="fleet", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def pause(self) -> None:
        """Nothing new; what is not acknowledged is still repeated."""
        self._pausing.set()

    @property
    def is_idle(self) -> bool:
        return all(nas.is_idle for nas in self._nases)

    @property
    def tried(self) -> int:
        return sum(nas.tried for nas in self._nases)

    def stop(self) -> set[Report]:
        """What was acknowledged, as the file has it."""
        self._stopping.set()
        self._thread.join(10)
        for nas in self._nases:
            nas.socket.close()
        self._log.close()
        return set(_reports(self._path))

    def _work(self) -> None:
        while not self._stopping.is_set():
            for nas in self._nases:
                nas.listen()
                nas.send_again()
                if not self._pausing.is_set():
                    nas.send_more()
            select.select([nas.socket for nas in self._nases], [], [], 0.02)


def _reports(path: Path) -> Iterator[Report]:
    for line in path.read_text().splitlines():
        session, kind = line.split(" ")[:2]
        yield session, kind
