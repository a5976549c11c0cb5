"""One-time codes in the store: asked for, sent, confirmed, used, and what was sent lately."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from captive_portal.ways.one_time import DAY, HOUR, TRIES, History
from hotspot.tables import otps, send_counts

_COLUMNS = (
    otps.c.id,
    otps.c.way,
    otps.c.device,
    otps.c.number,
    otps.c.hash,
    otps.c.asked_at,
    otps.c.expires_at,
    otps.c.outcome,
    otps.c.tries,
    otps.c.confirmed_at,
)


@dataclass(frozen=True)
class Pending:
    """A code that may still be used."""

    id: int
    way: str
    device: str
    number: str | None
    hash: str
    asked_at: int
    expires_at: int
    outcome: str | None
    tries: int
    confirmed_at: int | None


def ask(connection: Connection, row: dict[str, object]) -> int:
    new = insert(otps).values(tries=0, **row).returning(otps.c.id)
    return int(connection.execute(new).scalar_one())


def live_of(connection: Connection, device: str, way: str, now: float) -> list[Pending]:
    """A device's codes that are still good, the newest first; an older one stays good when another is sent."""
    query = (
        select(*_COLUMNS)
        .where(otps.c.device == device, otps.c.way == way, otps.c.expires_at > int(now), otps.c.used_at.is_(None))
        .where(otps.c.tries < TRIES)
        .order_by(otps.c.id.desc())
    )
    return [Pending(**row) for row in connection.execute(query).mappings()]


def live_word(connection: Connection, hashed: str, now: float) -> Pending | None:
    query = select(*_COLUMNS).where(
        otps.c.hash == hashed, otps.c.way == "reverse-otp", otps.c.expires_at > int(now), otps.c.used_at.is_(None)
    )
    row = connection.execute(query.order_by(otps.c.id.desc()).limit(1)).mappings().one_or_none()
    return Pending(**row) if row else None


def count_try(connection: Connection, device: str, way: str, now: float) -> None:
    """A wrong code counts against every code that it might have been."""
    live = (otps.c.device == device, otps.c.way == way, otps.c.expires_at > int(now))
    connection.execute(update(otps).where(*live).values(tries=otps.c.tries + 1))


def confirm(connection: Connection, pending: Pending, number: str, now: float) -> None:
    change = update(otps).where(otps.c.id == pending.id, otps.c.confirmed_at.is_(None))
    connection.execute(change.values(number=number, confirmed_at=int(now)))


def use(connection: Connection, otp: int, now: float) -> None:
    connection.execute(update(otps).where(otps.c.id == otp).values(used_at=int(now)))


def sent(connection: Connection, otp: int, outcome: str, now: float) -> None:
    connection.execute(update(otps).where(otps.c.id == otp).values(sent_at=int(now), outcome=outcome))


def count_sending(connection: Connection, month: str, sender: str, *, failed: bool) -> None:
    """What was not taken counts too: some providers charge for it."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    row = {"sent": int(not failed), "failed": int(failed)}
    change = dialect.insert(send_counts).values(month=month, sender=sender, **row)
    change = change.on_conflict_do_update(
        index_elements=[send_counts.c.month, send_counts.c.sender],
        set_={name: send_counts.c[name] + number for name, number in row.items()},
    )
    connection.execute(change)


def history(connection: Connection, device: str, site: str, month: str, now: float) -> History:
    mine = (otps.c.device == device, otps.c.way == "otp")
    last = connection.execute(select(func.max(otps.c.asked_at)).where(*mine)).scalar()
    minute = _count(connection, otps.c.site == site, otps.c.way == "otp", otps.c.asked_at > int(now) - 60)
    return History(
        device_hour=_count(connection, *mine, otps.c.asked_at > int(now) - HOUR),
        device_day=_count(connection, *mine, otps.c.asked_at > int(now) - DAY),
        site_minute=minute,
        month=in_month(connection, month, now),
        last_at=last,
    )


def in_month(connection: Connection, month: str, now: float) -> int:
    """Messages that were handed to a provider, taken or not, and those on their way there."""
    counted = select(func.sum(send_counts.c.sent + send_counts.c.failed)).where(send_counts.c.month == month)
    under_way = _count(connection, otps.c.way == "otp", otps.c.outcome.is_(None), otps.c.asked_at > int(now) - HOUR)
    return int(connection.execute(counted).scalar() or 0) + under_way


def by_sender(connection: Connection, month: str) -> list[tuple[str, int, int]]:
    """Each sender's taken and failed ones."""
    c = send_counts.c
    query = select(c.sender, c.sent, c.failed).where(c.month == month).order_by(c.sender)
    return [(row.sender, row.sent, row.failed) for row in connection.execute(query)]


def sent_to(connection: Connection, number: str, now: float) -> int:
    """Codes of a day to one number, whoever asked for them."""
    return _count(connection, otps.c.number == number, otps.c.way == "otp", otps.c.asked_at > int(now) - DAY)


def _count(connection: Connection, *conditions: object) -> int:
    query = select(func.count()).select_from(otps).where(*conditions)  # type: ignore[arg-type]
    return int(connection.execute(query).scalar_one())
