"""The nightly job as the timer starts it: ``python -m hotspot.nightly``."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from sqlalchemy import insert, select

from hotspot.clock import set_lab_clock
from hotspot.store import Store
from hotspot.tables import nightly_runs, sessions
from tests.conftest import ROOT
from tests.rows import at, session


def nightly(state: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environ = os.environ | {"HOTSPOT_STATE": str(state), "HOTSPOT_CLOCK": str(state / "clock")}
    command = [sys.executable, "-m", "hotspot.nightly", "--sites", str(ROOT / "sites.yaml"), *words]
    return subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_it_runs_once_on_the_clock_of_the_rehearsal(store: Store, tmp_path: Path) -> None:
    set_lab_clock(tmp_path / "clock", at("2026-11-26T12:00"), 0)
    with store.writing() as connection:
        connection.execute(insert(sessions), session("alun-alun-besar", "2026-11-24T10:00", "2026-11-24T10:30"))
    done = nightly(tmp_path)

    assert (done.returncode, done.stdout) == (0, "")
    assert "nightly step scrub ok: 1 sessions" in done.stderr
    with store.reading() as connection:
        assert connection.execute(select(sessions.c.mac)).scalars().all() == [None]
        assert set(connection.execute(select(nightly_runs.c.began_at)).scalars()) == {at("2026-11-26T12:00")}


def test_check_touches_nothing(store: Store, tmp_path: Path) -> None:
    set_lab_clock(tmp_path / "clock", at("2026-11-26T12:00"), 0)
    done = nightly(tmp_path, "--check")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"nightly: {ROOT}/sites.yaml and the database are fine\n"
    with store.reading() as connection:
        assert connection.execute(select(nightly_runs)).all() == []


def test_an_old_database_gets_one_sentence(tmp_path: Path) -> None:
    set_lab_clock(tmp_path / "clock", at("2026-11-26T12:00"), 0)
    done = nightly(tmp_path)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "the database is empty, and this version needs 0001; run: hotspot db upgrade\n"
