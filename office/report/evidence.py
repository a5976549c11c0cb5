"""The proof for a member of the DPRD: one site's month as a zip of its letter, its figures and how to check them."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping

from office.report import appendix, csv_file, json_file, paragraphs, pdf, writing
from office.report.book import BOOK, Page
from office.report.chapters import SUMMARY, causes, complaints, heat, monthly, proof, satisfaction, summary
from office.report.corrections import corrections
from office.report.document import Bars, Block, Document, Heading, Paragraph, Points
from office.report.entrance import entrance
from office.report.issue import Issue
from office.report.writing import number, say

_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same zip of the same files, whenever it is made


def pack(issue: Issue, page: Page) -> bytes:
    """Everything that one site's month rests on, with the sums of the files."""
    letter = site_letter(issue, page)
    own = [row for row in issue.book.table.rows if row[1] == page.site]
    days = ("day", "sessions", "visits", "devices", "download_bytes", "upload_bytes")
    figures = BOOK.dump_python(issue.book, mode="json")
    mine = next(one for one in figures["sites"] if one["site"] == page.site)
    content = json_file.content(issue) | {"figures": mine, "month": issue.book.month}
    files = {
        "laporan.pdf": pdf.draw(letter),
        "angka.csv": csv_file.table(issue.book.table.columns, own),
        "harian.csv": csv_file.table(
            days,
            [
                (day.day, day.sessions, day.visits, day.devices, day.download_bytes, day.upload_bytes)
                for day in page.days
            ],
        ),
        "angka.json": json.dumps(content, ensure_ascii=False, indent=1).encode(),
    }
    sums = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    return zipped(files | {"SHA256SUMS": sums.encode(), "BACA-DULU.txt": _read_first(issue, page).encode()})


def site_letter(issue: Issue, page: Page) -> Document:
    whole = monthly(issue)
    return Document(
        title=say("evidence_title", site=page.name),
        subtitle=whole.subtitle,
        letterhead=whole.letterhead,
        facts=whole.facts[3:],
        blocks=tuple(_blocks(issue, page)),
        signature=whole.signature,
        mark=whole.mark,
        paper=whole.paper,
        emblem=whole.emblem,
    )


def _blocks(issue: Issue, page: Page) -> Iterator[Block]:
    titles = writing.words()["chapters"]
    yield Heading(titles["evidence_question"])
    yield Paragraph(paragraphs.costs(page))
    yield summary(page, SUMMARY)
    if page.days:
        counts = tuple(float(day.visits) for day in page.days)
        labels = tuple(str(int(day.day[-2:])) for day in page.days)
        yield Bars("Kunjungan per hari", labels, counts, tuple(number(count) for count in counts))
    yield heat(page, say("evidence_heat"))
    yield from entrance(page)
    own = tuple(one for one in issue.book.differences if one.site == page.site)
    yield from corrections(own, {page.site: page.name})
    advice = tuple(paragraphs.full(crowd, page) for crowd in page.crowds)
    yield Points(advice or (say("evidence_not_full"),))
    yield from causes(page)
    yield from complaints(page)
    yield from satisfaction(page)
    yield from proof(issue)
    yield Heading(titles["all_figures"].split(". ", 1)[-1], new_page=True)
    yield from appendix.figures((page,))
    yield Heading(titles["definitions"].split(". ", 1)[-1], new_page=True)
    yield from appendix.definitions()


def _read_first(issue: Issue, page: Page) -> str:
    lines = [say("evidence_title", site=page.name), say("period", month=writing.month(issue.book.month)), ""]
    lines += [say("evidence_files"), say("evidence_sums")]
    if issue.sha256:
        lines += [say("sha256", sha256=issue.sha256), say("verify", url=issue.verify_url)]
    else:
        lines.append(say("draft"))
    return "\n".join([*lines, ""])


def zipped(files: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name], zipfile.ZIP_DEFLATED)
    return file.getvalue()
