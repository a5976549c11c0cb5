"""What is known of each NAS beyond the sites file: when it was last heard, when it booted, whether it seals."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from hotspot.tables import diagnoses, nas_facts


@dataclass(frozen=True)
class Heard:
    heard_at: int
    boot_at: int | None
    seals: bool


def heard(connection: Connection) -> dict[str, Heard]:
    """By the NAS's id; one that has never spoken is not there."""
    query = select(nas_facts.c.nas, nas_facts.c.heard_at, nas_facts.c.boot_at, nas_facts.c.sealed_at)
    return {row.nas: Heard(row.heard_at, row.boot_at, row.sealed_at is not None) for row in connection.execute(query)}


@dataclass(frozen=True)
class Diagnosis:
    """What ``hotspot doctor`` found at its last visit, as it wrote it."""

    findings: Any
    made_at: int


def diagnosis(connection: Connection, nas: str) -> Diagnosis | None:
    row = connection.execute(select(diagnoses).where(diagnoses.c.nas == nas)).one_or_none()
    return None if row is None else Diagnosis(json.loads(row.findings), row.made_at)
