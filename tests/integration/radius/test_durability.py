"""What was acknowledged is on disk, and what cannot be put there is not acknowledged."""

from __future__ import annotations

import contextlib
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

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


def metrics_of(town: Town) -> str:
    with urllib.request.urlopen(f"http://{town.address('ops')}/metrics", timeout=5) as page:
        return str(page.read().decode())


def counted(town: Town, **labels: str) -> int:
    lines = ANSWERED.findall(metrics_of(town))
    wanted = {f'{name}="{value}"' for name, value in labels.items()}
    return sum(int(count) for found, count in lines if wanted <= set(found.split(",")))


def kept_in(town: Town) -> list[Path]:
    """The journals that still hold something."""
    return list((town.state / "journal").glob("*.journal"))


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


def test_while_the_database_is_locked_reports_are_kept_in_the_journal_and_logins_get_no_answer(town: Town) -> None:
    name, word = town.mint(SQUARE, "021122000021")
    login = (f"User-Name = {name}", f"User-Password = {word}", 'Calling-Station-Id = "02:11:22:00:00:21"', SEAL)
    report = ("Acct-Status-Type = Start", 'Acct-Session-Id = "d-locked"')
    with database_locked(town):
        assert town.ask("auth", SQUARE, *login, wait=0.4).code is None
        assert town.ask("acct", SQUARE, *report, wait=3).code == "Accounting-Response"
        assert town.ask("acct-status", SQUARE, SEAL).code == "Accounting-Response"
        assert town.ask("status", SQUARE, SEAL, wait=0.4).code is None
        assert health_of(town) == 503
        assert "hotspot_radius_database_up 0.0" in metrics_of(town)
        assert kept_in(town)

    wait_until(lambda: health_of(town) == 200 and not kept_in(town), "the journal is applied")
    assert len(town.rows(tables.sessions, acct_session_id="d-locked")) == 1
    assert town.ask("auth", SQUARE, *login).code == "Access-Accept"
    assert town.ask("status", SQUARE, SEAL).code == "Access-Accept"
    assert 'hotspot_radius_journal_records_total{result="applied"} 1.0' in metrics_of(town)


def test_with_neither_database_nor_journal_nobody_is_answered_and_afterwards_all_are(town: Town) -> None:
    report = ("Acct-Status-Type = Start", 'Acct-Session-Id = "d-nowhere"')
    folder, aside = town.state / "journal", town.state / "aside"
    folder.rename(aside)
    with database_locked(town):
        assert [town.ask(kind, SQUARE, SEAL, wait=1.5).code for kind in ("acct-status", "status")] == [None, None]
        assert town.ask("acct", SQUARE, *report, wait=0.4).code is None
        assert "the journal takes no more" in town.log.read_text()
        aside.rename(folder)
        assert town.ask("acct-status", SQUARE, SEAL).code == "Accounting-Response"

    wait_until(lambda: health_of(town) == 200, "RADIUS is healthy again")
    assert town.rows(tables.sessions, acct_session_id="d-nowhere") == []
    assert town.ask("acct", SQUARE, *report).code == "Accounting-Response"


def test_all_is_booked_once_while_live_reports_come_in_behind_the_journal(town: Town) -> None:
    with database_locked(town), nas_socket(town, SQUARE) as nas:
        nas.settimeout(5)
        for number in range(200):
            nas.send(start_of(town, SQUARE, f"d-order-{number:03}", number))
        for _ in range(200):
            nas.recv(4096)
    with nas_socket(town, SQUARE) as nas:
        for number in range(200, 250):
            nas.send(start_of(town, SQUARE, f"d-order-{number:03}", number))
            nas.recv(4096)

    wait_until(lambda: not kept_in(town), "the journal is applied")
    booked = [row for row in town.rows(tables.sessions) if row["acct_session_id"].startswith("d-order-")]
    assert len(booked) == 250
