"""Every page of the console through Flask's client: closed to strangers, true in its numbers, silent about persons."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from hotspot.secret import Secret
from hotspot.sites import Sites
from hotspot.store import Store
from hotspot.tables import complaints, incidents, states
from office import accounts, staff_sessions
from office.app import create_app
from office.roles import is_public
from office.staff_sessions import LASTS
from tests.conftest import FixedClock, as_service
from tests.integration.office import town

NOW = datetime(2026, 11, 24, 12, 30, tzinfo=UTC).timestamp()  # 19.30 in Purworejo
PASSWORD = "kuda hijau baterai"
PAGES = ["/", "/sites/alun-alun-besar", "/incidents", "/complaints", "/reports", "/reports/2026-11.csv"]
MORE = [
    *("/wall", "/fibre", "/incidents/1", "/maintenance", "/complaints/2", "/complaints/new", "/sessions", "/vouchers"),
    *("/sessions/2", "/nases", "/policies", "/calendar", "/users", "/audit", "/me", "/answers", "/answers.rss"),
]


@pytest.fixture(scope="module")
def password_hash() -> str:
    return town.QUICK.hash(PASSWORD)


@pytest.fixture
def wall() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def app(store: Store, sites: Sites, wall: FixedClock, password_hash: str) -> Flask:
    with store.writing() as connection:
        accounts.create(connection, "ani", password_hash, NOW)
    return create_app(sites, store, Secret("k" * 32), clock=FixedClock(NOW), wall=wall, passwords=town.QUICK)


@pytest.fixture
def full(app: Flask, store: Store, sites: Sites) -> Flask:
    town.fill(store, sites, NOW)
    return app


@pytest.fixture
def stranger(app: Flask) -> Iterator[FlaskClient]:
    with app.test_client() as client:
        yield client


@pytest.fixture
def ani(app: Flask) -> Iterator[FlaskClient]:
    with app.test_client() as client:
        assert log_in(client).status_code == 303
        yield client


def log_in(client: FlaskClient, password: str = PASSWORD, then: str = "/", name: str = "ani") -> TestResponse:
    form = {"csrf": token(client, "/login"), "name": name, "password": password, "then": then}
    return client.post("/login", data=form)


def token(client: FlaskClient, page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', client.get(page).text)
    assert found, f"{page} has no form"
    return found[1]


def words(page: str) -> str:
    """A page's text without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL))


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_is_sent_to_the_login_and_comes_back_to_the_page(stranger: FlaskClient, page: str) -> None:
    answer = stranger.get(page)

    assert answer.status_code == 302
    assert answer.location == f"/login?then={page}"
    assert log_in(stranger, then=page).location == page


def test_a_stranger_cannot_answer_a_complaint(full: Flask, stranger: FlaskClient, store: Store) -> None:
    form = {"csrf": token(stranger, "/login"), "answer": "Saya bukan petugas sama sekali."}

    assert stranger.post("/complaints/1/answer", data=form).status_code == 401
    with store.reading() as connection:
        assert connection.execute(select(complaints.c.answer).where(complaints.c.id == 1)).scalar_one() is None


def test_every_page_but_the_login_and_open_data_is_closed(app: Flask, stranger: FlaskClient) -> None:
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not is_public(rule.endpoint):
            path = re.sub(r"<[^>]+>", "1", rule.rule)
            assert stranger.get(path).status_code == 302, rule.rule


def test_a_wrong_password_and_a_wrong_name_get_the_same_answer(stranger: FlaskClient) -> None:
    wrong = log_in(stranger, password="kuda hijau bateraI")
    unknown = log_in(stranger, name="budi")

    assert wrong.status_code == unknown.status_code == 401
    assert words(wrong.text).replace("ani", "budi") == words(unknown.text).replace("ani", "budi")
    assert "tidak cocok" in wrong.text


def test_after_five_wrong_passwords_the_right_one_waits_too(stranger: FlaskClient, wall: FixedClock) -> None:
    for _ in range(5):
        assert log_in(stranger, password="not the password").status_code == 401

    refused = log_in(stranger)
    assert refused.status_code == 429
    assert "Coba lagi dalam 15 menit" in refused.text
    wall.at += 15 * 60
    assert log_in(stranger).status_code == 303


def test_the_cookie_is_kept_from_scripts_other_sites_and_plain_http(app: Flask) -> None:
    app.config["PREFERRED_URL_SCHEME"] = "https"
    with app.test_client() as client:
        cookie = log_in(client).headers["Set-Cookie"]

    assert re.search(r"office=.*; Secure; HttpOnly; Path=/; SameSite=Strict", cookie)


def test_a_form_without_the_pages_token_is_refused(ani: FlaskClient) -> None:
    assert ani.post("/logout").status_code == 400
    assert ani.get("/").status_code == 200


def test_logging_out_ends_the_login(ani: FlaskClient) -> None:
    answer = ani.post("/logout", data={"csrf": token(ani, "/")})

    assert answer.status_code == 303
    assert ani.get("/").status_code == 302


