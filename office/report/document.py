"""The monthly report as a row of blocks: no library knows of it, so that every library can be tried on it (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Heading:
    text: str
    new_page: bool = False


@dataclass(frozen=True)
class Paragraph:
    text: str
    small: bool = False


@dataclass(frozen=True)
class Points:
    """Sentences, each of them for itself."""

    texts: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """``numbers`` are the columns that stand to the right; ``widths`` are shares of the page."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()
    widths: tuple[float, ...] = ()
    total: bool = False
    small: bool = False


@dataclass(frozen=True)
class Bars:
    """One bar a label; ``shown`` is what is written at it. The same numbers are always in a table too."""

    title: str
    labels: tuple[str, ...]
    values: tuple[float, ...]
    shown: tuple[str, ...]
    across: bool = False


@dataclass(frozen=True)
class Heat:
    """A week of hours; None where no such hour was."""

    title: str
    days: tuple[str, ...]
    cells: tuple[tuple[float | None, ...], ...]


@dataclass(frozen=True)
class Proof:
    """What a reader needs to check the figures; the address becomes a QR code."""

    lines: tuple[str, ...]
    url: str


Block = Heading | Paragraph | Points | Table | Bars | Heat | Proof


@dataclass(frozen=True)
class Document:
    """``mark`` stands on every page of what is no final report; ``emblem`` is a picture, PNG or JPEG, or nothing."""

    title: str
    subtitle: str
    letterhead: tuple[str, ...]
    facts: tuple[str, ...]
    blocks: tuple[Block, ...]
    signature: tuple[str, ...]
    mark: str = ""
    paper: str = "A4"
    emblem: bytes = b""


def plain(document: Document) -> str:
    """The words and numbers of a document in their order, for people who approve them and for who cannot see it."""
    lines = [*document.letterhead, "", document.title, document.subtitle, *document.facts]
    for block in document.blocks:
        lines += ["", *_lines(block)]
    return "\n".join([*lines, "", *document.signature, ""])


def _lines(block: Block) -> Sequence[str]:
    match block:
        case Heading(text):
            return (text, "=" * len(text))
        case Paragraph(text):
            return (text,)
        case Points(texts):
            return [f"- {text}" for text in texts]
        case Table(head, rows):
            return [" | ".join(row) for row in (head, *rows)]
        case Bars(title, labels, _, shown):
            return [title, *(f"  {label}: {value}" for label, value in zip(labels, shown, strict=True))]
        case Heat(title, days, cells):
            return [title, *(f"  {day}: {_week_line(row)}" for day, row in zip(days, cells, strict=True))]
        case Proof(lines, url):
            return [*lines, url]


def _week_line(row: Sequence[float | None]) -> str:
    return " ".join("-" if cell is None else f"{cell:.1f}".replace(".", ",") for cell in row)
