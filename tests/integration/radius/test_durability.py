"""What was acknowledged is on disk, and what cannot be put there is not acknowledged."""

from __future__ import annotations

import contextlib
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator

from sqlalchemy import text

from hotspot import tables
from tests.integration.radius.conftest import Town, nas_socket, start_of
from tests.peers.process import wait_until
from tests.peers.radclient import SEAL

SQUARE = "gw-alun-alun-besar"
ANSWERED = re.compile(r"^hotspot_radius_requests_total\{(.*)\} (\d+)", re.MULTILINE)


def health_of(town: Town) -> int:
    try:
        with urllib.request.urlopen(f"http://{town.address('ops')}/-/healthy", timeout=15) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def counted(town: Town, **labels: str) -> int:
    with urllib.request.urlopen(f"http://{town.address('ops')}/metrics", timeout=5) as page:
        lines = ANSWERED.findall(page.read().decode())
    wanted = {f'{name}="{value}"' for name, value in labels.items()}
    return sum(int(count) for found, count in lines if wanted <= set(found.split(",")))


def test_a_repeated_packet_gets_the_same_octets_and_is_not_booked_again(town: Town) -> None:
    packet = start_of(town, SQUARE, "d-repeated", 7)
    with nas_socket(town, SQUARE) as nas:
        replies = []
        for _ in range(3):
            nas.send(packet)
            replies.append(nas.recv(4096))
        other = start_of(town, SQUARE, "d-same-identifier", 7)
        nas.send(other)
        fresh = nas.recv(4096)

    assert len(set(replies)) == 1
    assert fresh != replies[0]
    assert counted(town, nas=SQUARE, code="accounting-request", result="resent") == 2
    assert len(town.rows(tables.sessions, acct_session_id="d-same-identifier")) == 1


@contextlib.contextmanager
def database_locked(town: Town) -> Iterator[None]:
    """Somebody else holds the tables (PostgreSQL), or the whole database (SQLite), so that no commit goes through."""
    with town.store.writing() as connection:
        if not town.store.is_sqlite:
            connection.execute(text("LOCK TABLE sessions, nas_facts, reservations, grants IN ACCESS EXCLUSIVE MODE"))
        yield


def test_while_the_database_does_not_commit_nobody_is_answered_and_afterwards_all_are(town: Town) -> None:
    name, word = town.mint(SQUARE, "021122000021")
    login = (f"User-Name = {name}", f"User-Password = {word}", 'Calling-Station-Id = "02:11:22:00:00:21"', SEAL)
    report = ("Acct-Status-Type = Start", 'Acct-Session-Id = "d-locked"')
    asks: list[Callable[[], object]] = [
        lambda: town.ask("auth", SQUARE, *login, wait=0.4).code,
        lambda: town.ask("acct", SQUARE, *report, wait=0.4).code,
        lambda: town.ask("status", SQUARE, SEAL, wait=0.4).code,
        lambda: town.ask("acct-status", SQUARE, SEAL, wait=0.4).code,
    ]
    with database_locked(town):
        assert [ask() for ask in asks] == [None] * 4
        assert health_of(town) == 503

    wait_until(lambda: health_of(town) == 200, "RADIUS is healthy again")
    assert town.ask("auth", SQUARE, *login).code == "Access-Accept"
    assert town.ask("acct", SQUARE, *report).code == "Accounting-Response"
    assert town.ask("status", SQUARE, SEAL).code == "Access-Accept"