def test_a_login_ends_after_twelve_hours_though_the_page_renews_itself(ani: FlaskClient, wall: FixedClock) -> None:
    for _ in range(11):
        wall.at += LASTS / 12
        assert ani.get("/").status_code == 200
    wall.at += LASTS / 12

    assert ani.get("/").status_code == 302


def test_a_disabled_account_loses_its_login_at_once(ani: FlaskClient, store: Store) -> None:
    with store.writing() as connection:
        accounts.disable(connection, "ani", NOW)

    assert ani.get("/").status_code == 302
    assert log_in(ani).status_code == 401


def test_a_changed_password_ends_the_login(ani: FlaskClient, store: Store) -> None:
    with store.writing() as connection:
        accounts.set_password(connection, "ani", "$argon2id$another")
        staff_sessions.end_all(connection, "ani", NOW)

    assert ani.get("/").status_code == 302


def test_the_summary_shows_the_five_numbers(full: Flask, ani: FlaskClient, sites: Sites) -> None:
    text = words(ani.get("/").text)

    clients = sum(town.online(sites).values())
    assert f"Daring sekarang semua baik: {clients} klien di 6 lokasi" in text
    assert f"{clients} sesi hari ini" in text
    assert re.search("Gangguan berlangsung . perlu tindakan: 1 ", text)
    assert "perangkat hidup: 20 dari 33, tautan: 5 dari 11" in text
    assert "Aduan menunggu ! perlu diperhatikan: 2 sisa 2 jam" in text
    assert re.search(r"Pemakaian saluran, satu jam terakhir semua baik: \d+% [\d,]+ [kM]bit/s tersibuk: ", text)
    assert "Dari halaman masuk sampai internet semua baik: 31 dtk 95 dari 100" in text
    assert "10 dari 16 aktif" in text


def test_a_cut_link_is_one_incident_with_what_it_darkens(full: Flask, ani: FlaskClient) -> None:
    text = words(ani.get("/").text)

    assert text.count("Tautan putus") == 1
    assert "Tautan putus: Purworejo - Kutoarjo Pendopo Wakil Bupati, Kutoarjo, Alun-alun Kutoarjo; 13 perangkat" in text


def test_states_are_said_in_words_and_shapes_and_not_by_colour_alone(full: Flask, ani: FlaskClient) -> None:
    page = ani.get("/").text

    for word, shape in (("ikut terputus", "M0 -13L13 0"), ("lemah", "M0 -12L12 9"), ("dibangun", "M-8 4A8 8")):
        assert word in words(page)
        assert shape in page
    assert "<title" in page
    assert "<desc" in page


def test_the_summary_renews_itself_until_it_is_told_not_to(ani: FlaskClient) -> None:
    assert '<noscript><meta http-equiv="refresh" content="30;url=/?auto=1"></noscript>' in ani.get("/").text
    assert 'http-equiv="refresh"' not in ani.get("/?still=1").text


def test_an_empty_town_says_what_to_check(ani: FlaskClient) -> None:
    assert "hotspot-monitor --check" in ani.get("/").text
    assert "hotspot nightly" in ani.get("/sites/pendopo-bupati").text
    assert "hotspot nightly" in ani.get("/reports").text
    assert "Tidak ada yang menunggu" in ani.get("/complaints").text


def test_a_site_shows_now_its_hours_its_days_and_its_incidents(full: Flask, ani: FlaskClient, sites: Sites) -> None:
    text = words(ani.get("/sites/alun-alun-kutoarjo").text)

    assert f"Daring sekarang {town.online(sites)['alun-alun-kutoarjo']} / 150" in text
    assert "ikut terputus" in text
    assert "Senin, 23 Nov" in text
    assert "gw-alun-alun-kutoarjo gateway" in text
    assert "Tautan putus: Purworejo - Kutoarjo" in text


def test_a_site_that_is_not_there_is_not_found(ani: FlaskClient) -> None:
    assert ani.get("/sites/nowhere").status_code == 404


def test_incidents_are_listed_open_and_ended(full: Flask, ani: FlaskClient, store: Store) -> None:
    assert "Tautan putus: Purworejo - Bayan" in words(ani.get("/incidents").text)

    with store.writing() as connection:
        connection.execute(update(incidents).values(closed_at=int(NOW) - 40 * 86400))
    assert "Tautan putus" not in words(ani.get("/incidents").text)


def test_complaints_are_ordered_by_the_time_left(full: Flask, ani: FlaskClient) -> None:
    text = words(ani.get("/complaints").text)

    assert text.index("sisa 2 jam") < text.index("sisa 45 jam") < text.index("Sudah kami perbaiki")
    assert "100% tepat waktu" in text


