"""From the login page to the internet at one site: how many came how far since a moment, and why others did not."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from hotspot.tables import consents, login_hours, portal_tallies, sessions

ARRIVED, ACCEPTED = "page", "accepted"  # words of captive_portal/funnel.py and radius


@dataclass(frozen=True)
class Funnel:
    """Counts of things that happened, not of persons; a step that nothing counts is None."""

    arrived: int | None
    agreed: int
    let_in: int
    online: int
    refused: tuple[tuple[str, int], ...]

    @property
    def steps(self) -> tuple[tuple[str, int], ...]:
        known = (("arrived", self.arrived), ("agreed", self.agreed), ("let in", self.let_in), ("online", self.online))
        return tuple((name, number) for name, number in known if number is not None)

    @property
    def widest(self) -> int:
        return max(number for _, number in self.steps) or 1


def funnel(connection: Connection, site: str, start: int) -> Funnel:
    arrived = connection.execute(
        select(func.sum(portal_tallies.c.number)).where(
            portal_tallies.c.site == site, portal_tallies.c.hour >= start, portal_tallies.c.what == ARRIVED
        )
    ).scalar()
    agreed = select(func.count()).where(consents.c.site == site, consents.c.given_at >= start)
    online = select(func.count()).where(sessions.c.site == site, sessions.c.started_at >= start)
    logins = (
        select(login_hours.c.result, func.sum(login_hours.c.number))
        .where(login_hours.c.site == site, login_hours.c.hour >= start)
        .group_by(login_hours.c.result)
    )
    results = {result: int(number) for result, number in connection.execute(logins)}
    let_in = results.pop(ACCEPTED, 0)
    return Funnel(
        arrived=None if arrived is None else int(arrived),
        agreed=int(connection.execute(agreed).scalar_one()),
        let_in=let_in,
        online=int(connection.execute(online).scalar_one()),
        refused=tuple(sorted(results.items(), key=lambda pair: -pair[1])),
    )
