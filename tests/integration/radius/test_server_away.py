"""PostgreSQL is another machine: it goes away in the middle of work, and comes back."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, text

from hotspot import tables
from tests.conftest import ROOT
from tests.integration.radius.conftest import Town
from tests.integration.radius.test_durability import health_of, kept_in
from tests.peers.process import running, wait_until
from tests.peers.radclient import SEAL

SQUARE = "gw-alun-alun-besar"


@contextlib.contextmanager
def postgresql_away(town: Town, server: str) -> Iterator[None]:
    """Its connections are cut and new ones refused, as when the machine restarts."""
    admin = create_engine(server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    name = town.store.engine.url.database
    town.store.engine.dispose()
    with admin.connect() as connection:
        connection.exec_driver_sql(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS false')
        cut = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
        connection.execute(cut, {"name": name})
        try:
            yield
        finally:
            connection.exec_driver_sql(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS true')
    admin.dispose()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_started_without_its_database_reports_are_kept_and_logins_wait(idle_town: Town, postgres_url: str) -> None:
    with contextlib.ExitStack() as stack:
        with postgresql_away(idle_town, postgres_url):
            stack.enter_context(running(idle_town.command, idle_town.log, idle_town.environ, cwd=ROOT))
            idle_town.wait_ready()
            report = ("Acct-Status-Type = Start", 'Acct-Session-Id = "a-started"')
            assert idle_town.ask("acct", SQUARE, *report).code == "Accounting-Response"
            assert idle_town.ask("status", SQUARE, SEAL, wait=0.4).code is None
            assert health_of(idle_town) == 503

        wait_until(lambda: health_of(idle_town) == 200 and not kept_in(idle_town), "the journal is applied")
        assert idle_town.ask("status", SQUARE, SEAL).code == "Access-Accept"
    assert len(idle_town.rows(tables.sessions, acct_session_id="a-started")) == 1
    assert "RADIUS starts without its database" in idle_town.log.read_text()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_while_postgresql_is_away_reports_are_kept_and_then_all_goes_on(town: Town, postgres_url: str) -> None:
    def report(session: str, wait: float) -> str | None:
        return town.ask("acct", SQUARE, "Acct-Status-Type = Start", f'Acct-Session-Id = "{session}"', wait=wait).code

    earlier = town.log.read_text()
    assert report("a-before", 2) == "Accounting-Response"
    with postgresql_away(town, postgres_url):
        assert report("a-during", 2) == "Accounting-Response"
        assert town.ask("status", SQUARE, SEAL, wait=0.4).code is None
        assert health_of(town) == 503

    wait_until(lambda: health_of(town) == 200, "RADIUS is healthy again")
    wait_until(lambda: not kept_in(town), "the journal is applied")
    assert [len(town.rows(tables.sessions, acct_session_id=name)) for name in ("a-before", "a-during")] == [1, 1]
    said = town.log.read_text()[len(earlier) :]
    assert (said.count("the database is away"), said.count("the database is back")) == (1, 1)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_check_says_that_the_database_is_away(idle_town: Town, postgres_url: str) -> None:
    with postgresql_away(idle_town, postgres_url):
        done = subprocess.run(
            [*idle_town.command, "--check"],
            env=idle_town.environ,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    assert done.returncode == 1
    assert done.stderr.startswith("cannot open the database")
