"""The month as a file for machines: RFC 4180 (lines end in CRLF), UTF-8, one header line, dots in decimals."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from office.report.figures import Value
from office.report.issue import Issue


def write(issue: Issue) -> bytes:
    return table(issue.book.table.columns, issue.book.table.rows)


def table(columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode()


def _cell(value: Value) -> str:
    """Nothing for what is not known; a share always with its two digits."""
    if value is None:
        return ""
    return f"{value:.2f}" if isinstance(value, float) else str(value)
