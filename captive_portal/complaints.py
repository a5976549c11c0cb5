"""A visitor's report of a problem: filed once however often it is sent, found again by its number and key."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import insert, select

from hotspot.store import Store
from hotspot.tables import complaints

LONGEST_TEXT = 2000
LONGEST_CONTACT = 128
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is mistaken for another


@dataclass(frozen=True)
class Complaint:
    site: str
    language: str
    text: str
    contact: str | None
    key: str
    at: int


@dataclass(frozen=True)
class Filed:
    number: int
    site: str
    received_at: int
    answered_at: int | None
    answer: str | None


def key_of(nonce: str) -> str:
    """Eight letters, forty bits, from the form's own random number: the same form sent twice is one complaint."""
    digest = hashlib.sha256(nonce.encode()).digest()
    return "".join(_LETTERS[octet % len(_LETTERS)] for octet in digest[:8])


def file(store: Store, complaint: Complaint) -> int:
    with store.writing() as connection:
        same = select(complaints.c.id).where(complaints.c.key == complaint.key, complaints.c.site == complaint.site)
        if (earlier := connection.execute(same).scalar()) is not None:
            return int(earlier)
        row = insert(complaints).values(
            key=complaint.key,
            site=complaint.site,
            channel="portal",
            language=complaint.language,
            text=complaint.text,
            contact=complaint.contact,
            received_at=complaint.at,
        )
        return int(connection.execute(row.returning(complaints.c.id)).scalar_one())


def find(store: Store, number: int, key: str) -> Filed | None:
    with store.reading() as connection:
        query = select(
            complaints.c.id, complaints.c.site, complaints.c.received_at, complaints.c.answered_at, complaints.c.answer
        ).where(complaints.c.id == number, complaints.c.key == key.strip().upper())
        row = connection.execute(query).one_or_none()
    return Filed(*row) if row else None
