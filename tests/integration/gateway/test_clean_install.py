"""The gateway's extra in an environment of its own: it installs without Flask and SQLAlchemy, and works so."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SITES = ROOT / "tests" / "data" / "sites" / "good" / "gateway.yaml"
SECRET = "only-for-this-test-0123456789"


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ``bin`` of a new virtual environment with ``.[gateway]`` from what git tracks, packages from pip's index."""
    folder = tmp_path_factory.mktemp("clean")
    tree = folder / "tree"
    tree.mkdir()
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    subprocess.run(
        ["tar", "--null", "--ignore-failed-read", "-T", "-", "-cf", folder / "tree.tar"],
        cwd=ROOT, input=tracked, check=True, capture_output=True,
    )  # fmt: skip
    subprocess.run(["tar", "-xf", folder / "tree.tar", "-C", tree], check=True)
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    pip = [str(folder / "venv" / "bin" / "python"), "-m", "pip", "install", "-qq", f"{tree}[gateway]"]
    done = subprocess.run(pip, capture_output=True, text=True, check=False)
    if "No matching distribution" in done.stderr or "onnection" in done.stderr:
        pytest.skip("needs pip and an index of packages")
    assert done.returncode == 0, done.stderr[-2000:]
    return folder / "venv" / "bin"


def test_the_environment_holds_neither_flask_nor_a_store(clean: Path) -> None:
    ask = "import gateway.__main__, importlib.util as u; print(*(w for w in WORDS if u.find_spec(w)))"
    words = ("flask", "sqlalchemy", "alembic", "psycopg", "gunicorn", "pyrad", "pysnmp", "scapy")
    done = subprocess.run(
        [clean / "python", "-c", ask.replace("WORDS", repr(words))],
        cwd="/", capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert done.stdout == "\n"


def test_its_command_prints_the_ruleset_it_would_load(clean: Path, tmp_path: Path) -> None:
    environ = {
        "HOTSPOT_SITES": str(SITES),
        "HOTSPOT_STATE": str(tmp_path),
        "HOTSPOT_NAS_GW_ALUN_SECRET": SECRET,
        "HOTSPOT_NAS_GW_ALUN_UAM_SECRET": SECRET,
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
    }
    done = subprocess.run(
        [clean / "hotspot-gateway", "check"], env=environ, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("# gateway gw-alun: sites file and secrets are in order")
    assert "table inet hotspot {" in done.stdout
    assert SECRET not in done.stdout
