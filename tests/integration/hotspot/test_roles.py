"""Under its own PostgreSQL role a service can do what the tables page says, and nothing else."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import ProgrammingError

from hotspot.store import Store
from hotspot.tables import HEADS, SERVICES, grants, metadata, nas_facts, reservations, sessions, staff
from tests.conftest import as_service

MINTED = {
    "id": "g1", "flow": "f1", "nas": "gw", "site": "s", "mac": "021122aabbcc", "way": "tap", "minted_at": 1,
    "expires_at": 2,
}  # fmt: skip


def test_the_portal_mints_a_grant_and_radius_only_reads_it(postgres_store: Store) -> None:
    with as_service(postgres_store, "portal").writing() as connection:
        connection.execute(insert(grants), MINTED)

    with as_service(postgres_store, "radius").reading() as connection:
        assert connection.execute(select(grants.c.id)).scalars().all() == ["g1"]
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        as_service(postgres_store, "radius").writing() as c,
    ):
        c.execute(update(grants).values(way="voucher"))


def test_radius_writes_a_facts_row_and_cannot_delete_it(postgres_store: Store) -> None:
    radius = as_service(postgres_store, "radius")
    with radius.writing() as connection:
        connection.execute(insert(nas_facts), {"nas": "gw", "heard_at": 1})
        connection.execute(update(nas_facts).values(heard_at=2))

    with pytest.raises(ProgrammingError, match="permission denied"), radius.writing() as connection:
        connection.execute(delete(nas_facts))


def test_a_column_has_one_writing_room(postgres_store: Store) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        as_service(postgres_store, "nightly").writing() as c,
    ):
        c.execute(update(sessions).values(input_octets=0))
    with as_service(postgres_store, "nightly").writing() as connection:
        connection.execute(update(sessions).values(mac=None))
        connection.execute(delete(reservations))


@pytest.mark.parametrize(("service", "names"), [("office", "user_name address"), ("monitor", "mac client address")])
def test_who_counts_people_does_not_see_who_they_are(postgres_store: Store, service: str, names: str) -> None:
    counting = as_service(postgres_store, service)
    with counting.reading() as connection:
        assert connection.execute(select(func.count()).select_from(sessions)).scalar() == 0
    for column in (sessions.c[name] for name in names.split()):
        with pytest.raises(ProgrammingError, match="permission denied"), counting.reading() as connection:
            connection.execute(select(column))


@pytest.mark.parametrize("service", ["radius", "monitor", "nightly", "portal"])
def test_only_the_office_reads_all_of_the_staff(postgres_store: Store, service: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), as_service(postgres_store, service).reading() as c:
        c.execute(select(staff))


def test_every_table_has_a_head_of_known_services_and_columns() -> None:
    assert set(HEADS) == set(metadata.tables)
    for name, head in HEADS.items():
        assert {*head.read, *head.insert, *head.update} <= set(SERVICES), name
        for columns in head.update.values():
            assert set(columns) <= set(metadata.tables[name].columns.keys()), name


def test_no_column_is_filled_by_two_rooms() -> None:
    emptied_by_nightly = {("sessions", column) for column in ("mac", "user_name", "client", "address")}
    for name, head in HEADS.items():
        writers: dict[str, list[str]] = {}
        for service, columns in head.update.items():
            for column in columns:
                writers.setdefault(column, []).append(service)
        twice = {(name, column) for column, services in writers.items() if len(services) > 1}
        assert twice <= emptied_by_nightly, name
