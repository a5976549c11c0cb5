"""Situations that many tests start from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from hotspot.sites import Sites, load
from hotspot.store import Store, open_store, upgrade
from tests.peers import postgres

ROOT = Path(__file__).parent.parent


class FixedClock:
    """A clock that stands still until it is told to move."""

    rehearsal = False

    def __init__(self, at: float = 1_780_000_000.0) -> None:
        self.at = at

    def now(self) -> float:
        return self.at


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture(scope="session")
def sites() -> Sites:
    """The sample town of the repository's own sites.yaml."""
    return load(ROOT / "sites.yaml")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty SQLite store with the current schema."""
    opened = open_store(f"sqlite:///{tmp_path}/hotspot.db")
    upgrade(opened)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """One PostgreSQL cluster for the whole run."""
    with postgres.cluster() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def either_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """The same test on both databases: a fresh SQLite file, a fresh PostgreSQL database."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/hotspot.db"
    else:
        url = _fresh_database(request.getfixturevalue("postgres_url"), tmp_path)
    opened = open_store(url)
    upgrade(opened)
    yield opened
    opened.close()


def _fresh_database(server: str, tmp_path: Path) -> str:
    name = "t_" + "".join(c for c in tmp_path.name.lower() if c.isalnum())[:50]
    admin = create_engine(server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}"')
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    admin.dispose()
    return server.replace("/postgres?", f"/{name}?")
