"""A month as it is handed out from a store: the frozen book with its proof, or the draft of now."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from hotspot.command import OperatorError
from hotspot.sites import Sites
from office.report import freeze
from office.report.bind import Tell, bind, silent
from office.report.issue import Issue, Letterhead

PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")  # how a PNG and a JPEG begin


def issue(connection: Connection, sites: Sites, month: str, now: int, tell: Tell = silent) -> Issue:
    closed = freeze.frozen(connection, month)
    if closed is None:
        return Issue(bind(connection, sites, month, now, tell), letterhead(sites), sites.timezone, now)
    return proved(closed, sites, now)


def proved(closed: freeze.Frozen, sites: Sites, now: int) -> Issue:
    return Issue(
        closed.book,
        letterhead(sites),
        sites.timezone,
        now,
        closed.sha256,
        closed.frozen_at,
        verify_url(sites, closed.book.month, closed.sha256),
    )


def verify_url(sites: Sites, month: str, sha256: str) -> str:
    base = (sites.office.public_url or sites.office.portal_url).rstrip("/")
    return f"{base}/verify/{month}/{sha256}"


def letterhead(sites: Sites) -> Letterhead:
    """OperatorError when the emblem that sites.yaml names cannot be used."""
    office, letter = sites.office, sites.office.letter
    if letter is None:
        return Letterhead(office.region, office.name, (), "")
    emblem = _emblem(Path(letter.emblem)) if letter.emblem else b""
    return Letterhead(office.region, office.name, letter.lines, letter.city, letter.paper, letter.signer or "", emblem)


def _emblem(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise OperatorError(f"office.letter.emblem {path}: {error.strerror}; name a PNG or JPEG file") from None
    if not content.startswith(PICTURES):
        raise OperatorError(f"office.letter.emblem {path}: it is no PNG or JPEG file")
    return content
