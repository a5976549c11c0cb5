"""A real Chromium, driven by Playwright, that talks to nobody but the test's own servers."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, Page, Playwright

from tests.peers.process import program

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

__all__ = ["Error", "chromium", "console"]


def console(name: str) -> str:
    """A console command of the environment that runs the tests."""
    return str(Path(sys.executable).parent / name)


@contextlib.contextmanager
def chromium(driver: Playwright, executable: Path | None = None, **context: Any) -> Iterator[Page]:
    """One page of a fresh browser; ``context`` is Playwright's (viewport, locale, java_script_enabled, …)."""
    path = executable or program("chromium", "chromium")
    started = driver.chromium.launch(executable_path=str(path), args=list(ARGUMENTS))
    try:
        yield started.new_context(**context).new_page()
    finally:
        started.close()
