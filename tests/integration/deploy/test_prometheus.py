"""The shipped Prometheus and Alertmanager files, judged by their own tools."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.peers.process import program

DEPLOY = Path(__file__).parent.parent.parent.parent / "deploy"


@pytest.mark.parametrize(
    "words",
    [
        ("check", "config", "prometheus.yml"),
        ("check", "rules", "rules.yml"),
        ("test", "rules", "rules.test.yml"),
    ],
    ids=" ".join,
)
def test_promtool_accepts(words: tuple[str, ...]) -> None:
    done = subprocess.run(
        [program("promtool", "prometheus"), *words],
        cwd=DEPLOY / "prometheus",
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "SUCCESS" in done.stdout


def test_amtool_accepts_the_alertmanager_file() -> None:
    command = [program("amtool", "prometheus-alertmanager"), "check-config", "alertmanager.yml"]
    done = subprocess.run(command, cwd=DEPLOY / "alertmanager", capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
