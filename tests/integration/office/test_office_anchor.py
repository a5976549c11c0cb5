"""A log that was cut or written anew is whole in itself; what was noted outside the database tells."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, insert, select

from hotspot.secret import Secret
from hotspot.sites import Sites
from hotspot.store import Store
from hotspot.tables import audit as log
from office import accounts, anchor, audit, staff_sessions
from office.anchor import Anchor, Lost
from office.app import create_app
from office.chain import Entry, link
from office.roles import Role
from office.watchman import Watchman
from tests.conftest import FixedClock, as_service
from tests.integration.office import town

NOW = int(datetime(2026, 11, 24, 12, 30, tzinfo=UTC).timestamp())
KEPT = 400 * 86400


@pytest.fixture
def written(either_store: Store) -> Store:
    """Five entries."""
    with either_store.writing() as connection:
        for number in range(5):
            audit.write(connection, Entry(NOW + number, "ani", "session.end", str(number)))
    return either_store


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / anchor.FILE


def keep(store: Store, place: Path, now: int = NOW) -> Anchor | Lost | None:
    with as_service(store, "office").reading() as connection:
        return anchor.keep(connection, place, now, KEPT)


def cut(store: Store, keeping: int) -> None:
    with store.writing() as connection:
        connection.execute(delete(log).where(log.c.id > keeping))


def test_a_cut_tail_is_noticed_though_the_chain_is_whole(written: Store, place: Path) -> None:
    assert isinstance(keep(written, place), Anchor)
    cut(written, 3)

    with written.reading() as connection:
        assert audit.verify(connection, whole=True)[2] is None
    lost = keep(written, place)
    assert isinstance(lost, Lost)
    assert (lost.anchor.number, lost.exchanged) == (5, False)
    assert anchor.read(place) == lost.anchor  # the proof is not overwritten


def test_a_tail_that_is_written_anew_is_noticed_too(written: Store, place: Path) -> None:
    keep(written, place)
    cut(written, 3)
    with written.writing() as connection:
        last = connection.execute(select(log.c.hash).where(log.c.id == 3)).scalar_one()
        for number in (4, 5, 6):
            entry = Entry(NOW, "ani", "session.search", "nothing")
            row = {"at": entry.at, "by": entry.by, "act": entry.act, "subject": entry.subject, "detail": ""}
            hashed = link(entry, last)
            connection.execute(insert(log), row | {"id": number, "previous": last, "hash": hashed})
            last = hashed
        assert audit.verify(connection, whole=True)[2] is None

    lost = keep(written, place)
    assert isinstance(lost, Lost)
    assert lost.exchanged


def test_what_retention_took_is_no_loss(written: Store, place: Path) -> None:
    keep(written, place)
    with written.writing() as connection:
        audit.write(connection, Entry(NOW + KEPT, "ani", "session.end", "new"))
        connection.execute(delete(log).where(log.c.id <= 5))

    assert isinstance(keep(written, place, NOW + 60), Lost)  # too young to be forgotten
    assert isinstance(keep(written, place, NOW + KEPT + 10), Anchor)


def test_the_watchman_follows_the_log_and_the_page_tells_of_a_cut(store: Store, sites: Sites, place: Path) -> None:
    clock = FixedClock(NOW)
    app = create_app(sites, store, Secret("k" * 32), clock=clock, wall=clock, passwords=town.QUICK, anchor=place)
    client: FlaskClient = app.test_client()
    watchman = Watchman(app.extensions["office"])
    watchman.look()
    assert anchor.read(place) is None  # an empty log
    with store.writing() as connection:
        accounts.create(connection, "eko", "hash", NOW, role=Role.PDP)
        token = staff_sessions.begin(connection, "eko", NOW)
        for number in range(3):
            audit.write(connection, Entry(NOW, "ani", "session.end", str(number)))
    with client.session_transaction() as cookie:
        cookie.update(token=token)
    watchman.look()

    assert "Dicatat di luar basis data: entri 3" in client.get("/audit").text
    cut(store, 2)
    watchman.look()
    page = client.get("/audit").text
    assert "Entri 3 ada pada 24 November 2026 19.30 dan kini hilang" in page
    assert 'role="alert"' in page
