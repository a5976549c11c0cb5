"""A gateway that is killed in the middle of its reports: what it had promised arrives, in the order of each stay."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path

from tests.peers.freeradius import FreeRadius, freeradius
from tests.peers.house import ROOT
from tests.peers.process import free_port, wait_until

SECRET = "a secret of FreeRADIUS' own"
SHORT = {"START": "Start", "INTERIM": "Interim-Update", "STOP": "Stop"}


def reporter(folder: Path, port: int, run: str, output: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.peers.reporter", str(folder), str(port), SECRET, run]
    with output.open("wb") as file:
        return subprocess.Popen(command, cwd=ROOT, stdout=file, stderr=subprocess.STDOUT)


def kept_until_killed(folder: Path, port: int, run: str, seconds: float, output: Path) -> list[tuple[str, str, str]]:
    """The reports that the process had said to be kept before SIGKILL met it."""
    process = reporter(folder, port, run, output)
    wait_until(lambda: output.stat().st_size > 0, "the reporter reports")
    time.sleep(seconds)
    process.kill()
    assert process.wait() == -9, output.read_text()
    whole = output.read_text().rpartition("\n")[0]
    return [(words[0], SHORT[words[1]], words[2]) for words in map(str.split, whole.splitlines())]


def told(server: FreeRadius) -> list[tuple[str, str, str]]:
    """What arrived, each report at its first arrival."""
    found = [
        (
            record["Acct-Session-Id"][0],
            record["Acct-Status-Type"][0],
            record.get("Acct-Session-Time", ["0"])[0],
        )
        for record in server.records()
    ]
    return list(dict.fromkeys(found))


def test_kill_9_loses_no_promised_report_and_reorders_no_stay(tmp_path: Path) -> None:
    queue, nobody = tmp_path / "queue", free_port(socket.SOCK_DGRAM)
    kept = kept_until_killed(queue, nobody, "first", 0.3, tmp_path / "first")
    kept += kept_until_killed(queue, nobody, "second", 0.3, tmp_path / "second")
    with freeradius(tmp_path, {"127.0.0.1": SECRET}, "") as server:
        kept += kept_until_killed(queue, server.acct[1], "third", 0.3, tmp_path / "third")
        before = told(server)
        kept += kept_until_killed(queue, server.acct[1], "fourth", 0.5, tmp_path / "fourth")
        last = reporter(queue, server.acct[1], "", tmp_path / "last")
        assert last.wait(60) == 0, (tmp_path / "last").read_text()
        arrived = told(server)

    assert 0 < len(before) < len(kept)
    assert {session.partition("-")[0] for session, _, _ in kept} == {"first", "second", "third", "fourth"}
    assert set(kept) <= set(arrived)
    wanted = [("Start", "0"), *(("Interim-Update", str(n)) for n in (1, 2, 3)), ("Stop", "4")]
    for session in {session for session, _, _ in arrived}:
        mine = [(status, seconds) for name, status, seconds in arrived if name == session]
        assert mine == wanted[: len(mine)]
