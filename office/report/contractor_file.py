"""The contractor's sheet as CSV: one line a fibre link, by kecamatan, up, down and no data in seconds."""

from __future__ import annotations

from office.report.csv_file import table
from office.report.issue import Issue

COLUMNS = (
    "month",
    "link",
    "kecamatan",
    "kecamatan_name",
    "contractor",
    "status",
    "promised_percent",
    "measured_percent",
    "up_seconds",
    "down_seconds",
    "no_data_seconds",
    "outages",
    "longest_outage_seconds",
    "verdict",
)


def write(issue: Issue) -> bytes:
    return table(
        COLUMNS,
        [
            (
                issue.book.month,
                link.link,
                link.kecamatan,
                link.name,
                link.contractor,
                link.status,
                link.promised,
                link.measured,
                link.up,
                link.down,
                link.unknown,
                None if link.measured is None else len(link.outages),
                None if link.measured is None else max(link.outages, default=0),
                link.verdict,
            )
            for link in issue.book.links
        ],
    )
