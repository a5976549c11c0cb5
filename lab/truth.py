"""The lab's own log of what it did: one JSON object a line, only ever added to; tests compare the product with it.

Every line has ``at`` (lab clock, UTC seconds) and ``what``:

``arrival``       a phone came to a site: ``site nas phone outcome`` (words of lab/phones.py), ``status page``
``login``         a NAS was answered by RADIUS: ``site nas phone result`` (``accepted rejected no-answer``), ``message``
``start``         a session began: ``site nas phone session class``
``acknowledged``  the server answered an accounting record: ``session record input output seconds happened_at``.
                  An answer that the lab then lost on its way to the NAS counts: the server has promised it.
``end``           what the session came to at the NAS: ``session cause input output seconds``, acknowledged or not
``told``          RADIUS wanted something of a session: ``nas act`` (``end limit``), ``phone``, or ``refused`` with the
                  Error-Cause (0 is none); ``lies`` when the NAS said yes and did nothing
``fault``         ``nas fault`` (``cut restore reboot silent-reboot``), or
                  ``link fault`` (``cut mend fade``), ``device fault`` (``kill revive reboot booted``)

Phones are numbered; no line carries a MAC address, and nothing here comes from the product's store.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

Line = dict[str, Any]


class Truth:
    """Writes the log; a new rehearsal begins a new file."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._file = path.open("w", buffering=1)

    def write(self, at: float, what: str, **facts: object) -> None:
        self._file.write(json.dumps({"at": round(at, 3), "what": what, **facts}, ensure_ascii=False) + "\n")

    def close(self) -> None:
        self._file.close()


def read(path: Path) -> list[Line]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@dataclass(frozen=True)
class Session:
    """One session as the lab knows it; ``input`` is upload. ``heard`` counts what the server acknowledged last."""

    key: str
    site: str
    nas: str
    phone: int
    class_token: str
    started_at: int
    input: int = 0
    output: int = 0
    seconds: int = 0
    heard_at: int | None = None
    stop_acknowledged: bool = False
    ended: bool = False
    unreported_input: int = 0
    unreported_output: int = 0


def sessions(lines: Iterable[Line]) -> dict[str, Session]:
    """Sessions by the lab's own key: the last acknowledged counters, and the tail that was never acknowledged."""
    found: dict[str, Session] = {}
    ends: dict[str, Line] = {}
    for line in lines:
        key = line.get("session")
        if not key:
            continue
        if line["what"] == "start":
            found[key] = _begun(line)
        elif line["what"] == "acknowledged":
            found[key] = _acknowledged(found[key], line)
        elif line["what"] == "end":
            ends[key] = line
    return {key: _ended(session, ends[key]) if key in ends else session for key, session in found.items()}


def _begun(line: Line) -> Session:
    return Session(
        key=line["session"],
        site=line["site"],
        nas=line["nas"],
        phone=line["phone"],
        class_token=line["class"],
        started_at=line["started_at"],
    )


def _acknowledged(session: Session, line: Line) -> Session:
    return replace(
        session,
        input=max(session.input, line["input"]),
        output=max(session.output, line["output"]),
        seconds=max(session.seconds, line["seconds"]),
        heard_at=max(session.heard_at or 0, line["happened_at"]),
        stop_acknowledged=session.stop_acknowledged or line["record"] == "stop",
    )


def _ended(session: Session, line: Line) -> Session:
    return replace(
        session,
        ended=True,
        unreported_input=line["input"] - session.input,
        unreported_output=line["output"] - session.output,
    )
