"""The report as PDF by ReportLab: vector charts, no system library, the blocks of office/report/document.py only."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    HRFlowable,
    KeepTogether,
    PageBreak,
    PageTemplate,
    Spacer,
    TableStyle,
)
from reportlab.platypus import Paragraph as Text
from reportlab.platypus import Table as Grid

from office.report import pdf_drawings
from office.report.chapters import monthly
from office.report.document import Bars, Block, Document, Heading, Heat, Paragraph, Points, Proof, Table
from office.report.issue import Issue

SIZES = {"A4": A4, "F4": (215 * mm, 330 * mm)}
MARGIN = 20 * mm
INK, SOFT, LINE, BAND = (colors.HexColor(code) for code in ("#1a1f24", "#5b6670", "#c4ccd2", "#eef3f6"))

BODY = ParagraphStyle("body", fontName="Helvetica", fontSize=10, leading=14, textColor=INK, spaceAfter=5)
SMALL = ParagraphStyle("small", BODY, fontSize=8, leading=10, spaceAfter=0)
RIGHT = ParagraphStyle("right", SMALL, alignment=TA_RIGHT)
BOLD = ParagraphStyle("bold", SMALL, fontName="Helvetica-Bold")
BOLD_RIGHT = ParagraphStyle("bold right", BOLD, alignment=TA_RIGHT)
HEAD = ParagraphStyle("head", BODY, fontName="Helvetica-Bold", fontSize=12, leading=15, spaceBefore=9, spaceAfter=5)
TITLE = ParagraphStyle("title", HEAD, fontSize=15, leading=19, alignment=TA_CENTER, spaceAfter=2)
CENTRE = ParagraphStyle("centre", BODY, alignment=TA_CENTER)
LETTERHEAD = (
    ParagraphStyle("region", CENTRE, fontSize=12, leading=15, spaceAfter=0),
    ParagraphStyle("office", CENTRE, fontName="Helvetica-Bold", fontSize=13, leading=16, spaceAfter=2),
    ParagraphStyle("address", CENTRE, fontSize=8.5, leading=11, spaceAfter=0),
)


def write(issue: Issue) -> bytes:
    return draw(monthly(issue))


def draw(document: Document) -> bytes:
    """The same bytes for the same document: nothing of the moment of writing is in the file."""
    width, height = SIZES[document.paper]
    file = io.BytesIO()
    frame = Frame(MARGIN, MARGIN, width - 2 * MARGIN, height - 2 * MARGIN, 0, 0, 0, 0)
    template = BaseDocTemplate(
        file, pagesize=(width, height), title=document.title, author=document.letterhead[1], lang="id", invariant=1
    )
    template.addPageTemplates([PageTemplate(frames=[frame], onPage=_page_drawer(document))])
    template.build(list(_flow(document, width - 2 * MARGIN)))
    return file.getvalue()


def _page_drawer(document: Document) -> Callable[[Canvas, Any], None]:
    def foot(canvas: Canvas, template: Any) -> None:
        width, _ = template.pagesize
        canvas.saveState()
        canvas.setFont("Helvetica", 8)
        canvas.setFillColor(SOFT)
        canvas.drawString(MARGIN, 11 * mm, f"{document.title}, {document.subtitle}")
        canvas.drawRightString(width - MARGIN, 11 * mm, f"{canvas.getPageNumber()}")
        if document.mark:
            canvas.setFont("Helvetica-Bold", 8)
            canvas.drawCentredString(width / 2, 6.5 * mm, document.mark)
        canvas.restoreState()

    return foot


def _flow(document: Document, width: float) -> Iterator[Flowable]:
    yield _letterhead(document, width)
    yield HRFlowable("100%", thickness=1.6, color=INK, spaceBefore=5, spaceAfter=1.2)
    yield HRFlowable("100%", thickness=0.5, color=INK, spaceAfter=9)
    yield Text(escape(document.title), TITLE)
    yield Text(escape(document.subtitle), CENTRE)
    yield from (Text(escape(fact), SMALL) for fact in document.facts)
    blocks = list(document.blocks)
    appendix = next(
        (at for at, block in enumerate(blocks) if isinstance(block, Heading) and block.new_page), len(blocks)
    )
    yield from _drawn(blocks[:appendix], width)
    yield _signature(document, width)
    yield from _drawn(blocks[appendix:], width)


def _letterhead(document: Document, width: float) -> Flowable:
    """The emblem to the left; as much room to the right keeps the lines in the middle of the page."""
    styles = (*LETTERHEAD, *(LETTERHEAD[-1],) * 9)
    lines = [Text(escape(line), style) for line, style in zip(document.letterhead, styles, strict=False)]
    side = pdf_drawings.EMBLEM[0] + 2 * mm
    cells = [[pdf_drawings.emblem(document.emblem), lines, ""]]
    return Grid(cells, colWidths=[side, width - 2 * side, side], style=_LETTERHEAD)


def _drawn(blocks: list[Block], width: float) -> Iterator[Flowable]:
    """A heading stays with what it is the heading of."""
    waiting: list[Flowable] = []
    for block in blocks:
        if isinstance(block, Heading):
            if block.new_page:
                yield PageBreak()
            waiting = [Text(escape(block.text), HEAD)]
            continue
        drawn = list(_block(block, width))
        yield KeepTogether([*waiting, *drawn])  # a table that is longer than a page breaks all the same
        waiting = []
    yield from waiting


def _block(block: Block, width: float) -> Iterator[Flowable]:
    match block:
        case Paragraph(text, small):
            yield Text(escape(text), SMALL if small else BODY)
        case Points(texts):
            yield from (Text(escape(text), BODY, bulletText="-") for text in texts)
        case Table():
            yield _grid(block, width)
            yield Spacer(1, 7)
        case Bars():
            yield pdf_drawings.bars(block, width)
            yield Spacer(1, 7)
        case Heat():
            yield pdf_drawings.heat(block, width)
            yield Spacer(1, 7)
        case Proof(lines, url):
            yield Spacer(1, 6)
            words = [Text(escape(line), SMALL) for line in lines]
            yield Grid([[pdf_drawings.code(url), words]], colWidths=[28 * mm, width - 28 * mm], style=_MIDDLE)
        case Heading():
            raise TypeError(block)


_MIDDLE = TableStyle([("VALIGN", (0, 0), (-1, -1), "MIDDLE")])
_LETTERHEAD = TableStyle(
    [
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ]
)


def _grid(table: Table, width: float) -> Grid:
    widths = [share * width for share in table.widths] if table.widths else None
    last = len(table.rows) if table.total else None
    rows = [
        [_cell(cell, column in table.numbers, bold=number in {0, last}) for column, cell in enumerate(row)]
        for number, row in enumerate((table.head, *table.rows))
    ]
    style = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, INK),
        ("LINEBELOW", (0, 1), (-1, -1), 0.3, LINE),
        ("ROWBACKGROUNDS", (0, 1), (-1, -1), [colors.white, BAND]),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
    ]
    return Grid(rows, colWidths=widths, repeatRows=1, style=TableStyle(style), hAlign="LEFT")


def _cell(text: str, right: bool, *, bold: bool) -> Text:
    style = (BOLD_RIGHT if bold else RIGHT) if right else (BOLD if bold else SMALL)
    return Text(escape(text), style)


def _signature(document: Document, width: float) -> Flowable:
    """To the right, with room for the seal of an electronic signature."""
    place, office, space, name = document.signature
    words = [Text(escape(place), BODY), Text(escape(office), BODY), Spacer(1, 6 * mm), Text(escape(space), SMALL)]
    words += [Spacer(1, 6 * mm), Text(escape(name), BODY)]
    return KeepTogether([Spacer(1, 10), Grid([["", words]], colWidths=[width * 0.5, width * 0.5])])
