"""Bars, a week's heat map and a QR code as vector drawings for the PDF."""

from __future__ import annotations

import io

import segno
from reportlab.graphics.shapes import Drawing, Group, Line, Rect, String
from reportlab.lib import colors
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Image

from office.report.document import Bars, Heat

INK, SOFT, LINE, FILL, NONE = (
    colors.HexColor(code) for code in ("#1a1f24", "#5b6670", "#c4ccd2", "#1f6f8b", "#ffffff")
)
ROW = 13.0
LABELS = 140.0
TALL = 90.0
EMBLEM = (18 * mm, 22 * mm)


def bars(chart: Bars, width: float) -> Drawing:
    return _across(chart, width) if chart.across else _upright(chart, width)


def _across(chart: Bars, width: float) -> Drawing:
    """One row a label, its number behind the bar."""
    height = ROW * (len(chart.values) + 1)
    drawing, top = Drawing(width, height), max(chart.values, default=0) or 1
    drawing.add(_string(0, height - 9, chart.title, 8.5, bold=True))
    room = width - LABELS - 60
    for number, (label, value, shown) in enumerate(zip(chart.labels, chart.values, chart.shown, strict=True)):
        y = height - ROW * (number + 2) + 3
        drawing.add(_string(LABELS - 5, y + 1, label, 8, anchor="end"))
        drawing.add(Rect(LABELS, y - 1, value / top * room, ROW - 4, fillColor=FILL, strokeColor=None))
        drawing.add(_string(LABELS + value / top * room + 4, y + 1, shown, 8))
    return drawing


def _upright(chart: Bars, width: float) -> Drawing:
    """One column a label; the highest says its number."""
    drawing, top = Drawing(width, TALL + 34), max(chart.values, default=0) or 1
    drawing.add(_string(0, TALL + 25, chart.title, 8.5, bold=True))
    drawing.add(Line(0, 11, width, 11, strokeColor=LINE, strokeWidth=0.6))
    place = width / max(len(chart.values), 1)
    highest = chart.values.index(max(chart.values)) if chart.values else 0
    for number, (label, value, shown) in enumerate(zip(chart.labels, chart.values, chart.shown, strict=True)):
        x, tall = number * place, value / top * TALL
        drawing.add(Rect(x + place * 0.15, 11, place * 0.7, tall, fillColor=FILL, strokeColor=None))
        drawing.add(_string(x + place / 2, 2, label, 6.5, anchor="middle"))
        if number == highest:
            drawing.add(_string(x + place / 2, tall + 14, shown, 7, anchor="middle"))
    return drawing


def heat(week: Heat, width: float) -> Drawing:
    """Darker is fuller, and the number stands in every cell: colour alone says nothing."""
    side, wide = 15.0, (width - 42) / 24
    height = side * len(week.days) + 30
    drawing = Drawing(width, height)
    drawing.add(_string(0, height - 9, week.title, 8.5, bold=True))
    top = max((cell for row in week.cells for cell in row if cell is not None), default=0) or 1
    for hour in range(24):
        drawing.add(_string(42 + (hour + 0.5) * wide, height - 22, f"{hour:02}", 6, anchor="middle"))
    for number, (day, row) in enumerate(zip(week.days, week.cells, strict=True)):
        y = height - 26 - side * (number + 1)
        drawing.add(_string(0, y + 5, day, 7.5))
        for hour, cell in enumerate(row):
            drawing.add(_cell((42 + hour * wide, y), (wide, side), cell, top))
    return drawing


def _cell(at: tuple[float, float], size: tuple[float, float], cell: float | None, top: float) -> Group:
    x, y, wide, side = *at, *size
    share = (cell or 0) / top
    fill = colors.linearlyInterpolatedColor(NONE, FILL, 0, 1, share)
    ink = NONE if share > 0.55 else INK
    shown = "-" if cell is None else f"{cell:.0f}"
    rect = Rect(x, y, wide, side, fillColor=fill, strokeColor=LINE, strokeWidth=0.3)
    return Group(rect, _string(x + wide / 2, y + 5, shown, 5.8, anchor="middle", ink=ink))


def code(url: str) -> Drawing:
    """A QR code with its quiet zone."""
    matrix = [list(row) for row in segno.make(url, error="m").matrix_iter(border=3)]
    size = 25 * mm
    dot, drawing = size / len(matrix), Drawing(size, size)
    drawing.add(Rect(0, 0, size, size, fillColor=NONE, strokeColor=None))
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            if dark:
                drawing.add(Rect(x * dot, size - (y + 1) * dot, dot, dot, fillColor=colors.black, strokeColor=None))
    return drawing


def emblem(picture: bytes) -> Flowable:
    """A picture in the emblem's place, or an empty frame: nobody's arms are made up."""
    wide, tall = EMBLEM
    if picture:
        return Image(io.BytesIO(picture), width=wide, height=tall, kind="proportional")
    frame = Drawing(wide, tall)
    frame.add(Rect(0.5, 0.5, wide - 1, tall - 1, fillColor=None, strokeColor=LINE, strokeWidth=0.6))
    for number, word in enumerate(("lambang", "daerah")):
        frame.add(_string(wide / 2, tall / 2 + 2 - 9 * number, word, 7, anchor="middle", ink=SOFT))
    return frame


def _string(
    x: float, y: float, text: str, size: float, *, anchor: str = "start", bold: bool = False, ink: colors.Color = INK
) -> String:
    font = "Helvetica-Bold" if bold else "Helvetica"
    return String(x, y, text, fontName=font, fontSize=size, fillColor=ink, textAnchor=anchor)
