"""Tells a story to a RADIUS server, and reads from either server's books what it made of it."""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

from hotspot import tables
from hotspot.clock import set_lab_clock
from tests.integration.radius.conftest import Town
from tests.integration.radius.stories import HOUSE, SQUARE, Row, Story, Told
from tests.peers.freeradius_sql import FreeRadiusSql
from tests.peers.nas_voice import Key, Voice, voice

AGO = 4000  # a story begins so many seconds before it is told
_numbers = count(1)


class Teller:
    """The two NASes of the stories before one server; ``now`` is that server's clock."""

    def __init__(self, town: Town, voices: dict[str, Voice], now: int) -> None:
        self.unanswered = 0
        self._town = town
        self.voices = voices
        self.began = now - AGO
        self._now = now

    def tell(self, story: Story, told: Sequence[Told] | None = None) -> str:
        """Returns the Acct-Session-Id that this telling used."""
        session = f"t{next(_numbers):07x}"
        self.unanswered = 0
        for report in story.told if told is None else told:
            reply = self.voices[report.nas].exchange(self.octets(report, session), 1.0)
            self.unanswered += reply is None
        return session

    def octets(self, told: Told, session: str, identifier: int | None = None) -> bytes:
        return self.voices[told.nas].packet(self.attributes(told, session), identifier)

    def attributes(self, told: Told, session: str) -> dict[Key, list[bytes]]:
        at = self.began + told.at
        found: dict[Key, list[bytes]] = {
            40: [_number(told.status)],
            44: [session.encode()],
            4: [bytes(int(part) for part in self._town.sites.nas[told.nas].address.split("."))],
            32: [told.nas.encode()],
            41: [_number(self._now - at)],
            55: [_number(max(1, at + told.clock))],
        }
        if told.status in (7, 8):
            return found
        found |= {1: [told.user.encode()], 31: [b"02-11-22-AA-BB-CC"], 8: [bytes((10, 1, 2, 3))]}
        own = f"hs1:{session[1:]:0>28}{told.life:02x}{len(told.nas):02x}".encode()
        classes = {"own": [own], "none": [], "two": [b"another", own], "foreign": [b"\x01\x02another server's"]}
        found |= {25: classes[told.told_class]} if classes[told.told_class] else {}
        if told.seconds is not None:
            found[46] = [_number(told.seconds)]
        for octets, low, high in ((told.up, 42, 52), (told.down, 43, 53)):
            if octets is not None:
                found |= {low: [_number(octets & 0xFFFFFFFF)], high: [_number(octets >> 32)]}
        if told.cause is not None:
            found[49] = [_number(told.cause)]
        return found

    def ours(self, session: str) -> list[Row]:
        """Our sessions under an id, oldest first, with times counted from the story's beginning."""
        rows = self._town.rows(tables.sessions, acct_session_id=session)
        found = [self._row(row) for row in rows]
        return sorted(found, key=lambda row: (row.nas, row.started))

    def _row(self, row: dict[str, Any]) -> Row:
        stopped = None if row["stopped_at"] is None else row["stopped_at"] - self.began
        return Row(
            row["started_at"] - self.began,
            stopped,
            row["seconds"],
            row["input_octets"],
            row["output_octets"],
            row["nas"],
        )

    def theirs(self, server: FreeRadiusSql, session: str) -> list[Row]:
        nases = {self._town.sites.nas[nas].address: nas for nas in (SQUARE, HOUSE)}
        found = [
            Row(
                row["acctstarttime"] - self.began,
                None if row["acctstoptime"] is None else row["acctstoptime"] - self.began,
                row["acctsessiontime"] or 0,
                row["acctinputoctets"] or 0,
                row["acctoutputoctets"] or 0,
                nases[row["nasipaddress"]],
            )
            for row in server.rows(session)
        ]
        return sorted(found, key=lambda row: (row.nas, row.started))


@contextlib.contextmanager
def teller(town: Town, server: tuple[str, int] | None = None) -> Iterator[Teller]:
    """Before our own accounting port, or another server's."""
    host, _, port = town.address("acct").rpartition(":")
    with contextlib.ExitStack() as open_voices:
        voices = {
            nas: open_voices.enter_context(
                voice(town.sites.nas[nas].address, server or (host, int(port)), town.secret(nas).encode())
            )
            for nas in (SQUARE, HOUSE)
        }
        now = town.now()
        set_lab_clock(town.state / "clock", now, 0)  # so that what is told as so long ago is that to the second
        yield Teller(town, voices, now)
        town.set_time(now)


def truth(story: Story) -> list[Row]:
    return sorted(story.truth, key=lambda row: (row.nas, row.started))


def _number(value: int) -> bytes:
    return struct.pack("!I", value)
