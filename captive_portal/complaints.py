"""A visitor's report of a problem: filed once however often it is sent, found again by its number and key."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from captive_portal.outage import open_incident
from hotspot.sites import Sites
from hotspot.store import Store
from hotspot.tables import complaints, incidents

LONGEST_TEXT = 2000
LONGEST_CONTACT = 128
ANSWER_WITHIN = 2 * 24 * 3600  # seconds: what the office promises
KEY_LENGTH = 6
LONGEST_KEY = 32  # characters of what is typed for one
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is mistaken for another


@dataclass(frozen=True)
class Complaint:
    site: str
    language: str
    text: str
    contact: str | None
    key: str
    at: int
    channel: str = "portal"


@dataclass(frozen=True)
class Filed:
    """What its visitor may read again: never the text, which a stranger who guesses might find to be about somebody.

    ``known`` is since when the monitor had known of an outage there, ``mended`` when that ended.
    """

    number: int
    site: str
    received_at: int
    forwarded_at: int | None
    answered_at: int | None
    answer: str | None
    known: int | None
    mended: int | None

    @property
    def due_at(self) -> int:
        return self.received_at + ANSWER_WITHIN


def key_of(nonce: str) -> str:
    """Six letters, close to thirty bits, from the form's own random number: the same form sent twice is one report."""
    digest = hashlib.sha256(nonce.encode()).digest()
    return "".join(_LETTERS[octet % len(_LETTERS)] for octet in digest[:KEY_LENGTH])


def file(store: Store, sites: Sites, complaint: Complaint) -> int:
    with store.writing() as connection:
        same = select(complaints.c.id).where(
            complaints.c.key == complaint.key,
            complaints.c.site == complaint.site,
            complaints.c.received_at > complaint.at - ANSWER_WITHIN,
        )
        if (earlier := connection.execute(same).scalar()) is not None:
            return int(earlier)
        return _insert(connection, sites, complaint)


def find(store: Store, number: int, key: str) -> Filed | None:
    with store.reading() as connection:
        query = (
            select(
                complaints.c.id,
                complaints.c.site,
                complaints.c.received_at,
                complaints.c.forwarded_at,
                complaints.c.answered_at,
                complaints.c.answer,
                incidents.c.opened_at,
                incidents.c.closed_at,
            )
            .outerjoin_from(complaints, incidents, incidents.c.id == complaints.c.incident)
            .where(complaints.c.id == number, complaints.c.key == key.strip().upper())
        )
        row = connection.execute(query).one_or_none()
    return Filed(*row) if row else None


def _insert(connection: Connection, sites: Sites, complaint: Complaint) -> int:
    row = insert(complaints).values(
        key=complaint.key,
        site=complaint.site,
        channel=complaint.channel,
        language=complaint.language,
        text=complaint.text,
        contact=complaint.contact,
        incident=open_incident(connection, sites, complaint.site, complaint.at),
        received_at=complaint.at,
    )
    return int(connection.execute(row.returning(complaints.c.id)).scalar_one())
