"""With HOTSPOT_STRICT_SKIPS=1 a skipped test fails the run unless tests/skips.txt lists it with its reason."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

LIST = Path(__file__).parent / "skips.txt"


def allowed(text: str) -> dict[str, str]:
    """Patterns of test ids and why each may be skipped."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return {pattern.strip(): reason.strip() for pattern, _, reason in (line.partition("|") for line in lines)}


def not_allowed(skipped: list[str], patterns: dict[str, str]) -> list[str]:
    return [test for test in skipped if not any(fnmatchcase(test, p) and why for p, why in patterns.items())]


def _foreign_skips(config: pytest.Config) -> list[str]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("HOTSPOT_STRICT_SKIPS") != "1" or reporter is None:
        return []
    return not_allowed([report.nodeid for report in reporter.stats.get("skipped", [])], allowed(LIST.read_text()))


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _foreign_skips(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if foreign := _foreign_skips(terminalreporter.config):
        terminalreporter.section("skipped without being listed in tests/skips.txt", red=True)
        terminalreporter.write_line("\n".join(foreign))
