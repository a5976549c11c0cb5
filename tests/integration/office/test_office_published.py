"""What anybody gets: an API that keeps its description, a package of closed months, and the check of a report."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import subprocess
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema
import pytest
import schemathesis
from flask import Flask
from hypothesis import given, settings
from hypothesis.strategies import SearchStrategy
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance
from sqlalchemy import insert

from hotspot.command import OperatorError
from hotspot.secret import Secret
from hotspot.sites import Sites
from hotspot.store import Store
from hotspot.tables import frozen_months, site_months, town_months, usage_hours
from office.app import create_app
from office.report import csv_file, json_file, pdf
from office.report.bind import bind
from office.report.book import written
from office.report.document import Document
from office.report.publish import issue, letterhead
from tests.conftest import FixedClock
from tests.integration.office import town
from tests.peers.process import program

NOW = datetime(2026, 12, 3, 12, 30, tzinfo=UTC).timestamp()
MONTH = "2026-11"


@pytest.fixture
def app(store: Store, sites: Sites) -> Flask:
    town.fill(store, sites, NOW)
    clock = FixedClock(NOW)
    return create_app(sites, store, Secret("k" * 32), clock=clock, wall=clock, passwords=town.QUICK)


def closed(store: Store, sites: Sites) -> str:
    """November, frozen: the museum had four devices, all others hundreds."""
    devices = {site.id: 4 if site.id == "museum-tosan-aji" else 400 for site in sites.sites}
    rows = [{"site": s, "month": MONTH, "devices": n, "seen_again": n // 3, "rolled_at": 1} for s, n in devices.items()]
    with store.writing() as connection:
        connection.execute(insert(site_months), rows)
        whole = {"month": MONTH, "devices": 2004, "seen_again": 600, "across": 20, "rolled_at": 1}
        connection.execute(insert(town_months), whole)
        figures = written(bind(connection, sites, MONTH, int(NOW)))
        row = {
            "month": MONTH,
            "figures": figures,
            "sha256": hashlib.sha256(figures.encode()).hexdigest(),
            "frozen_at": int(NOW),
        }
        connection.execute(insert(frozen_months), row)
    return str(row["sha256"])


def test_the_api_answers_as_its_description_says(app: Flask) -> None:
    """Questions right and wrong, made up from the description.

    Left out is only that every question of the right form is answered: from must not be later than to, which no schema
    can say.
    """
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        ask(found.ok().as_strategy())


def ask(cases: SearchStrategy[Any]) -> None:
    @given(case=cases)
    @settings(max_examples=30, deadline=None, derandomize=True, database=None)
    def asked(case: Any) -> None:
        case.call_and_validate(excluded_checks=[positive_data_acceptance])

    asked()


def test_an_answer_is_sent_again_only_when_it_changed(app: Flask) -> None:
    for path in ("/api/v1/sites", "/api/v1/openapi.json", "/api/v1/open-data.zip"):
        first = app.test_client().get(path)
        again = app.test_client().get(path, headers={"If-None-Match": first.headers["ETag"]})

        assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
        assert first.headers["Access-Control-Allow-Origin"] == "*"


def test_the_package_holds_closed_months_without_the_few(app: Flask, store: Store, sites: Sites) -> None:
    closed(store, sites)
    with zipfile.ZipFile(io.BytesIO(app.test_client().get("/api/v1/open-data.zip").data)) as package:
        usage = list(csv.DictReader(io.StringIO(package.read("penggunaan_wifi_bulanan.csv").decode(), newline="")))
        points = json.loads(package.read("lokasi_wifi.geojson"))
        about = json.loads(package.read("metadata.json"))
        known = {row["column"] for row in csv.DictReader(io.StringIO(package.read("kamus_data.csv").decode()))}

    rows = {row["site"]: row for row in usage}
    hidden = [site for site, row in rows.items() if row["suppressed"] == "1"]
    assert "museum-tosan-aji" in hidden
    assert len(hidden) == 3  # it, another for company, and the total, which is that of the shown sites
    shown = [int(row["download_bytes"]) for site, row in rows.items() if site != "all" and row["download_bytes"]]
    assert int(rows["all"]["download_bytes"]) == sum(shown)
    assert {row["days_left_out"] for site, row in rows.items() if site not in hidden} == {"1"}  # the last day had four
    assert rows["museum-tosan-aji"]["visits"] == rows["museum-tosan-aji"]["download_bytes"] == ""
    assert all(int(row["visits"]) % 5 == 0 for row in usage if row["visits"])
    assert {*usage[0]} <= known
    assert len(points["features"]) == len(sites.sites)
    assert about["periode"] == {"dari": MONTH, "sampai": MONTH}
    assert about["contoh"] is True


def test_the_qr_code_leads_to_the_frozen_figures(app: Flask, store: Store, sites: Sites) -> None:
    sha256 = closed(store, sites)
    visitor = app.test_client()

    good = visitor.get(f"/verify/{MONTH}/{sha256}")
    assert good.status_code == 200
    assert sha256 in good.text
    assert "Perangkat-hari" in good.text
    assert "tidak ada laporan terlambat" in good.text
    late = {"site": "romansa-kuliner", "nas": "gw-romansa-kuliner", "hour": int(NOW) // 3600 * 3600, "corrects": MONTH}
    with store.writing() as connection:
        connection.execute(insert(usage_hours), late | {"input_octets": 10**9, "output_octets": 10**9})
    assert "0 sesi dan 2,00 GB data" in visitor.get(f"/verify/{MONTH}/{sha256}").text
    assert visitor.get(f"/verify/{MONTH}/{'0' * 64}").status_code == 404
    assert "Perangkat-hari" not in visitor.get(f"/verify/{MONTH}/{'0' * 64}").text
    without_paper = visitor.get(f"/verify/{MONTH}")
    assert without_paper.status_code == 200
    assert sha256 not in without_paper.text
    assert "Perangkat-hari" not in without_paper.text
    assert visitor.get("/verify/2026-10").status_code == 404
    assert visitor.get("/verify/xx").status_code == 404


def test_a_phone_reads_the_printed_code_and_opens_the_check(
    app: Flask, store: Store, sites: Sites, tmp_path: Path
) -> None:
    """The letter as a picture, as a scanner of paper would see it."""
    sha256 = closed(store, sites)
    with store.reading() as connection:
        letter = pdf.write(issue(connection, sites, MONTH, int(NOW)))
    (tmp_path / "letter.pdf").write_bytes(letter)
    picture = [program("pdftoppm", "poppler-utils"), "-r", "150", "-gray", "-png"]
    subprocess.run([*picture, tmp_path / "letter.pdf", tmp_path / "page"], check=True, timeout=120)
    pages = sorted(tmp_path.glob("page-*.png"))
    read = [program("zbarimg", "zbar-tools"), "--raw", "--quiet", "-Sdisable", "-Sqrcode.enable", *map(str, pages)]
    said = subprocess.run(read, capture_output=True, text=True, check=False, timeout=120).stdout.split()

    assert len(said) == 1
    address = urlsplit(said[0])
    assert f"{address.scheme}://{address.netloc}" == sites.office.public_url
    shown = app.test_client().get(address.path)
    assert (shown.status_code, sha256 in shown.text) == (200, True)


def test_the_letter_has_the_emblem_that_sites_yaml_names(sites: Sites, tmp_path: Path) -> None:
    def arms(path: Path) -> Sites:
        letter = sites.office.letter
        assert letter is not None
        office = sites.office.model_copy(update={"letter": letter.model_copy(update={"emblem": str(path)})})
        return sites.model_copy(update={"office": office})

    file, text = tmp_path / "arms.png", tmp_path / "arms.txt"
    file.write_bytes(PIXEL)
    text.write_text("no picture")
    head = letterhead(arms(file))
    page = Document("t", "s", ("a", "b"), (), (), ("a", "b", "c", "d"))

    assert pdf.draw(replace(page, emblem=head.emblem)).count(b"/Subtype /Image") > 0
    assert pdf.draw(page).count(b"/Subtype /Image") == 0
    with pytest.raises(OperatorError, match=r"arms\.txt: it is no PNG or JPEG file"):
        letterhead(arms(text))
    with pytest.raises(OperatorError, match=r"none\.png: No such file or directory; name a PNG or JPEG file"):
        letterhead(arms(tmp_path / "none.png"))


PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def test_the_json_of_a_month_keeps_its_schema_and_the_csv_is_read_back_as_it_was(store: Store, sites: Sites) -> None:
    town.fill(store, sites, NOW)
    with store.reading() as connection:
        made = issue(connection, sites, MONTH, int(NOW))
    content = json.loads(json_file.write(made))

    jsonschema.validate(content, json.loads(json_file.schema()))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content | {"figures": {}}, json.loads(json_file.schema()))
    odd = (("a", 'says "no", and\r\nleaves'), ("ü", None), (" x ", 1.5))
    text = csv_file.table(("one", "two"), odd).decode()
    assert list(csv.reader(io.StringIO(text, newline=""))) == [
        ["one", "two"],
        ["a", 'says "no", and\r\nleaves'],
        ["ü", ""],
        [" x ", "1.50"],
    ]
