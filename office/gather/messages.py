"""How many messages with codes were given to each sender in a month: each of them costs money."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from hotspot.tables import send_counts


@dataclass(frozen=True)
class Sent:
    sender: str
    sent: int
    failed: int


def sent(connection: Connection, month: str) -> list[Sent]:
    """By sender; one that was given nothing is not there."""
    query = select(send_counts).where(send_counts.c.month == month).order_by(send_counts.c.sender)
    return [Sent(row.sender, row.sent, row.failed) for row in connection.execute(query)]
