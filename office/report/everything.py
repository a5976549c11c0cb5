"""All files of one month in a folder: the letter, the workbook, the tables, each site's proof."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from hotspot.command import OperatorError
from office.report import contractor_file, evidence, json_file
from office.report.bind import Tell
from office.report.formats import FORMATS
from office.report.issue import Issue


def files(issue: Issue) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Names, each with what makes the file when its turn comes."""
    month = issue.book.month
    for kind, write in FORMATS.items():
        yield f"laporan-wifi-{month}.{kind}", lambda write=write: write(issue)  # type: ignore[misc]
    yield "laporan-wifi.schema.json", json_file.schema
    yield f"kontraktor-{month}.csv", lambda: contractor_file.write(issue)
    for page in issue.book.sites:
        yield f"bukti-{page.site}-{month}.zip", lambda page=page: evidence.pack(issue, page)  # type: ignore[misc]


def write_all(issue: Issue, folder: Path, tell: Tell) -> None:
    """Each file appears whole or not at all; ``tell`` hears how far it is."""
    wanted = list(files(issue))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OperatorError(f"--all {folder}: {error.strerror}") from error
    for number, (name, make) in enumerate(wanted, 1):
        tell(f"{number}/{len(wanted)} {name}")
        put(folder / name, make(), "--all")


def put(path: Path, content: bytes, option: str) -> None:
    """OperatorError names the option that asked for it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    except OSError as error:
        raise OperatorError(f"{option} {path}: {error.strerror}") from error
