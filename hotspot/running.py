"""Where services listen, for each other and the operator: ``<state>/run/<service>.json``, written when ready."""

from __future__ import annotations

import json
import os
from pathlib import Path


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


def withdraw(folder: Path, service: str) -> None:
    """Take the file away again when the service stops."""
    (folder / f"{service}.json").unlink(missing_ok=True)
