"""GRANTs for PostgreSQL from the heads of the tables page: one role per service, nothing more than it needs."""

from __future__ import annotations

from collections.abc import Iterator

from hotspot.tables import HEADS, SERVICES, metadata


def role(service: str) -> str:
    return f"hotspot_{service}"


def grants() -> Iterator[str]:
    """SQL that a database owner runs after each upgrade; running it again changes nothing.

    Each service's login is then made a member of its role, for example
    ``CREATE USER portal PASSWORD '…' IN ROLE hotspot_portal``.
    """
    for service in SERVICES:
        yield f"DO $$ BEGIN CREATE ROLE {role(service)} NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
        yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role(service)}"
        yield f"GRANT USAGE ON SCHEMA public TO {role(service)}"
        yield f"GRANT SELECT ON alembic_version TO {role(service)}"
    for name in sorted(HEADS):
        yield from _grants_of(name)


def _grants_of(table: str) -> Iterator[str]:
    head = HEADS[table]
    for service in head.read:
        unseen = head.unseen.get(service, ())
        seen = ", ".join(column.name for column in metadata.tables[table].columns if column.name not in unseen)
        yield f"GRANT SELECT {f'({seen}) ' if unseen else ''}ON {table} TO {role(service)}"
    for service in head.insert:
        yield f"GRANT INSERT ON {table} TO {role(service)}"
        if (counted := metadata.tables[table].autoincrement_column) is not None:
            yield f"GRANT USAGE ON SEQUENCE {table}_{counted.name}_seq TO {role(service)}"
    for service, columns in sorted(head.update.items()):
        yield f"GRANT UPDATE ({', '.join(columns)}) ON {table} TO {role(service)}"
    if "nightly" in head.read:
        yield f"GRANT DELETE ON {table} TO {role('nightly')}"
