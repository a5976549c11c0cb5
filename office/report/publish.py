"""A month as it is handed out from a store: the frozen book with its proof, or the draft of now."""

from __future__ import annotations

from sqlalchemy import Connection

from hotspot.sites import Sites
from office.report import freeze
from office.report.bind import Tell, bind, silent
from office.report.issue import Issue, Letterhead


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
    office, letter = sites.office, sites.office.letter
    if letter is None:
        return Letterhead(office.region, office.name, (), "")
    return Letterhead(office.region, office.name, letter.lines, letter.city, letter.paper, letter.signer or "")
