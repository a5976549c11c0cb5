"""Who is online, on disk: written before the kernel is told, so that neither a crash nor a reboot drops anyone."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from gateway.admission import FIRST_MARK
from gateway.session import Session, from_plain, to_plain
from hotspot.command import OperatorError


@dataclass(frozen=True)
class Page:
    """All sessions, and the mark that was given last: marks go round, so that none meets its predecessor's flows."""

    sessions: tuple[Session, ...] = ()
    last_mark: int = FIRST_MARK - 1


class Book:
    """One file of mode 0600, replaced at once; a session's text is kept, since most have not changed since."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._texts: dict[str, tuple[Session, str]] = {}
        self._last_mark = 0

    def write(self, sessions: Iterable[Session], last_mark: int) -> None:
        texts = {session.id: (session, self._text(session)) for session in sessions}
        if (texts, last_mark) == (self._texts, self._last_mark):
            return
        self._texts, self._last_mark = texts, last_mark
        lines = ",\n".join(text for _, text in texts.values())
        self._replace(f'{{"last_mark": {last_mark}, "sessions": [\n{lines}\n]}}\n')

    def read(self) -> Page:
        try:
            content = json.loads(self.path.read_text())
            return Page(tuple(from_plain(row) for row in content["sessions"]), content["last_mark"])
        except FileNotFoundError:
            return Page()
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise OperatorError(
                f"{self.path} cannot be read ({error}); move it away, and everyone online will have to log in again"
            ) from error

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)

    def _text(self, session: Session) -> str:
        before, text = self._texts.get(session.id, (None, ""))
        return text if before is session else json.dumps(to_plain(session))

    def _replace(self, text: str) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self.path.with_suffix(".draft")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path)
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
