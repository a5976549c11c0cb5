"""The reports' pages: each month's files for those who may read figures, and for nobody else."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from hotspot.secret import Secret
from hotspot.sites import Sites
from hotspot.store import Store
from hotspot.tables import audit, frozen_months, nightly_runs, staff
from office.app import create_app
from office.roles import Role
from tests.conftest import FixedClock
from tests.integration.office import town

NOW = datetime(2026, 11, 24, 12, 30, tzinfo=UTC).timestamp()
PASSWORD = "kuda hijau baterai"
FILES = {
    "/reports/2026-10.csv": b"month,site,",
    "/reports/2026-10.json": b"{",
    "/reports/2026-10.pdf": b"%PDF",
    "/reports/2026-10.xlsx": b"PK",
    "/reports/2026-10/contractor.csv": b"month,link,",
    "/reports/2026-10/romansa-kuliner.zip": b"PK",
}


@pytest.fixture
def app(store: Store, sites: Sites) -> Flask:
    town.fill(store, sites, NOW)
    clock = FixedClock(NOW)
    return create_app(sites, store, Secret("k" * 32), clock=clock, wall=clock, passwords=town.QUICK)


def enter(app: Flask, store: Store, role: Role) -> FlaskClient:
    account = {"name": "rini", "password_hash": town.QUICK.hash(PASSWORD), "role": role.value, "created_at": 1}
    with store.writing() as connection:
        connection.execute(insert(staff), account)
    visitor = app.test_client()
    token = re.search(r'name="csrf" value="([^"]+)"', visitor.get("/login").text)
    assert token
    form = {"csrf": token[1], "name": "rini", "password": PASSWORD, "then": "/"}
    assert visitor.post("/login", data=form).status_code == 303
    return visitor


def test_a_reader_of_reports_sees_the_letter_and_takes_every_file(app: Flask, store: Store) -> None:
    reader = enter(app, store, Role.READER)

    assert "Laporan Bulanan Wi-Fi Gratis" in reader.get("/reports/2026-10").text
    assert "/reports/2026-10.pdf" in reader.get("/reports").text
    for path, begins in FILES.items():
        answer = reader.get(path)
        assert answer.status_code == 200, path
        assert answer.data.startswith(begins), path
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    with zipfile.ZipFile(io.BytesIO(reader.get("/reports/2026-10/romansa-kuliner.zip").data)) as pack:
        assert pack.testzip() is None


@pytest.mark.parametrize(
    "path", ["/reports/2026-13", "/reports/2027-01.pdf", "/reports/2026-10.doc", "/reports/2026-10/x.zip"]
)
def test_what_is_not_there_is_not_found(app: Flask, store: Store, path: str) -> None:
    assert enter(app, store, Role.READER).get(path).status_code == 404


@pytest.mark.parametrize("path", ["/reports", "/reports/2026-10", *FILES])
def test_an_opds_responder_and_a_stranger_get_nothing(app: Flask, store: Store, path: str) -> None:
    assert enter(app, store, Role.OPD).get(path).status_code == 403
    assert app.test_client().get(path).status_code == 302


def test_the_head_freezes_a_month_that_is_counted_and_nobody_can_again(app: Flask, store: Store) -> None:
    head = enter(app, store, Role.HEAD)
    path, form = "/reports/2026-10/freeze", {"csrf": token_of(head)}

    assert head.get("/reports").text.count(path) == 1
    assert "belum dihitung" in head.get(path).text
    assert "selamanya" not in head.get(path).text
    assert head.post(path, data=form).status_code == 409  # nobody has counted the devices of its last hours
    with store.writing() as connection:
        ran = {"step": "devices", "began_at": int(NOW) - 600, "finished_at": int(NOW) - 590, "outcome": "ok: noted"}
        connection.execute(insert(nightly_runs), ran)
    assert "Tidak dapat dibatalkan" in head.get(path).text
    assert head.post(path).status_code == 400  # without the form's own token
    assert head.post(path, data=form).location == "/reports/2026-10"

    with store.reading() as connection:
        kept = connection.execute(select(frozen_months)).one()
        [entry] = connection.execute(select(audit).where(audit.c.act == "report.freeze")).all()
    assert (entry.by, entry.subject, entry.detail) == ("rini", "2026-10", kept.sha256)
    assert kept.sha256 in head.get("/reports").text
    assert "sudah dibekukan" in head.get(path).text
    assert head.post(path, data=form).status_code == 409
    with store.reading() as connection:
        assert connection.execute(select(frozen_months)).one() == kept


@pytest.mark.parametrize(("month", "says"), [("2026-11", "masih berjalan"), ("2025-01", "tidak ada yang bisa")])
def test_a_month_that_goes_on_or_is_empty_is_not_frozen(app: Flask, store: Store, month: str, says: str) -> None:
    head = enter(app, store, Role.HEAD)

    assert says in head.get(f"/reports/{month}/freeze").text
    assert head.post(f"/reports/{month}/freeze", data={"csrf": token_of(head)}).status_code == 409


def token_of(visitor: FlaskClient) -> str:
    visitor.get("/reports")
    with visitor.session_transaction() as cookie:
        return str(cookie["csrf"])
