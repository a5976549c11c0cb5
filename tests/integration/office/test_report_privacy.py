"""Known MACs, numbers, addresses and names are planted; then everything that a month gives is searched for them."""

from __future__ import annotations

import base64
import io
import logging
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import insert

from hotspot import nightly
from hotspot.command import Settings
from hotspot.secret import Secret
from hotspot.sites import Sites
from hotspot.store import Store
from hotspot.tables import complaints, grants, ikm_answers, reservations, sessions
from office.app import create_app
from office.report import evidence, pdf
from office.report.document import Document, Paragraph
from office.report.everything import files, write_all
from office.report.publish import issue
from tests.conftest import ROOT, FixedClock
from tests.integration.office import town
from tests.rows import at, complaint, grant_of, reservation_of, session

MAC, NUMBER, ADDRESS, PERSON, USER = (
    "02aabbcc1234",
    "081298765432",
    "10.66.77.88",
    "sri.lestari@example.com",
    "gplanted",
)
WAYS = (
    MAC,
    MAC.upper(),
    ":".join(MAC[i : i + 2] for i in range(0, 12, 2)),
    "-".join(MAC[i : i + 2] for i in range(0, 12, 2)).upper(),
    NUMBER,
    "+62" + NUMBER[1:],
    "62" + NUMBER[1:],
    ADDRESS,
    PERSON,
    USER,
    "dev1ce" * 3 + "dd",
)
SITE, MONTH, NOW = "romansa-kuliner", "2026-11", "2026-11-20T20:00"


@pytest.fixture
def planted(store: Store, sites: Sites, tmp_path: Path) -> Store:
    """Somebody is online now, was here yesterday, and complained with everything about himself."""
    told = f"Nomor saya {NUMBER}, alamat {':'.join(MAC[i : i + 2] for i in range(0, 12, 2))}, {PERSON}"
    personal = {"mac": MAC, "address": ADDRESS, "user_name": USER, "device_day": "dev1ce" * 3 + "dd"}
    rows = [
        session(SITE, "2026-11-20T19:00", "2026-11-20T19:55", stopped_at=None, **personal),
        session(SITE, "2026-11-19T19:00", "2026-11-19T20:00", **personal),
    ]
    with store.writing() as connection:
        connection.execute(insert(sessions), rows)
        connection.execute(insert(grants), [grant_of(row) for row in rows])
        connection.execute(insert(reservations), [reservation_of(row) for row in rows])
        connection.execute(insert(complaints), complaint(SITE, "2026-11-20T10:00", text=told, contact=PERSON))
        answer = {"visit": USER, "site": SITE, "question": "3", "grade": 4, "given_at": at("2026-11-20T12:00")}
        connection.execute(insert(ikm_answers), answer)
    settings = Settings(
        ROOT / "sites.yaml", tmp_path, store.engine.url.render_as_string(hide_password=False), None, False, "info", {}
    )
    assert nightly.run(settings, sites, store, FixedClock(at(NOW))) == 0
    return store


def opened(name: str, content: bytes) -> Iterator[tuple[str, str]]:
    """Everything readable in a file: members of zips, streams of PDFs, and the bytes as they are."""
    yield name, content.decode("utf-8", "replace")
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                yield from opened(f"{name}/{member}", archive.read(member))
    if content.startswith(b"%PDF"):
        for number, stream in enumerate(re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL)):
            yield f"{name}/stream {number}", _unpacked(stream)


def _unpacked(stream: bytes) -> str:
    """ReportLab packs twice: deflate within ASCII 85."""
    packed = base64.a85decode(b"<~" + stream.strip(), adobe=True)
    return zlib.decompress(packed).decode("latin-1")


def search(found: Iterator[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, way) for name, text in found for way in WAYS if way in text]


def test_the_search_would_find_them() -> None:
    """A test that cannot fail proves nothing: in a PDF and in a zip a planted number is found."""
    letter = Document("t", "s", ("a", "b"), (), (Paragraph(NUMBER),), ("a", "b", "c", "d"))
    assert search(opened("x.pdf", pdf.draw(letter)))
    assert search(opened("x.zip", evidence.zipped({"a.txt": MAC.encode()})))


def test_no_file_of_a_month_holds_anything_personal(
    planted: Store, sites: Sites, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with planted.reading() as connection:
        made = issue(connection, sites, MONTH, at(NOW))
    said: list[str] = []
    write_all(made, tmp_path / "out", said.append)

    written = list((tmp_path / "out").iterdir())
    assert len(written) == len(list(files(made)))
    for file in written:
        assert search(opened(file.name, file.read_bytes())) == []
    assert search(iter([("progress", "\n".join(said)), ("log", caplog.text)])) == []


def test_no_public_answer_and_no_metric_holds_anything_personal(planted: Store, sites: Sites) -> None:
    clock = FixedClock(at(NOW))
    app: Flask = create_app(sites, planted, Secret("k" * 32), clock=clock, wall=clock, passwords=town.QUICK, ops_port=1)
    visitor = app.test_client()
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("open_data.") and not rule.arguments:
            answer = visitor.get(rule.rule)
            assert answer.status_code == 200
            assert search(opened(rule.rule, answer.data)) == []
    for path in (
        "/api/v1/usage?by=day",
        "/api/v1/usage?by=month",
        "/verify/2026-11",
        "/api/v1/open-data/metadata.json",
    ):
        assert search(opened(path, visitor.get(path).data)) == []
    metrics = visitor.get("/metrics", environ_overrides={"SERVER_PORT": "1"})
    assert metrics.status_code == 200
    assert search(opened("metrics", metrics.data)) == []
