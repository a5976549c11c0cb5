"""The month as a workbook for people: native numbers and charts, which id-ID Excel shows with its own commas."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from office.report import writing
from office.report.book import Page
from office.report.figures import Value
from office.report.issue import Issue
from office.report.metrics import NAMES

SHAPES = {
    "count": "#,##0",
    "minutes": "#,##0",
    "seconds": '#,##0" detik"',
    "percent": '0.00" %"',
    "bytes": '#,##0.00" GB"',
    "rupiah": '"Rp"#,##0.00',
    "number": "0.00",
    "hour": "0",
}

LABEL, CELL, LINE = 38.0, 20.0, 15.0  # widths in characters, the height of a line in points


def write(issue: Issue) -> bytes:
    """The same bytes for the same month: the file's date is that of the month's last figure."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as workbook:
        made = datetime.fromtimestamp(issue.book.until, UTC).replace(tzinfo=None)
        workbook.set_properties({"title": f"Wi-Fi {issue.book.month}", "author": issue.head.name, "created": made})
        sheets = _Sheets(workbook, issue)
        sheets.summary()
        sheets.days()
        sheets.heat()
        sheets.links()
        sheets.definitions()
    return file.getvalue()


class _Sheets:
    """The sheets of one workbook; one format of each unit is shared."""

    def __init__(self, workbook: Workbook, issue: Issue) -> None:
        self.workbook, self.issue, self.book = workbook, issue, issue.book
        self.labels: dict[str, Any] = writing.words()["tables"]
        self.about: dict[str, Any] = writing.words()["metrics"]
        self.bold = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.wrap = workbook.add_format({"text_wrap": True, "valign": "top"})
        self.formats = {
            unit: workbook.add_format({"num_format": shape, "valign": "top"}) for unit, shape in SHAPES.items()
        }
        self.date = workbook.add_format({"num_format": "d mmm yyyy"})

    def _sheet(self, name: str, head: list[str], widths: list[float]) -> Worksheet:
        sheet = self.workbook.add_worksheet(name)
        sheet.write_row(0, 0, head, self.bold)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        return sheet

    def summary(self) -> None:
        """Every figure of every site, and a chart of visits."""
        pages = (*self.book.sites, self.book.total)
        head = [self.labels["figure"], *(page.name for page in pages)]
        sheet = self._sheet("Ringkasan", head, [LABEL, *(CELL for _ in pages)])
        for row, name in enumerate(NAMES, 1):
            sheet.write(row, 0, self.about[name]["label"], self.wrap)
            words = [writing.figure(name, page.values.get(name)) for page in pages if page.values.get(name) is None]
            sheet.set_row(row, _height((self.about[name]["label"], LABEL), *((word, CELL) for word in words)))
            for column, page in enumerate(pages, 1):
                self._figure(sheet, row, column, name, page)
        sheet.set_h_pagebreaks([len(NAMES) + 1])  # the chart on a page of its own
        self._visits_chart(sheet, len(NAMES) + 2)
        words = [writing.say("period", month=writing.month(self.book.month))]
        words += [writing.say("sample")] if self.book.sample else []
        words += [writing.say("sha256", sha256=self.issue.sha256)] if self.issue.sha256 else [writing.say("draft")]
        for number, line in enumerate(words):
            sheet.write(len(NAMES) + 20 + number, 0, line)

    def _figure(self, sheet: Worksheet, row: int, column: int, name: str, page: Page) -> None:
        value: Value = page.values.get(name)
        unit = self.about[name]["unit"]
        if value is None or unit in ("time", "text"):
            sheet.write_string(row, column, writing.figure(name, value), self.wrap)
        else:
            number = float(value) / writing.GIGA if unit == "bytes" else float(value)
            sheet.write_number(row, column, number, self.formats[unit])

    def _visits_chart(self, sheet: Worksheet, row: int) -> None:
        chart, last = self.workbook.add_chart({"type": "bar"}), len(self.book.sites)
        if not last:
            return
        at = NAMES.index("visits") + 1
        chart.add_series(
            {
                "name": self.about["visits"]["label"],
                "categories": ["Ringkasan", 0, 1, 0, last],
                "values": ["Ringkasan", at, 1, at, last],
                "fill": {"color": "#1f6f8b"},
            }
        )
        chart.set_title({"name": f"{self.about['visits']['label']}, {writing.month(self.book.month)}"})
        chart.set_legend({"none": True})
        chart.set_y_axis({"reverse": True})
        sheet.insert_chart(row, 0, chart, {"x_scale": 1.3})

    def days(self) -> None:
        head = [self.labels["day"], self.labels["site"], "Sesi", "Kunjungan", "Perangkat", "Unduh", "Unggah"]
        sheet = self._sheet("Harian", head, [14, 32, 10, 12, 12, 14, 14])
        lines = [(page, day) for page in (self.book.total, *self.book.sites) for day in page.days]
        for row, (page, day) in enumerate(lines, 1):
            sheet.write_datetime(row, 0, datetime.combine(date.fromisoformat(day.day), datetime.min.time()), self.date)
            sheet.write_string(row, 1, page.name)
            for column, count in enumerate((day.sessions, day.visits, day.devices), 2):
                sheet.write_number(row, column, count, self.formats["count"])
            for column, octets in enumerate((day.download_bytes, day.upload_bytes), 5):
                sheet.write_number(row, column, octets / writing.GIGA, self.formats["bytes"])
        self._days_chart(sheet, len(self.book.total.days))

    def _days_chart(self, sheet: Worksheet, days: int) -> None:
        if not days:
            return
        chart = self.workbook.add_chart({"type": "column"})
        chart.add_series(
            {
                "name": "Kunjungan, semua lokasi",
                "categories": ["Harian", 1, 0, days, 0],
                "values": ["Harian", 1, 3, days, 3],
                "fill": {"color": "#1f6f8b"},
            }
        )
        chart.set_title({"name": "Kunjungan, semua lokasi"})
        chart.set_x_axis({"num_format": "d"})
        chart.set_legend({"none": True})
        sheet.insert_chart(1, 8, chart, {"x_scale": 1.6})

    def heat(self) -> None:
        """Excel's own colour scale, so that it stays right when numbers are changed."""
        hours = [f"{hour:02}.00" for hour in range(24)]
        sheet = self._sheet("Peta panas", [self.labels["weekday"], *hours], [36, *(6.5 for _ in hours)])
        for page_number, page in enumerate((self.book.total, *self.book.sites)):
            first = 1 + page_number * 9
            sheet.write(first, 0, page.name, self.bold)
            for row, (day, cells) in enumerate(zip(writing.words()["weekdays"], page.week, strict=True), first + 1):
                sheet.write(row, 0, day)
                for column, cell in enumerate(cells, 1):
                    if cell is not None:
                        sheet.write_number(row, column, cell, self.formats["number"])
            scale = {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": "#1f6f8b"}
            sheet.conditional_format(first + 1, 1, first + 7, 24, scale)

    def links(self) -> None:
        columns = (
            "link",
            "kecamatan",
            "contractor",
            "promised",
            "measured",
            "up",
            "down",
            "unknown",
            "outages",
            "verdict",
        )
        head = [self.labels[column] for column in columns]
        sheet = self._sheet("Kontraktor", head, [26, 16, 22, 10, 10, 12, 12, 12, 8, 18])
        for row, link in enumerate(self.book.links, 1):
            sheet.write_row(row, 0, [link.link, link.name, link.contractor])
            for column, value in enumerate((link.promised, link.measured), 3):
                self._maybe(sheet, row, column, value, self.formats["percent"])
            for column, seconds in enumerate((link.up, link.down, link.unknown), 5):
                sheet.write_number(row, column, seconds / 3600, self.formats["number"])
            self._maybe(sheet, row, 8, None if link.measured is None else len(link.outages), self.formats["count"])
            active = link.status == "active"
            sheet.write_string(row, 9, self.labels[link.verdict] if active else link.status)

    def _maybe(self, sheet: Worksheet, row: int, column: int, value: float | None, shape: Format) -> None:
        if value is None:
            sheet.write_string(row, column, "-")
        else:
            sheet.write_number(row, column, value, shape)

    def definitions(self) -> None:
        head = [self.labels[column] for column in ("figure", "definition", "doubt")]
        widths = [36.0, 80.0, 70.0]
        sheet = self._sheet("Definisi", head, widths)
        for row, about in enumerate(self.about.values(), 1):
            texts = [about["label"], about["definition"], about["doubt"]]
            sheet.write_row(row, 0, texts, self.wrap)
            sheet.set_row(row, _height(*zip(texts, widths, strict=True)))


def _height(*cells: tuple[str, float]) -> float:
    """Points for the fullest cell: who opens the file would not get its wrapped lines to see otherwise."""
    return LINE * max(-(-len(text) // int(width * 0.9)) for text, width in cells)