def test_an_answer_is_saved_once_with_who_gave_it(full: Flask, ani: FlaskClient, store: Store) -> None:
    form = {"csrf": token(ani, "/complaints"), "answer": "Titik akses sudah\r\nkami geser ke timur."}
    first = ani.post("/complaints/2/answer", data=form)
    second = ani.post("/complaints/2/answer", data=form | {"answer": "Jawaban kedua yang terlambat."})

    assert (first.status_code, second.status_code) == (303, 409)
    assert "sudah dijawab orang lain" in second.text
    with store.reading() as connection:
        row = connection.execute(select(complaints).where(complaints.c.id == 2)).one()
    assert (row.answer, row.answered_by, row.answered_at) == (
        "Titik akses sudah kami geser ke timur.",
        "ani",
        int(NOW),
    )


def test_too_short_an_answer_comes_back_with_what_was_written(full: Flask, ani: FlaskClient) -> None:
    answer = ani.post("/complaints/1/answer", data={"csrf": token(ani, "/complaints"), "answer": "ok <b>"})

    assert answer.status_code == 422
    assert "ok &lt;b&gt;</textarea>" in answer.text
    assert "Tulis antara 10 dan 2.000 huruf" in answer.text


def test_an_answer_to_no_complaint_is_not_found(ani: FlaskClient) -> None:
    form = {"csrf": token(ani, "/"), "answer": "Tidak ada aduan ini."}

    assert ani.post("/complaints/99/answer", data=form).status_code == 404


@pytest.mark.parametrize("page", [*PAGES, *MORE, "/api/v1/sites", "/api/v1/status", "/api/v1/usage"])
def test_no_page_shows_who_anybody_is(full: Flask, ani: FlaskClient, page: str) -> None:
    text = ani.get(page).text.lower()

    spelled = ":".join(town.MAC[i : i + 2] for i in range(0, 12, 2))
    for secret in (town.MAC, spelled, town.ADDRESS, town.SESSION_ID, town.CONTACT, "081234567890"):
        assert secret not in text, secret


def test_a_month_is_the_file_that_the_report_command_prints(full: Flask, ani: FlaskClient) -> None:
    answer = ani.get("/reports/2026-11.csv")

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="wifi-2026-11.csv"'
    header, first, *_ = answer.text.split("\r\n")
    assert header.startswith("month,site,site_name,kecamatan,sessions,visits,devices_daily_sum")
    assert first.startswith("2026-11,romansa-kuliner,Romansa Kuliner Purworejo")
    assert "/reports/2026-11.csv" in ani.get("/reports").text


@pytest.mark.parametrize("month", ["2026-13", "2026-12", "nonsense", "1999-01"])
def test_a_month_that_is_none_or_has_not_begun_is_not_found(ani: FlaskClient, month: str) -> None:
    assert ani.get(f"/reports/{month}.csv").status_code == 404


@pytest.mark.parametrize(("language", "word"), [("id", "Ringkasan"), ("en", "Summary"), ("jv", "Ringkesan")])
def test_the_pages_speak_each_language_and_remember_it(ani: FlaskClient, language: str, word: str) -> None:
    ani.get(f"/?lang={language}")

    page = ani.get("/").text
    assert f'<html lang="{language}">' in page
    assert word in page


def test_every_page_and_the_login_need_no_more_than_the_offices_own_role(
    either_store: Store, sites: Sites, password_hash: str
) -> None:
    town.fill(either_store, sites, NOW)
    with either_store.writing() as connection:
        accounts.create(connection, "ani", password_hash, NOW)
    clock = FixedClock(NOW)
    own = as_service(either_store, "office")
    app = create_app(sites, own, Secret("k" * 32), clock=clock, wall=clock, passwords=town.QUICK)
    with app.test_client() as client:
        assert log_in(client).status_code == 303
        for page in (*PAGES, *MORE, "/api/v1/status", "/api/v1/usage", "/api/v1/usage?by=month"):
            assert client.get(page).status_code == 200, page
        form = {"csrf": token(client, "/complaints"), "answer": "Titik akses sudah kami geser."}
        assert client.post("/complaints/1/answer", data=form).status_code == 303
    own.close()


def test_when_the_database_is_away_the_page_says_so(app: Flask, ani: FlaskClient, store: Store) -> None:
    with store.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE staff RENAME TO elsewhere")

    answer = ani.get("/")

    assert answer.status_code == 503
    assert "Retry-After" in answer.headers


def test_a_distance_measured_at_a_cut_is_told_by_the_joints_of_its_line(
    full: Flask, store: Store, ani: FlaskClient
) -> None:
    light = {"light": {"core-kutoarjo": {"drop": 2.4, "days_left": 31, "bent": ["2026-11-20", -1.2]}}}
    with store.writing() as connection:
        here = (states.c.kind == "link", states.c.subject == town.CUT)
        connection.execute(update(states).where(*here).values(detail=json.dumps(light)))
    page = words(ani.get(f"/fibre?link={town.CUT}&km=5").text)

    assert "Antara JC-1 (3,1 km) dan JC-2 (6,4 km)." in page
    assert "sekitar 31 hari lagi" in page
    assert "Jarak itu tidak ada pada jalur ini." in words(ani.get(f"/fibre?link={town.CUT}&km=99").text)
    assert ani.get("/fibre?link=gone&km=much").status_code == 200
