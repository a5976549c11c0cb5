"""Where services listen, for each other and the operator: ``<state>/run/<service>.json``, written when ready."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hotspot.command import OperatorError


def announce(folder: Path, service: str, addresses: dict[str, str]) -> Path:
    """Write ``{"pid": …, "portal": "127.0.0.1:8080", …}`` at once and whole."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{service}.json"
    draft = folder / f".{service}.{os.getpid()}"
    draft.write_text(json.dumps({"pid": os.getpid(), **addresses}) + "\n")
    draft.replace(path)
    return path


def addresses_of(folder: Path, service: str) -> dict[str, str] | None:
    """What a service announced, or None while it is not ready."""
    try:
        content = json.loads((folder / f"{service}.json").read_text())
    except (OSError, ValueError):
        return None
    return {key: value for key, value in content.items() if key != "pid"}


def pid_of(folder: Path, service: str) -> int | None:
    """The process that announced itself last; it may be gone."""
    try:
        return int(json.loads((folder / f"{service}.json").read_text())["pid"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def withdraw(folder: Path, service: str) -> None:
    """Take the file away again when the service stops."""
    (folder / f"{service}.json").unlink(missing_ok=True)


@contextmanager
def alone(folder: Path, command: str, otherwise: str) -> Iterator[None]:
    """Hold ``<folder>/<command>.lock`` while the block runs; a second one is refused and told what to do."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{command}.lock"
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OperatorError(f"another hotspot {command} is running (it holds {path}); {otherwise}") from None
        yield
