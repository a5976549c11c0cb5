"""A month as it is handed out: its book, who publishes it, and the proof where it is frozen (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from office.report.book import Book


@dataclass(frozen=True)
class Letterhead:
    """What stands above an official letter; the name's lines are those of the office. ``emblem`` is PNG or JPEG."""

    region: str
    name: str
    lines: tuple[str, ...]
    city: str
    paper: str = "A4"
    signer: str = ""
    emblem: bytes = b""


@dataclass(frozen=True)
class Issue:
    """``sha256`` is empty for a draft; ``verify_url`` is where anybody can check it."""

    book: Book
    head: Letterhead
    zone: ZoneInfo
    now: int
    sha256: str = ""
    frozen_at: int | None = None
    verify_url: str = ""

    @property
    def until(self) -> datetime:
        return datetime.fromtimestamp(self.book.until, self.zone)

    @property
    def made(self) -> datetime:
        """When it was frozen, or written."""
        return datetime.fromtimestamp(self.frozen_at if self.frozen_at is not None else self.now, self.zone)
