"""Secrets: text that never shows itself, and the three places where one may lie."""

from __future__ import annotations

import os
import secrets as randomness
import stat
from collections.abc import Mapping
from pathlib import Path


class Secret:
    """A password or key; only :meth:`reveal` and :attr:`octets` give it away."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    @property
    def octets(self) -> bytes:
        return self._text.encode()

    def __repr__(self) -> str:
        return "<secret>"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return "<secret>"

    def __reduce__(self) -> str:
        raise TypeError("a secret is not pickled")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and randomness.compare_digest(self.octets, other.octets)

    def __hash__(self) -> int:
        return hash((Secret, self._text))


class SecretMissing(LookupError):
    """No place holds the secret; the message says where to put it."""


class SecretUnusable(ValueError):
    """The secret is there, and must not be used as it is; the message says why."""


def variable(name: str) -> str:
    """A secret's variable: ``nas-gw-a`` is HOTSPOT_NAS_GW_A_SECRET, ``grant-key`` HOTSPOT_GRANT_KEY."""
    tail = "_SECRET" if name.startswith("nas-") else ""
    return "HOTSPOT_" + name.upper().replace("-", "_") + tail


class SecretSource:
    """Reads NAME, the file named by NAME_FILE, or ``<state>/secrets/<name>`` with mode 0600, in this order."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        self.folder = folder
        self._environ = environ

    def read(self, name: str) -> Secret:
        key = variable(name)
        if text := self._environ.get(key):
            return Secret(text)
        if named := self._environ.get(key + "_FILE"):
            return self._from_file(Path(named), name)
        path = self.folder / name
        if path.exists():
            return self._from_file(path, name)
        raise SecretMissing(f"secret {name} is missing: set {key}, or {key}_FILE, or write it to {path} with mode 0600")

    def first(self, *names: str) -> Secret:
        """The first of several names that is set; the message of the first when none is."""
        for name in names:
            try:
                return self.read(name)
            except SecretMissing:
                continue
        return self.read(names[0])

    def make(self, name: str) -> bool:
        """Write a new random secret unless one is there; True when it was made."""
        try:
            self.read(name)
        except SecretMissing:
            pass
        else:
            return False
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            handle = os.open(self.folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return False
        with os.fdopen(handle, "w") as file:
            file.write(randomness.token_urlsafe(24) + "\n")
        return True

    @staticmethod
    def _from_file(path: Path, name: str) -> Secret:
        try:
            mode = path.stat().st_mode
            text = path.read_text().rstrip("\n")
        except OSError as error:
            raise SecretMissing(f"secret {name} cannot be read from {path}: {error.strerror}") from error
        if stat.S_IMODE(mode) & 0o007:
            raise SecretUnusable(f"secret {name}: everyone on this machine can read {path}; run chmod 600 {path}")
        if not text:
            raise SecretUnusable(f"secret {name}: {path} is empty")
        return Secret(text)
