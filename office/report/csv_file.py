"""The report as a file for machines: RFC 4180 (lines end in CRLF), UTF-8, one header line, dots in decimals."""

from __future__ import annotations

import csv
import io

from office.report.figures import Report, Value


def write(report: Report) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(report.columns)
    writer.writerows([_cell(value) for value in row] for row in report.rows)
    return text.getvalue().encode()


def _cell(value: Value) -> str:
    """Nothing for what is not known; a share always with its two digits."""
    if value is None:
        return ""
    return f"{value:.2f}" if isinstance(value, float) else str(value)
