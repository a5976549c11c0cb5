"""The store on both databases: the schema is what the tables page says, and transactions are whole or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from hotspot import tables
from hotspot.command import OperatorError
from hotspot.store import Store, newest_version, open_current_store, open_store, schema_version, upgrade


def test_the_migrations_build_exactly_the_tables_page(either_store: Store) -> None:
    with either_store.reading() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), tables.metadata)

    assert differences == []
    assert schema_version(either_store) == newest_version()


def test_upgrading_twice_changes_nothing(either_store: Store) -> None:
    upgrade(either_store)

    assert schema_version(either_store) == newest_version()


def test_a_failed_transaction_leaves_nothing_behind(either_store: Store) -> None:
    row = {"nas": "gw-a", "heard_at": 1}
    with pytest.raises(RuntimeError), either_store.writing() as connection:
        connection.execute(insert(tables.nas_facts), row)
        raise RuntimeError

    with either_store.reading() as connection:
        assert connection.execute(select(tables.nas_facts)).all() == []


def test_a_service_refuses_an_empty_database_and_says_what_to_run(tmp_path: object) -> None:
    with pytest.raises(OperatorError, match=r"is empty, and this version needs \w+; run: hotspot db upgrade"):
        open_current_store(f"sqlite:///{tmp_path}/empty.db")


def test_a_new_database_file_is_not_for_everyone_to_read(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path}/new/hotspot.db").close()

    assert (tmp_path / "new" / "hotspot.db").stat().st_mode & 0o007 == 0


def test_a_database_url_that_is_none_gets_one_sentence(tmp_path: object) -> None:
    with pytest.raises(OperatorError, match="not a database URL"):
        open_store("nonsense")


def test_a_reader_sees_one_moment_however_many_questions_it_asks(either_store: Store) -> None:
    with either_store.reading() as reader:
        before = reader.execute(select(tables.nas_facts)).all()
        with either_store.writing() as writer:
            writer.execute(insert(tables.nas_facts), {"nas": "gw-a", "heard_at": 1})

        assert reader.execute(select(tables.nas_facts)).all() == before == []


def test_an_error_of_the_database_does_not_repeat_a_persons_address(either_store: Store) -> None:
    taken = {"id": "g" * 17, "flow": "f", "nas": "gw-a", "site": "a", "mac": "0211223344aa", "way": "tap"}
    row = taken | {"minted_at": 1, "expires_at": 2}
    with pytest.raises(IntegrityError) as refusal, either_store.writing() as connection:
        connection.execute(insert(tables.grants), row)
        connection.execute(insert(tables.grants), row)

    assert "0211223344aa" not in str(refusal.value)
