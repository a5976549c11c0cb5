"""One question a visit about the service: which of the nine, and the answer without the one who gave it.

PermenPANRB 14/2017 asks for nine elements. Nobody fills in nine on a phone, so each visit gets one, by chance.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from hotspot.secret import Secret
from hotspot.tables import ikm_answers

ELEMENTS = 9
GRADES = (4, 3, 2, 1)  # as they stand on the page, the best first


def element_of(grant_id: str) -> int:
    """1 to 9, the same for a visit however often its page is looked at, and spread evenly over visits."""
    return hashlib.sha256(b"ikm:" + grant_id.encode()).digest()[0] * ELEMENTS // 256 + 1


def visit_of(key: Secret, grant_id: str) -> str:
    """What an answer is kept under: it makes a second one of the same visit fall away and leads nowhere else."""
    return hmac.digest(key.octets, b"ikm:" + grant_id.encode(), "sha256")[:16].hex()


@dataclass(frozen=True)
class Answer:
    visit: str
    site: str
    element: int
    grade: int
    at: float


def give(connection: Connection, answer: Answer) -> None:
    """The first answer of a visit counts."""
    row = {
        "visit": answer.visit,
        "site": answer.site,
        "question": str(answer.element),
        "grade": answer.grade,
        "given_at": int(answer.at),
    }
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    connection.execute(insert(ikm_answers).values(row).on_conflict_do_nothing())
