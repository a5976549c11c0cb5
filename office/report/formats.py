"""The kinds of file that a month can be; to add one, write ``write(issue) -> bytes`` and its line here."""

from __future__ import annotations

from collections.abc import Callable

from office.report import csv_file, json_file, pdf, xlsx_file
from office.report.issue import Issue

FORMATS: dict[str, Callable[[Issue], bytes]] = {
    "csv": csv_file.write,
    "json": json_file.write,
    "pdf": pdf.write,
    "xlsx": xlsx_file.write,
}
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
