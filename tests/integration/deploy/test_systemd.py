"""The shipped units, judged by systemd's own tool; nothing is started."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.peers.process import program

SYSTEMD = Path(__file__).parent.parent.parent.parent / "deploy" / "systemd"
UNITS = sorted(path.name for path in SYSTEMD.iterdir())
CAPABILITIES = {
    "hotspot-sensor@.service": "CAP_NET_RAW",
    "hotspot-gateway.service": "CAP_NET_ADMIN CAP_NET_RAW",
    "hotspot-gateway-dnsmasq.service": "CAP_NET_ADMIN CAP_NET_RAW CAP_NET_BIND_SERVICE",
}
WORST_EXPOSURE = "20"  # of 100: "OK" in systemd's words; a unit without any restriction has 96


@pytest.fixture(scope="session")
def units(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The units with the commands of this installation in place of /opt/hotspot."""
    folder = tmp_path_factory.mktemp("systemd")
    for name in UNITS:
        text = (SYSTEMD / name).read_text().replace("/opt/hotspot/bin", str(Path(sys.executable).parent))
        (folder / name).write_text(text)
    return folder


def test_every_service_of_the_house_has_a_unit() -> None:
    assert set(UNITS) == {
        *(f"hotspot-{name}.service" for name in ("portal", "radius", "monitor", "office", "nightly", "sensor@")),
        "hotspot-gateway.service",
        "hotspot-gateway-dnsmasq.service",
        "hotspot-nightly.timer",
        "hotspot-backup.service",
        "hotspot-backup.timer",
    }


@pytest.mark.parametrize("name", UNITS)
def test_systemd_accepts_the_unit(units: Path, name: str) -> None:
    unit = units / name.replace("@", "@eth1")
    if not unit.exists():
        unit.symlink_to(units / name)

    done = analyze("verify", "--man=no", str(unit))

    assert done.returncode == 0, done.stderr
    assert str(units) not in done.stderr, "no complaint of a unit of ours"


@pytest.mark.parametrize("name", [name for name in UNITS if name.endswith(".service")])
def test_the_unit_gives_its_process_little(units: Path, name: str) -> None:
    unit = units / name.replace("@", "@eth2")
    if not unit.exists():
        unit.symlink_to(units / name)

    done = analyze("security", "--offline=true", f"--threshold={WORST_EXPOSURE}", str(unit))

    assert done.returncode == 0, done.stdout[-300:] + done.stderr


def test_only_what_touches_the_network_itself_has_a_capability() -> None:
    for name in UNITS:
        text = (SYSTEMD / name).read_text()
        if name.endswith(".service"):
            has = CAPABILITIES.get(name, "")
            assert f"\nCapabilityBoundingSet={has}\n" in text, name
            assert "\nNoNewPrivileges=yes\n" in text, name
            assert (f"\nAmbientCapabilities={has}\n" in text) == bool(has), name


def analyze(*words: str) -> subprocess.CompletedProcess[str]:
    command = [program("systemd-analyze", "systemd"), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)
