"""How RADIUS ends: killed, it has kept all that it acknowledged; asked to stop, it first answers what it had read."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import time

from hotspot import tables
from tests.conftest import ROOT
from tests.integration.radius.conftest import Town, nas_socket, start_of
from tests.peers.process import running

SQUARE = "gw-alun-alun-besar"


def identifiers(nas: socket.socket) -> set[int]:
    """Of the answers that still come in."""
    nas.settimeout(0.3)
    found = set()
    with contextlib.suppress(OSError):
        while True:
            found.add(nas.recv(4096)[1])
    return found


def test_everything_acknowledged_before_a_kill_is_in_the_store(idle_town: Town) -> None:
    acknowledged: set[str] = set()
    for life in range(2):
        with running(idle_town.command, idle_town.log, idle_town.environ, cwd=ROOT) as process:
            idle_town.wait_ready()
            with nas_socket(idle_town, SQUARE) as nas:
                for identifier in range(200):
                    nas.send(start_of(idle_town, SQUARE, f"k-{life}-{identifier}", identifier))
                acknowledged |= {f"k-{life}-{nas.recv(4096)[1]}" for _ in range(60)}
                (idle_town.state / "run" / "radius.json").unlink()
                os.kill(process.pid, signal.SIGKILL)
                acknowledged |= {f"k-{life}-{identifier}" for identifier in identifiers(nas)}

    kept = {row["acct_session_id"] for row in idle_town.rows(tables.sessions)}
    assert len(acknowledged) >= 120
    assert acknowledged <= kept


def test_it_stops_within_three_seconds_and_answers_what_it_had_read(idle_town: Town) -> None:
    with running(idle_town.command, idle_town.log, idle_town.environ, cwd=ROOT) as process:
        idle_town.wait_ready()
        with nas_socket(idle_town, SQUARE) as nas:
            for identifier in range(100):
                nas.send(start_of(idle_town, SQUARE, f"t-{identifier}", identifier))
            nas.recv(4096)
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            code = process.wait(5)
            took = time.monotonic() - began
            answered = 1 + len(identifiers(nas))

    kept = [row for row in idle_town.rows(tables.sessions) if row["acct_session_id"].startswith("t-")]
    assert (code, took < 3) == (0, True)
    assert answered == len(kept)
