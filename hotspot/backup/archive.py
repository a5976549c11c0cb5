"""The inside of a backup: a tar of files with a first page that says what they are and proves each by its sha256."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from gzip import GzipFile
from pathlib import Path

from hotspot.backup.sealed import Opener, Sealer
from hotspot.command import OperatorError
from hotspot.secret import Secret

_FIRST = "about.json"
_BLOCK = 1024 * 1024
_LEVEL = 3  # of gzip: a big database is written in minutes, not hours


@dataclass(frozen=True)
class About:
    """When it was made and of what; ``files`` are the sha256 of all others, ``rows`` how many each table has."""

    made_at: int
    database: str  # sqlite | postgresql
    schema: str
    office: str
    rows: Mapping[str, int]
    files: Mapping[str, str]


def seal(target: Path, secret: Secret, about: About, folder: Path) -> None:
    """Write the files of ``folder`` that the first page names; the target is there whole or not at all."""
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            with (
                Sealer(file, secret) as sealer,
                GzipFile(fileobj=sealer, mode="wb", compresslevel=_LEVEL) as packed,
                tarfile.open(fileobj=packed, mode="w|") as tar,
            ):
                page = json.dumps(asdict(about), indent=1).encode()
                tar.addfile(_member(_FIRST, len(page)), io.BytesIO(page))
                for name in about.files:
                    with (folder / name).open("rb") as content:
                        tar.addfile(_member(name, (folder / name).stat().st_size), content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def unseal(source: Path, secret: Secret, folder: Path) -> About:
    """Unpack into ``folder`` and look at everything; OperatorError unless it is all there as it was written."""
    found: dict[str, str] = {}
    try:
        with source.open("rb") as file, Opener(file, secret) as opener:
            with GzipFile(fileobj=opener) as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
                for name, content in _members(tar):
                    found[name] = _put(content, folder / name)
            opener.drain()
        about = About(**json.loads((folder / _FIRST).read_text() if _FIRST in found else "{}"))
    except (tarfile.TarError, EOFError, ValueError, TypeError) as error:
        raise OperatorError(f"{source} opens, and what is inside is not a backup of this version ({error})") from None
    del found[_FIRST]
    if found != about.files:
        wrong = sorted(name for name in {*found, *about.files} if found.get(name) != about.files.get(name))
        raise OperatorError(f"{source} does not hold what it was made of: {', '.join(wrong)}; use another backup")
    return about


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _member(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info


def _members(tar: tarfile.TarFile) -> Iterator[tuple[str, io.BufferedIOBase]]:
    """Plain files only, none of which leads out of the folder."""
    for info in tar:
        parts = Path(info.name).parts
        content = tar.extractfile(info) if info.isreg() else None
        if content is None or Path(info.name).is_absolute() or ".." in parts:
            raise tarfile.TarError(f"a member {info.name!r}")
        yield info.name, content  # type: ignore[misc]


def _put(content: io.BufferedIOBase, path: Path) -> str:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    proof = hashlib.sha256()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while block := content.read(_BLOCK):
            proof.update(block)
            file.write(block)
    return proof.hexdigest()
