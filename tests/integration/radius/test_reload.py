"""sites.yaml and secrets change while RADIUS works: at once when they are right, not at all when they are wrong."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from hotspot import tables
from hotspot.running import withdraw
from tests.conftest import ROOT
from tests.integration.radius.conftest import Town, start_of
from tests.peers.process import running, wait_until
from tests.peers.radclient import SEAL, Heard, ask

SQUARE, HOUSE = "gw-alun-alun-besar", "gw-pendopo-wabup"
REPORT = ("Acct-Status-Type = Start", 'Acct-Session-Id = "r-reload"')
NOBODY = ("User-Name = nobody", "User-Password = nothing")

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@dataclass
class Living:
    """A town whose sites.yaml may be changed, and its RADIUS."""

    town: Town
    sites_file: Path
    process: subprocess.Popen[bytes]

    @property
    def metrics(self) -> str:
        with urllib.request.urlopen(f"http://{self.town.address('ops')}/metrics", timeout=5) as page:
            return str(page.read().decode())

    def change(self, old: str, new: str) -> None:
        text = self.sites_file.read_text()
        assert old in text
        self.sites_file.write_text(text.replace(old, new))

    def hang_up(self, result: str) -> None:
        """The first reading of its kind."""
        self.process.send_signal(signal.SIGHUP)
        counted = f'hotspot_radius_reloads_total{{result="{result}"}} 1.0'
        wait_until(lambda: counted in self.metrics, f"the configuration is read: {result}")

    def report(self, source: str, secret: str, wait: float = 0.5) -> str | None:
        return ask("acct", self.town.address("acct"), secret, *REPORT, source=source, wait=wait).code

    def login(self, *more: str) -> Heard:
        """Refused by name where it is believed."""
        return self.town.ask("auth", SQUARE, *NOBODY, *more, wait=0.5)

    def rotate(self, *options: str) -> subprocess.CompletedProcess[str]:
        command = [*self.town.command, "rotate", *options]
        return subprocess.run(command, env=self.town.environ, cwd=ROOT, capture_output=True, text=True, check=False)


@contextlib.contextmanager
def alive(town: Town, sites_file: Path, **environ: str) -> Iterator[Living]:
    withdraw(town.state / "run", "radius")
    with running(town.command, town.log, town.environ | {"HOTSPOT_SITES": str(sites_file)} | environ, ROOT) as process:
        town.wait_ready()
        yield Living(town, sites_file, process)


@pytest.fixture
def sites_file(tmp_path: Path) -> Path:
    path = tmp_path / "sites.yaml"
    path.write_text((ROOT / "sites.yaml").read_text())
    return path


def test_a_nas_that_moves_to_other_addresses_is_believed_after_a_signal(idle_town: Town, sites_file: Path) -> None:
    secret = idle_town.secret(SQUARE)
    with alive(idle_town, sites_file) as living:
        assert living.report("127.66.77.7", secret) is None

        living.change(f"id: {SQUARE},", f"id: {SQUARE}, sources: [127.66.77.0/24],")
        living.hang_up("done")

        assert living.report("127.66.77.7", secret, 2) == "Accounting-Response"
        assert living.report("127.66.78.7", secret) is None
        assert idle_town.rows(tables.sessions, acct_session_id="r-reload")[0]["nas"] == SQUARE


def test_a_wrong_file_changes_nothing_and_is_told_and_the_right_one_is_taken_without_a_signal(
    idle_town: Town, sites_file: Path
) -> None:
    address = idle_town.sites.nas[HOUSE].address
    with alive(idle_town, sites_file) as living:
        living.change(f"id: {HOUSE}, site: pendopo-wabup", f"id: {HOUSE}, site: pendopo-wabupp")
        living.hang_up("failed")
        assert living.report(address, idle_town.secret(HOUSE), 2) == "Accounting-Response"
        assert "hotspot_radius_configuration_fresh 0.0" in living.metrics
        assert "there is no site 'pendopo-wabupp'; did you mean pendopo-wabup?" in idle_town.log.read_text()

        living.change("pendopo-wabupp", "pendopo-wabup")

        wait_until(lambda: "hotspot_radius_configuration_fresh 1.0" in living.metrics, "the right file is taken")
        assert living.report(address, idle_town.secret(HOUSE), 2) == "Accounting-Response"

        secret = idle_town.secret(HOUSE)
        kept = idle_town.state / "secrets" / f"nas-{HOUSE}"
        kept.chmod(0o644)  # which everyone can read: it is refused, and the one in memory goes on
        try:
            wait_until(lambda: "hotspot_radius_configuration_fresh 0.0" in living.metrics, "the secret is refused")
            assert living.report(address, secret, 2) == "Accounting-Response"
        finally:
            kept.chmod(0o600)


def test_a_nas_that_is_gone_from_the_file_is_a_stranger(idle_town: Town, sites_file: Path) -> None:
    nas = idle_town.sites.nas["gw-museum-tosan-aji"]
    with alive(idle_town, sites_file) as living:
        assert living.report(nas.address, idle_town.secret(nas.id), 2) == "Accounting-Response"
        living.change(nas.address, "127.66.99.1")
        living.hang_up("done")
        assert living.report(nas.address, idle_town.secret(nas.id)) is None


def test_a_secret_is_changed_while_the_nas_works(idle_town: Town, sites_file: Path) -> None:
    address, old = idle_town.sites.nas[HOUSE].address, idle_town.secret(HOUSE)
    with alive(idle_town, sites_file) as living:
        done = living.rotate(HOUSE)
        assert (done.returncode, done.stderr) == (0, "")
        new = idle_town.secret(HOUSE)
        assert new not in done.stdout + old
        wait_until(lambda: f'hotspot_radius_previous_secret{{nas="{HOUSE}"}} 1.0' in living.metrics, "both are good")
        assert living.report(address, old, 2) == "Accounting-Response"
        assert "is being changed already" in living.rotate(HOUSE).stderr

        refused = living.rotate(HOUSE, "--drop")
        assert (refused.returncode, "has not proved its new secret" in refused.stderr) == (1, True)

        assert living.report(address, new, 2) == "Accounting-Response"
        assert living.rotate(HOUSE, "--drop").stdout == f"{HOUSE} has only its new secret now\n"
        wait_until(lambda: "hotspot_radius_previous_secret{" not in living.metrics, "one is good")
        assert living.report(address, old) is None
        assert living.report(address, new, 2) == "Accounting-Response"
        assert "no secret of" in living.rotate(HOUSE, "--drop").stderr
        assert not any(secret in idle_town.log.read_text() for secret in (old, new))


def test_a_rotation_that_nobody_can_have_seen_is_finished_only_by_force(idle_town: Town, tmp_path: Path) -> None:
    withdraw(idle_town.state / "run", "radius")
    living = Living(idle_town, tmp_path, subprocess.Popen(["true"]))
    living.process.wait()
    living.rotate(SQUARE)
    modes = {path.name: path.stat().st_mode & 0o777 for path in (idle_town.state / "secrets").glob(f"nas-{SQUARE}*")}

    assert modes == {f"nas-{SQUARE}": 0o600, f"nas-{SQUARE}-previous": 0o600}
    assert "RADIUS does not run here" in living.rotate(SQUARE, "--drop").stderr
    assert living.rotate(SQUARE, "--drop", "--unseen").returncode == 0
    assert "there is no NAS 'gw-x'" in living.rotate("gw-x").stderr


def test_a_secret_from_elsewhere_is_not_written_over(idle_town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTSPOT_NAS_GW_PENDOPO_WABUP_SECRET", "from the environment, long enough")
    before = (idle_town.state / "secrets" / f"nas-{HOUSE}").read_text()
    done = subprocess.run(
        [*idle_town.command, "rotate", HOUSE],
        env=idle_town.environ,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, "HOTSPOT_NAS_GW_PENDOPO_WABUP_PREVIOUS_SECRET" in done.stderr) == (1, True)
    assert (idle_town.state / "secrets" / f"nas-{HOUSE}").read_text() == before


def test_a_nas_of_which_one_does_not_know_has_to_seal_for_good_once_it_did(idle_town: Town, sites_file: Path) -> None:
    """Debian's radclient is from before CVE-2024-3596 and seals only when told to."""
    text = sites_file.read_text()
    start = text.index("message_authenticator: required", text.index(f"id: {SQUARE}"))
    sites_file.write_text(text[:start] + text[start:].replace("required", "auto", 1))
    forged = "Proxy-State = 0x" + 60 * "41"  # what the attack adds to make room for its collision
    with alive(idle_town, sites_file) as living:
        assert living.login().attributes["Reply-Message"] == "unknown-client"
        assert "can be forged" in idle_town.log.read_text()
        assert living.login(forged).code is None
        assert living.login(SEAL, forged).code == "Access-Reject"
        assert living.login().code is None
        wait_until(lambda: idle_town.rows(tables.nas_facts, nas=SQUARE)[0]["sealed_at"], "it is written down")
        living.hang_up("done")
        assert living.login().code is None

    with alive(idle_town, sites_file) as living:
        assert living.login().code is None
        assert living.login(SEAL).code == "Access-Reject"


def test_a_nas_may_speak_ipv6_from_a_network(idle_town: Town, sites_file: Path) -> None:
    with alive(idle_town, sites_file, HOTSPOT_RADIUS_ACCT="[::]:0") as living:
        living.change(f"id: {SQUARE},", f"id: {SQUARE}, sources: ['::/64'],")
        living.hang_up("done")
        port = int(idle_town.address("acct").rpartition(":")[2])
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as nas:
            nas.settimeout(2)
            nas.sendto(start_of(idle_town, SQUARE, "r-six", 1), ("::1", port))
            assert nas.recv(4096)[0] == 5
