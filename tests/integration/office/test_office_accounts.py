"""Accounts and the login's throttle on both databases, under the office's own role."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from hotspot.store import Store
from office import accounts, throttle
from office.roles import Role
from tests.conftest import as_service

ROWS = throttle.buckets(b"key", "ani", "192.0.2.7")
OTHER_ADDRESS = throttle.buckets(b"key", "ani", "192.0.2.8")


@pytest.fixture
def office(either_store: Store) -> Iterator[Store]:
    own = as_service(either_store, "office")
    yield own
    own.close()


def tries(store: Store, rows: dict[str, int], now: float) -> int:
    with store.writing() as connection:
        return throttle.take(connection, rows, now)


def test_an_account_is_made_once_and_keeps_its_name_when_disabled(office: Store) -> None:
    with office.writing() as connection:
        assert accounts.create(connection, "ani", "hash", 100)
        assert not accounts.create(connection, "ani", "other", 200)
        assert accounts.disable(connection, "ani", 300)
        assert not accounts.create(connection, "ani", "other", 400)

    with office.reading() as connection:
        found = accounts.find(connection, "ani")
        assert found == accounts.Account("ani", "hash", Role.ADMIN, disabled=True)
        assert accounts.how_many(connection) == 0


def test_a_disabled_account_can_be_enabled_and_its_password_changed(office: Store) -> None:
    with office.writing() as connection:
        accounts.create(connection, "ani", "hash", 100)
        accounts.disable(connection, "ani", 300)
        assert accounts.enable(connection, "ani")
        assert accounts.set_password(connection, "ani", "new hash")
        assert not accounts.enable(connection, "nobody")

    with office.reading() as connection:
        assert accounts.find(connection, "ani") == accounts.Account("ani", "new hash", Role.ADMIN)


def test_the_sixth_try_of_a_name_from_an_address_waits_until_the_window_ends(office: Store) -> None:
    waits = [tries(office, ROWS, 1000 + n) for n in range(6)]

    assert waits[:5] == [0] * 5
    assert waits[5] == throttle.WINDOW - 5
    assert tries(office, ROWS, 1000 + throttle.WINDOW) == 0


def test_somebody_elses_tries_do_not_lock_a_person_out(office: Store) -> None:
    for n in range(20):
        tries(office, OTHER_ADDRESS, 1000 + n)

    assert tries(office, ROWS, 1030) == 0


def test_a_right_password_gives_its_try_back(office: Store) -> None:
    for n in range(20):
        assert tries(office, ROWS, 1000 + n) == 0
        with office.writing() as connection:
            throttle.give_back(connection, ROWS.values())


def test_tries_at_the_same_moment_are_all_counted(office: Store) -> None:
    with ThreadPoolExecutor(8) as together:
        waits = list(together.map(lambda _: tries(office, ROWS, 1000), range(16)))

    assert sum(wait == 0 for wait in waits) == throttle.LIMITS["both"]
