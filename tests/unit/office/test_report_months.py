"""Three contrasting months, word by word as they were approved; to approve anew: HOTSPOT_APPROVE=1 pytest this file."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from office.report import book, contractor_file, csv_file, evidence, json_file, pdf, writing, xlsx_file
from office.report.chapters import monthly
from office.report.document import Document, plain
from office.report.issue import Issue
from office.report.metrics import NAMES
from tests.unit.office import months

APPROVED = Path(__file__).parents[2] / "data" / "report"
MONTHS = {"growth": months.growth, "outage": months.outage, "empty": months.empty, "nothing": months.nothing}
each_month = pytest.mark.parametrize("month", MONTHS.values(), ids=MONTHS)


@pytest.mark.parametrize("name", MONTHS)
def test_the_letter_says_what_was_approved(name: str) -> None:
    file, said = APPROVED / f"{name}.txt", plain(monthly(MONTHS[name]()))
    if os.environ.get("HOTSPOT_APPROVE"):
        file.write_text(said, encoding="utf-8")

    assert said == file.read_text(encoding="utf-8")


@each_month
def test_nothing_is_nan_none_or_a_half_filled_sentence(month: Callable[[], Issue]) -> None:
    said = plain(monthly(month()))

    assert re.findall(r"\b(nan|None|inf|True|False)\b|[{}]", said) == []


@each_month
def test_the_book_is_read_as_it_was_written(month: Callable[[], Issue]) -> None:
    whole = month().book

    assert book.read(book.written(whole)) == whole
    assert book.written(book.read(book.written(whole))) == book.written(whole)


@each_month
def test_every_file_of_a_month_is_made_and_made_the_same_again(month: Callable[[], Issue]) -> None:
    for write in (csv_file.write, json_file.write, pdf.write, xlsx_file.write, contractor_file.write):
        assert write(month()) == write(month()), write.__module__


def test_every_figure_has_its_name_unit_definition_and_doubt() -> None:
    about = writing.words()["metrics"]

    assert tuple(about) == NAMES or set(about) == set(NAMES)
    for name in NAMES:
        assert about[name]["unit"] in writing.UNITS
        assert all(about[name][word] for word in ("label", "definition", "doubt"))


def test_a_figure_that_lacks_says_why() -> None:
    values = months.nothing().book.total.values

    lacking = [name for name in NAMES if values[name] is None]
    assert "cost_per_device_day" in lacking
    assert all(writing.figure(name, None) == writing.words()["metrics"][name]["none"] for name in lacking)


def test_the_workbook_has_charts_and_numbers_that_are_numbers() -> None:
    with zipfile.ZipFile(io.BytesIO(xlsx_file.write(months.growth()))) as workbook:
        charts = [name for name in workbook.namelist() if name.startswith("xl/charts/chart")]
        sheet = ET.fromstring(workbook.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - our own file
    cells = {cell.get("r"): cell for cell in sheet.iter() if cell.tag.endswith("}c")}

    assert len(charts) == 2
    visits = cells[f"B{NAMES.index('visits') + 2}"]
    assert visits.get("t") is None
    assert int(visits[0].text or "") == 9300


def test_the_pack_of_a_site_proves_its_files() -> None:
    issue = months.growth()
    with zipfile.ZipFile(io.BytesIO(evidence.pack(issue, issue.book.sites[0]))) as pack:
        names = pack.namelist()
        rows = list(csv.DictReader(io.StringIO(pack.read("angka.csv").decode(), newline="")))
        figures = json.loads(pack.read("angka.json"))
        read_first = pack.read("BACA-DULU.txt").decode()

    assert {"laporan.pdf", "angka.csv", "harian.csv", "angka.json", "SHA256SUMS", "BACA-DULU.txt"} == {*names}
    assert [row["site"] for row in rows] == ["alun"]
    assert figures["figures"]["values"]["visits"] == int(rows[0]["visits"])
    assert issue.verify_url in read_first


def test_the_same_blocks_make_the_letter_of_one_site() -> None:
    issue = months.outage()
    letter = evidence.site_letter(issue, issue.book.sites[1])

    assert isinstance(letter, Document)
    assert "Kabel atau jalur putus | 1" in plain(letter)


@each_month
def test_the_figures_of_a_month_agree_with_each_other(month: Callable[[], Issue]) -> None:
    whole = month().book
    for name in (
        "sessions",
        "visits",
        "devices_daily_sum",
        "download_bytes",
        "login_refused",
        "complaints",
        "by_itself",
    ):
        assert whole.total.values[name] == sum(int(page.values[name] or 0) for page in whole.sites), name
    for page in (*whole.sites, whole.total):
        values = {name: value if isinstance(value, int) else 0 for name, value in page.values.items()}
        assert values["visits"] == sum(day.visits for day in page.days)
        assert values["login_refused"] == sum(number for _, number in page.refusals)
        assert values["portal_refused"] == sum(number for _, number in page.portal_refusals)
        assert values["complaints"] == sum(number for _, number in page.channels)
        assert values["complaints_on_time"] + values["complaints_late"] <= values["complaints"]
        assert values["new"] + values["returning"] == values["devices_month"]
        assert values["devices_month_least"] <= values["devices_month"]
