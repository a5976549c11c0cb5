"""Situations that many tests start from."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from hotspot import roles
from hotspot.sites import Sites, load
from hotspot.store import Store, open_store, upgrade
from tests.peers import postgres

pytest_plugins = ["tests.skips"]
settings.register_profile("house", deadline=None)  # how long an example takes says how busy the machine is
settings.load_profile("house")

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


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the current schema, migrated once for all the tests that copy it."""
    path = tmp_path_factory.mktemp("schema") / "hotspot.db"
    with prepared(f"sqlite:///{path}"):
        pass
    return path


@pytest.fixture
def store(tmp_path: Path, empty_database: Path) -> Iterator[Store]:
    """An empty SQLite store with the current schema."""
    shutil.copy(empty_database, tmp_path / "hotspot.db")
    opened = open_store(f"sqlite:///{tmp_path}/hotspot.db")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """One PostgreSQL cluster for the whole run."""
    with postgres.cluster() as url:
        yield url


@pytest.fixture
def postgres_store(postgres_url: str, tmp_path: Path) -> Iterator[Store]:
    """A fresh PostgreSQL database with the services' roles, opened as its owner."""
    with prepared(fresh_database(postgres_url, tmp_path.name)) as opened:
        yield opened


@pytest.fixture(params=["sqlite", "postgresql"])
def either_store(request: pytest.FixtureRequest) -> Store:
    """The same test on both databases."""
    opened: Store = request.getfixturevalue("store" if request.param == "sqlite" else "postgres_store")
    return opened


@contextmanager
def prepared(url: str) -> Iterator[Store]:
    """A store with the current schema and, on PostgreSQL, the services' roles."""
    opened = open_store(url)
    upgrade(opened)
    if not opened.is_sqlite:
        with opened.writing() as connection:
            for statement in roles.grants():
                connection.exec_driver_sql(statement)
    yield opened
    opened.close()


def as_service(store: Store, service: str) -> Store:
    """The same PostgreSQL database under a service's own role; SQLite knows no roles and stays as it is."""
    if store.is_sqlite:
        return store
    engine = create_engine(
        store.engine.url.update_query_dict({"options": f"-c role={roles.role(service)}"}), poolclass=NullPool
    )
    return Store(engine)


def fresh_database(server: str, label: str) -> str:
    """An empty database of its own in the run's cluster."""
    name = "t_" + "".join(c for c in label.lower() if c.isalnum())[:50]
    admin = create_engine(server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}"')
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    admin.dispose()
    return server.replace("/postgres?", f"/{name}?")
