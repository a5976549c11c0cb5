"""The kinds of file that a report can be; to add one, write ``write(report) -> bytes`` and its line here."""

from __future__ import annotations

from collections.abc import Callable

from office.report import csv_file
from office.report.figures import Report

FORMATS: dict[str, Callable[[Report], bytes]] = {"csv": csv_file.write}
