"""hotspot-lab from the outside: it starts, obeys, refuses in one sentence, and stops."""

from __future__ import annotations

import json
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.truth import read
from tests.peers.house import House, build
from tests.peers.netsnmp import ask
from tests.peers.process import running, wait_until


@pytest.fixture
def home(tmp_path: Path) -> House:
    return build(tmp_path, at="2026-10-01T06:00:00+07:00", rate=0)


@pytest.fixture(scope="module")
def running_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One rehearsal for the tests that leave no fault behind."""
    home = build(tmp_path_factory.mktemp("lab"), at="2026-10-01T06:00:00+07:00", rate=0)
    with home.service("lab", "--devices-only"):
        yield home


def status(home: House) -> dict[str, object]:
    done = home.command("hotspot-lab", "status")
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


def refusal(home: House, *words: str) -> str:
    done = home.command("hotspot-lab", *words)
    assert done.returncode == 1, done.stdout
    assert "Traceback" not in done.stderr
    return done.stderr.strip()


def test_all_agents_are_there_within_5_seconds_in_less_than_300_megabytes(home: House) -> None:
    began = time.monotonic()
    with home.service("lab", "--devices-only") as process:
        took = time.monotonic() - began
        memory = Path(f"/proc/{process.pid}/status").read_text().split("VmHWM:")[1].split()[0]

    assert took < 5
    assert int(memory) < 300_000
    assert '"agents": 31' in home.log("lab")


def test_a_fault_is_caused_seen_and_ended_by_the_command(running_home: House) -> None:
    home = running_home
    community = home.secrets.read("snmp-community").reveal()
    core = home.sites.device["core-kutoarjo"]
    assert core.snmp is not None
    assert home.command("hotspot-lab", "fault", "cut", "bruno").stdout == "done: cut bruno\n"

    assert status(home)["faults"] == ["cut bruno"]
    assert status(home)["unreachable"] == ["sw-bruno"]
    states = ask("snmpbulkwalk", ["-v2c", "-c", community], f"{core.address}:{core.snmp.port}", "1.3.6.1.2.1.2.2.1.8")
    assert sorted(states.values())[-2:] == ["2", "2"]  # sfp6, and sfp22 whose link is planned
    assert home.command("hotspot-lab", "fault", "mend", "bruno").returncode == 0
    assert status(home)["faults"] == []
    written = [line["fault"] for line in read(home.state / "lab" / "truth.jsonl")]
    assert written == ["cut", "mend"]


def test_what_makes_no_sense_is_refused_in_a_sentence(running_home: House) -> None:
    assert refusal(running_home, "fault", "cut", "bagelen").startswith("bagelen is building, not active")
    assert refusal(running_home, "fault", "melt", "bruno").startswith("melt bruno is no fault; write one of:")
    assert refusal(running_home, "clock", "back", "1h") == "write clock step 1h, or clock rate 60"
    assert "not between 0" in refusal(running_home, "clock", "rate", "1000000")
    assert status(running_home)["faults"] == []


def test_the_clock_jumps_and_runs_as_told(running_home: House) -> None:
    running_home.set_time("2026-10-01T06:00:00+07:00", 0)
    assert running_home.command("hotspot-lab", "clock", "step", "90m").returncode == 0
    assert status(running_home)["time"] == "2026-10-01 07:30:00"
    assert "10 real seconds" in running_home.command("hotspot-lab", "clock", "rate", "360").stdout

    before = running_home.now()
    time.sleep(0.3)
    assert running_home.now() - before > 90


def test_a_planned_fault_happens_when_the_lab_clock_says_so(home: House, tmp_path: Path) -> None:
    script = tmp_path / "faults"
    script.write_text("10m cut bruno\n20m mend bruno\n")
    with home.service("lab", "--devices-only", "--faults", str(script)):
        assert status(home)["faults"] == []
        home.command("hotspot-lab", "clock", "step", "11m")
        wait_until(lambda: status(home)["faults"] == ["cut bruno"], "the planned cut happens")
        home.command("hotspot-lab", "clock", "step", "11m")
        wait_until(lambda: status(home)["faults"] == [], "the planned mending happens")


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_within_3_seconds_and_withdraws_its_address(home: House, how: signal.Signals) -> None:
    with home.service("lab", "--devices-only") as process:
        host, _, port = home.address("lab", "control").rpartition(":")
        with socket.create_connection((host, int(port))):  # somebody who never says anything
            began = time.monotonic()
            process.send_signal(how)
            assert process.wait(3) == 0
            assert time.monotonic() - began < 3
    assert "Traceback" not in home.log("lab")
    assert '"error"' not in home.log("lab")

    assert not (home.state / "run" / "lab.json").exists()
    assert "start hotspot-lab first" in refusal(home, "status")


def test_it_stops_while_it_waits_for_a_radius_server(home: House) -> None:
    log = home.state / "waiting.log"
    with running([sys.executable, "-m", "lab"], log, home.environ) as process:
        time.sleep(1.5)
        assert process.poll() is None, log.read_text()
        process.terminate()
        assert process.wait(3) == 0


def test_a_real_installation_is_refused(home: House) -> None:
    home.sites_file.write_text(home.sites_file.read_text().replace("sample: true\n", "", 1))

    assert refusal(home, "--check").endswith("a rehearsal never plays a real installation")


def test_check_names_every_missing_secret_and_else_says_one_line(home: House) -> None:
    fine = home.command("hotspot-lab", "--check")
    assert fine.stdout == "lab: 31 SNMP agents, 6 NASes and their secrets are in order\n"
    (home.state / "secrets" / "snmp-monitor-priv").unlink()
    (home.state / "secrets" / "nas-gw-pendopo-wabup-uam").unlink()

    said = refusal(home, "--check")
    assert "secret snmp-monitor-priv is missing" in said
    assert "secret nas-gw-pendopo-wabup-uam is missing" in said


def test_a_second_rehearsal_on_the_same_addresses_says_what_is_wrong(running_home: House) -> None:
    assert "does another rehearsal run?" in refusal(running_home, "--devices-only")


def test_a_wrong_script_and_a_wrong_clock_are_named(home: House, tmp_path: Path) -> None:
    script = tmp_path / "faults"
    script.write_text("10m cut atlantis\n")
    assert "there is no link, device or NAS atlantis" in refusal(home, "--faults", str(script))
    script.write_text("now cut bruno\n")
    assert "line 1: now is not a duration" in refusal(home, "--faults", str(script))
    assert "write it like 2026-10-01T06:00" in refusal(home, "--start", "tomorrow")
    home.clock_file.write_text("noon\n")
    assert "is not a lab clock" in refusal(home, "--devices-only")


def test_noise_on_the_control_socket_is_answered_and_harmless(running_home: House) -> None:
    host, _, port = running_home.address("lab", "control").rpartition(":")
    for noise in (b"GET / HTTP/1.1\r\n", b"\xff\xfe\n", b'{"do": 5}\n', b'{"do": ["__class__"]}\n', b"x" * 100_000):
        with socket.create_connection((host, int(port)), timeout=5) as line:
            line.sendall(noise)
            line.shutdown(socket.SHUT_WR)
            line.makefile("rb").read() if len(noise) < 1000 else None

    assert status(running_home)["faults"] == []
