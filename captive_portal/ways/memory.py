"""Whom a MAC is remembered as, and the return codes that bring a client back from another MAC."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from sqlalchemy import Connection, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from hotspot.clients import memory_of
from hotspot.mac import Mac
from hotspot.secret import Secret
from hotspot.tables import codes, remembered
from hotspot.vouchers import normal

LENGTH = 6
SHOWN_SECONDS = 600  # a code may be read again for so long after it was first shown
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is mistaken for another


@dataclass(frozen=True)
class Known:
    client: str
    way: str


@dataclass(frozen=True)
class Stay:
    """What is remembered of a visitor: who came by which way, having read which notice, until when."""

    mac: Mac
    client: str
    way: str
    notice: str
    language: str
    until: int


def recall(connection: Connection, key: Secret, mac: Mac, now: float) -> Known | None:
    query = select(remembered.c.client, remembered.c.way).where(
        remembered.c.token == memory_of(key, mac), remembered.c.until > int(now), remembered.c.forgotten_at.is_(None)
    )
    row = connection.execute(query).one_or_none()
    return Known(*row) if row else None


def notice_of(connection: Connection, client: str, now: float) -> tuple[str, str] | None:
    """Which notice a client has agreed to, and in which language: the newest that is remembered."""
    live = (remembered.c.client == client, remembered.c.until > int(now), remembered.c.forgotten_at.is_(None))
    query = select(remembered.c.notice, remembered.c.language).where(*live).order_by(remembered.c.since.desc())
    row = connection.execute(query.limit(1)).one_or_none()
    return (row.notice, row.language) if row else None


def remember(connection: Connection, key: Secret, stay: Stay, now: float) -> None:
    """A tap makes nobody of somebody: it leaves a client that is remembered as it is."""
    row = {
        "client": stay.client,
        "way": stay.way,
        "notice": stay.notice,
        "language": stay.language,
        "since": int(now),
        "until": stay.until,
        "forgotten_at": None,
    }
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    over = or_(remembered.c.until <= int(now), remembered.c.forgotten_at.is_not(None))
    change = dialect.insert(remembered).values(token=memory_of(key, stay.mac), **row)
    change = change.on_conflict_do_update(
        index_elements=[remembered.c.token], set_=row, where=over if stay.way == "tap" else None
    )
    connection.execute(change)


def show_code(
    connection: Connection, key: Secret, grant_id: str, known: Known, *, now: float, until: int
) -> str | None:
    """This grant's return code, made when it is first asked for; None when its client has one or it was shown."""
    code = _code(key, grant_id)
    row = connection.execute(select(codes.c.issued_at).where(codes.c.hash == hash_of(key, code))).one_or_none()
    if row is not None:
        return code if int(now) - row.issued_at <= SHOWN_SECONDS else None
    live = select(codes.c.hash).where(
        codes.c.client == known.client, codes.c.until > int(now), codes.c.forgotten_at.is_(None)
    )
    if connection.execute(live.limit(1)).first() is not None:
        return None
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    new = {"hash": hash_of(key, code), "client": known.client, "way": known.way, "issued_at": int(now), "until": until}
    connection.execute(dialect.insert(codes).values(new).on_conflict_do_nothing())
    return code


def of_code(connection: Connection, key: Secret, typed: str, now: float) -> Known | None:
    query = select(codes.c.client, codes.c.way).where(
        codes.c.hash == hash_of(key, typed), codes.c.until > int(now), codes.c.forgotten_at.is_(None)
    )
    row = connection.execute(query).one_or_none()
    return Known(*row) if row else None


def hash_of(key: Secret, typed: str) -> str:
    return hmac.digest(key.octets, b"return-hash:" + normal(typed).encode(), "sha256")[:16].hex()


def _code(key: Secret, grant_id: str) -> str:
    """Thirty bits that only the key tells."""
    number = int.from_bytes(hmac.digest(key.octets, b"return:" + grant_id.encode(), "sha256")[:16])
    letters = []
    for _ in range(LENGTH):
        number, place = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[place])
    return "".join(letters)
