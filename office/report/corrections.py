"""What came too late for frozen months, for the report: a sentence, and a line a month and site (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from office.report import writing
from office.report.book import Difference
from office.report.document import Block, Paragraph, Table
from office.report.writing import gigabytes, number, say


def corrections(differences: Sequence[Difference], names: Mapping[str, str]) -> Iterator[Block]:
    """Said also when there are none: a reader cannot see what is left out."""
    if not differences:
        yield Paragraph(say("late_none"))
        return
    yield Paragraph(
        say(
            "late",
            sessions=number(sum(one.sessions for one in differences)),
            octets=gigabytes(sum(one.download_bytes + one.upload_bytes for one in differences)),
        )
    )
    labels = writing.words()["tables"]
    yield Table(
        head=(labels["month"], labels["site"], "Sesi", "Kunjungan", "Unduh", "Unggah"),
        rows=tuple(
            (
                writing.month(one.month),
                names.get(one.site, one.site),
                number(one.sessions),
                number(one.visits),
                gigabytes(one.download_bytes),
                gigabytes(one.upload_bytes),
            )
            for one in differences
        ),
        numbers=frozenset(range(2, 6)),
        widths=(0.18, 0.32, 0.1, 0.12, 0.14, 0.14),
        small=True,
    )
