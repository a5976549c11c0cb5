"""What people asked for and said in a month: logins, complaints, answers to the survey; nobody is in it."""

from __future__ import annotations

from collections import Counter, defaultdict

from sqlalchemy import Connection, func, select

from hotspot.tables import complaints, ikm_answers, login_hours, portal_tallies
from office.report.month import Complaint, Opinion

# The portal's words in portal_tallies.what (captive_portal/funnel.py).
STEPS = ("page", "submit", "accept", "traffic")
WAY_IN, REFUSED = "way-in", "refused"


def logins(connection: Connection, start: int, end: int) -> dict[str, tuple[tuple[str, int], ...]]:
    """How often RADIUS answered what, by site."""
    query = (
        select(login_hours.c.site, login_hours.c.result, func.sum(login_hours.c.number))
        .where(login_hours.c.hour >= start, login_hours.c.hour < end)
        .group_by(login_hours.c.site, login_hours.c.result)
        .order_by(login_hours.c.result)
    )
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for site, result, number in connection.execute(query):
        found[site][result] += int(number)
    return {site: tuple(results.items()) for site, results in found.items()}


def steps(connection: Connection, start: int, end: int) -> dict[str, tuple[tuple[str, int], ...]]:
    """How far visitors came on the portal, whatever their browser."""
    query = (
        select(portal_tallies.c.site, portal_tallies.c.what, func.sum(portal_tallies.c.number))
        .where(portal_tallies.c.hour >= start, portal_tallies.c.hour < end, portal_tallies.c.what.in_(STEPS))
        .group_by(portal_tallies.c.site, portal_tallies.c.what)
        .order_by(portal_tallies.c.what)
    )
    found: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for site, what, number in connection.execute(query):
        found[site].append((what, int(number)))
    return {site: tuple(known) for site, known in found.items()}


def ways_in(connection: Connection, start: int, end: int) -> dict[str, tuple[tuple[int, int], ...]]:
    """How many visitors took how many seconds from the page to the internet."""
    kinds = _kinds(connection, WAY_IN, start, end)
    return {site: tuple((int(kind), number) for kind, number in known) for site, known in kinds.items()}


def portal_refusals(connection: Connection, start: int, end: int) -> dict[str, tuple[tuple[str, int], ...]]:
    """Why the portal itself let somebody go no further."""
    return _kinds(connection, REFUSED, start, end)


def _kinds(connection: Connection, what: str, start: int, end: int) -> dict[str, tuple[tuple[str, int], ...]]:
    tallies = portal_tallies.c
    query = (
        select(tallies.site, tallies.kind, func.sum(tallies.number))
        .where(tallies.hour >= start, tallies.hour < end, tallies.what == what)
        .group_by(tallies.site, tallies.kind)
        .order_by(tallies.kind)
    )
    found: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for site, kind, number in connection.execute(query):
        found[site].append((kind, int(number)))
    return {site: tuple(known) for site, known in found.items()}


def reported(connection: Connection, start: int, end: int) -> defaultdict[str, list[Complaint]]:
    columns = (complaints.c.site, complaints.c.received_at, complaints.c.answered_at, complaints.c.channel)
    received = (complaints.c.received_at >= start, complaints.c.received_at < end)
    found: defaultdict[str, list[Complaint]] = defaultdict(list)
    for site, received_at, answered_at, channel in connection.execute(select(*columns).where(*received)):
        found[site].append(Complaint(received_at, answered_at, channel))
    return found


def opinions(connection: Connection, start: int, end: int) -> defaultdict[str, list[Opinion]]:
    """A question is the number of its element; another word would be no element of the survey."""
    columns = (ikm_answers.c.site, ikm_answers.c.question, ikm_answers.c.grade)
    given = (ikm_answers.c.given_at >= start, ikm_answers.c.given_at < end)
    found: defaultdict[str, list[Opinion]] = defaultdict(list)
    for site, question, grade in connection.execute(select(*columns).where(*given)):
        if question.isdecimal():
            found[site].append(Opinion(int(question), grade))
    return found
