"""What is known of each NAS beyond the sites file: when it was last heard, when it booted, whether it seals."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import Connection, func, or_, select

from hotspot.tables import diagnoses, nas_facts, sessions
from office.gather.stays import BY_ITSELF


@dataclass(frozen=True)
class Heard:
    heard_at: int
    boot_at: int | None
    seals: bool


def heard(connection: Connection) -> dict[str, Heard]:
    """By the NAS's id; one that has never spoken is not there."""
    query = select(nas_facts.c.nas, nas_facts.c.heard_at, nas_facts.c.boot_at, nas_facts.c.sealed_at)
    return {row.nas: Heard(row.heard_at, row.boot_at, row.sealed_at is not None) for row in connection.execute(query)}


def strangers(connection: Connection, since: float) -> dict[str, int]:
    """Sessions since then that rest on no leave of ours, by NAS: an open door, another server, or a lost grant."""
    own_doing = or_(sessions.c.authentic.is_(None), sessions.c.authentic != BY_ITSELF)
    nobodys = (sessions.c.way.is_(None), sessions.c.grant_id.is_(None), own_doing)
    began = select(sessions.c.nas, func.count()).where(sessions.c.started_at >= int(since), *nobodys)
    return {nas: int(count) for nas, count in connection.execute(began.group_by(sessions.c.nas))}


@dataclass(frozen=True)
class Finding:
    """``health`` is well, ill or unseen; ``told`` is the doctor's sentence."""

    check: str
    health: str
    told: str


@dataclass(frozen=True)
class Diagnosis:
    """What ``hotspot doctor`` found at its last visit."""

    findings: tuple[Finding, ...]
    made_at: int

    @property
    def ill(self) -> int:
        return sum(one.health == "ill" for one in self.findings)


def diagnosed(connection: Connection) -> dict[str, Diagnosis]:
    """By the NAS's id; one that was never visited is not there."""
    found = {}
    for row in connection.execute(select(diagnoses)):
        rows = json.loads(row.findings)
        findings = tuple(Finding(one["check"], one["health"], one["told"]) for one in rows)
        found[row.nas] = Diagnosis(findings, row.made_at)
    return found
