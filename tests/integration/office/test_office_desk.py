"""What staff do at the console, on both databases under the office's own role, and what the audit log says of it."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import segno
from flask.testing import FlaskClient
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import DBAPIError
from werkzeug.test import TestResponse

from hotspot import vouchers as code
from hotspot.secret import Secret
from hotspot.sites import Sites
from hotspot.store import Store
from hotspot.tables import audit as audit_table
from hotspot.tables import blocks, calendar, diagnoses, maintenances, sessions, staff, vouchers, wishes
from office import accounts, audit, staff_sessions, totp
from office.app import create_app
from office.chain import Entry
from office.gather import complaints as gathered
from office.outside import Outside
from office.roles import Role
from tests.conftest import FixedClock, as_service
from tests.integration.office import town

NOW = datetime(2026, 11, 24, 12, 30, tzinfo=UTC).timestamp()
PASSWORD = "kuda hijau baterai"
KEY = Secret("v" * 32)
CSRF = "the-forms-own-token"
MIKHMON = """Username,Password,Profile,Time Limit,Data Limit,Comment
vc8812,vc8812,1HARI,1d,,up-221-11.24.26-,pasar
vc8813,vc8813,1HARI,1d,,up-221-11.24.26-
budi,rahasia,1HARI,1d,,anggota
vc9001,vc9001,2JAM,02:00:00,1073741824,
"""


@pytest.fixture(scope="module")
def password_hash() -> str:
    return town.QUICK.hash(PASSWORD)


@pytest.fixture
def office(either_store: Store, sites: Sites, password_hash: str) -> Iterator[Store]:
    town.fill(either_store, sites, NOW)
    with either_store.writing() as connection:
        accounts.create(connection, "ani", password_hash, NOW)
        connection.execute(update(sessions).where(sessions.c.id <= 3).values(client="c" * 32, way="tap"))
    own = as_service(either_store, "office")
    yield own
    own.close()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def ani(office: Store, sites: Sites, clock: FixedClock) -> FlaskClient:
    outside = Outside(voucher_key=KEY)
    app = create_app(sites, office, Secret("k" * 32), clock=clock, wall=clock, passwords=town.QUICK, outside=outside)
    client = app.test_client()
    with office.writing() as connection:
        token = staff_sessions.begin(connection, "ani", NOW)
    with client.session_transaction() as cookie:
        cookie.update(token=token, csrf=CSRF)
    return client


def post(client: FlaskClient, path: str, **form: object) -> TestResponse:
    return client.post(path, data={"csrf": CSRF, **form})


def acts(office: Store) -> list[str]:
    with office.reading() as connection:
        return [one.entry.act for one in reversed(audit.latest(connection))]


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL))


def test_a_visitor_is_found_by_mac_helped_and_blocked(ani: FlaskClient, office: Store) -> None:
    found = post(ani, "/sessions", what="mac", value="A2-B3-C4-D5-E6-F7")
    assert "a2:b3:c4:**:**:**" in found.text
    assert "a2:b3:c4:d5" not in found.text.lower()

    post(ani, "/sessions/2/end")
    post(ani, "/sessions/3/block", reason="mengganggu orang lain", until="week")
    with office.reading() as connection:
        asked = connection.execute(select(wishes.c.session, wishes.c.act, wishes.c.reason)).all()
        block = connection.execute(select(blocks)).one()
    assert (2, "end", "staff") in [tuple(row) for row in asked]
    assert {row.session for row in asked if row.reason == "blocked"} >= {1, 3}
    assert (block.client, block.kind, block.until) == ("c" * 32, "client", int(NOW) + 7 * 86400)

    assert "mengganggu orang lain" in ani.get("/sessions").text
    post(ani, f"/blocks/{block.id}/lift")
    assert "mengganggu orang lain" not in ani.get("/sessions").text
    assert acts(office) == ["session.search", "session.end", "block.add", "block.lift"]


def test_what_is_searched_for_is_in_no_log(ani: FlaskClient, office: Store) -> None:
    post(ani, "/sessions", what="mac", value="a2:b3:c4:d5:e6:f7")

    with office.reading() as connection:
        entry = audit.latest(connection)[0].entry
    assert (entry.act, entry.subject, entry.detail) == ("session.search", "mac", "")


def test_a_batch_of_vouchers_is_made_printed_found_and_revoked(ani: FlaskClient, office: Store) -> None:
    form = {"label": "Hari Jadi", "number": 12, "from": "2026-11-24T19:00", "until": "2026-12-01T00:00", "hours": "1,5"}
    made = post(ani, "/vouchers", **form)
    sheet = ani.get(f"{made.location}/sheet").text
    printed = re.findall(r'<p class="voucher-code">([\d ]+)</p>', sheet)
    assert len(set(printed)) == 12
    assert sheet.count("<svg") >= 12
    links = (code.link("http://127.0.0.1:8080", code.normal(one)) for one in printed)
    drawn = [
        segno.make(link, error="m").svg_inline(border=4, dark="#000", light="#fff", omitsize=True) for link in links
    ]
    assert all(one in sheet for one in drawn)

    with office.reading() as connection:
        hashes = set(connection.execute(select(vouchers.c.hash)).scalars())
        everything = " ".join(str(row) for row in connection.execute(select(vouchers)))
    assert {code.hash_of(KEY, one) for one in printed} == hashes
    assert not any(one.replace(" ", "") in everything for one in printed)

    assert "Voucer 5 dari kelompok 1" in post(ani, "/sessions", what="voucher", value=printed[4]).text
    post(ani, f"{made.location}/revoke", serial=5)
    post(ani, f"{made.location}/revoke")
    assert "dicabut" in ani.get(made.location).text
    assert acts(office)[-2:] == ["vouchers.revoke", "vouchers.revoke"]


def test_vouchers_of_mikhmon_are_taken_over_and_the_rest_is_named(ani: FlaskClient, office: Store) -> None:
    answer = post(ani, "/vouchers/import", text=MIKHMON, until="2026-12-31T00:00")

    assert "3 voucer diambil alih" in answer.text
    assert "4 (nama dan kata sandi berbeda)" in words(answer.text)
    with office.reading() as connection:
        known = set(connection.execute(select(vouchers.c.hash)).scalars())
    assert {code.hash_of(KEY, one) for one in ("vc8812", "VC8813", "vc9001")} == known
    assert (
        post(ani, "/vouchers/import", text=MIKHMON, until="2026-12-31T00:00").text.count("0 voucer diambil alih") == 1
    )


def test_work_and_events_are_planned_and_called_off(ani: FlaskClient, office: Store) -> None:
    times = {"from": "2026-11-24T20:00", "until": "2026-11-24T23:00"}
    assert post(ani, "/maintenance", subject="link:bruno", reason="ganti konektor", **times).status_code == 303
    assert post(ani, "/maintenance", subject="link:nowhere", reason="x", **times).status_code == 422
    assert post(ani, "/calendar", label="Konser", site="alun-alun-besar", doors="open", **times).status_code == 303
    assert post(ani, "/calendar", label="Konser", policy="none", **times).status_code == 422
    post(ani, "/maintenance/1/cancel")
    post(ani, "/calendar/1/remove")

    with office.reading() as connection:
        work, event = connection.execute(select(maintenances)).one(), connection.execute(select(calendar)).one()
    assert (work.kind, work.subject, work.cancelled_at) == ("link", "bruno", int(NOW))
    assert (event.doors, event.site, event.cancelled_at) == ("open", "alun-alun-besar", int(NOW))


def test_an_incident_gets_its_story_and_a_text_to_send(ani: FlaskClient) -> None:
    post(ani, "/incidents/1/acknowledge")
    post(ani, "/incidents/1/assign", to="ani")
    post(ani, "/incidents/1/note", text="Tim menuju jembatan.")
    page = words(ani.get("/incidents/1").text)

    for said in (
        "sudah melihat",
        "menyerahkan kepada ani",
        "Tim menuju jembatan.",
        "*Tautan putus: Purworejo - Kutoarjo*",
    ):
        assert said in page
    assert "ditangani ani" in words(ani.get("/incidents").text)
    assert post(ani, "/incidents/1/assign", to="nobody").status_code == 400


def test_two_admins_always_stay(ani: FlaskClient, office: Store) -> None:
    for act in ("disable", "role"):
        assert post(ani, "/users/ani", act=act, role="report-reader").status_code == 409
    for name in ("budi", "citra"):
        assert post(ani, "/users", name=name, role="network-admin").status_code == 201

    assert post(ani, "/users/citra", act="role", role="opd-responder", opd="rsud").status_code == 303
    with office.reading() as connection:
        assert connection.execute(select(staff.c.role, staff.c.opd).where(staff.c.name == "citra")).one() == (
            Role.OPD.value,
            "rsud",
        )
    assert post(ani, "/users/budi", act="disable").status_code == 409


def test_a_new_account_enters_with_its_first_password_and_a_changed_role_ends_its_logins(
    ani: FlaskClient, office: Store
) -> None:
    made = post(ani, "/users", name="dewi", role="report-reader").text
    password = re.search(r"<code>([0-9a-f-]{19})</code>", made)
    assert password
    dewi = ani.application.test_client()
    with dewi.session_transaction() as cookie:
        cookie["csrf"] = CSRF
    assert post(dewi, "/login", name="dewi", password=password[1]).status_code == 303
    assert dewi.get("/reports").status_code == 200

    post(ani, "/users/dewi", act="role", role="complaints-operator")
    assert dewi.get("/complaints").status_code == 302


def test_the_second_factor_is_set_up_asked_for_and_good_once(
    ani: FlaskClient, office: Store, clock: FixedClock
) -> None:
    post(ani, "/me/second-factor")
    spelled = re.search(r"<code>([A-Z2-7]{32})</code>", ani.get("/me").text)
    assert spelled
    secret = base64.b32decode(spelled[1])
    assert post(ani, "/me/second-factor/confirm", code="000000").status_code == 422
    assert post(ani, "/me/second-factor/confirm", code=totp.code(secret, totp.step(NOW))).status_code == 303
    with office.reading() as connection:
        stored = connection.execute(select(staff.c.totp_secret)).scalar_one()
    assert spelled[1] not in stored

    clock.at += 60
    again = ani.application.test_client()
    with again.session_transaction() as cookie:
        cookie["csrf"] = CSRF
    assert post(again, "/login", name="ani", password=PASSWORD).location == "/login/code"
    assert again.get("/").status_code == 302
    right = totp.code(secret, totp.step(clock.at))
    assert post(again, "/login/code", code="123456").status_code == 401
    assert post(again, "/login/code", code=right).status_code == 303
    assert again.get("/").status_code == 200

    thief = ani.application.test_client()
    with thief.session_transaction() as cookie:
        cookie["csrf"] = CSRF
    post(thief, "/login", name="ani", password=PASSWORD)
    assert post(thief, "/login/code", code=right).status_code == 401


def test_a_new_password_ends_the_other_logins_and_not_this_one(ani: FlaskClient, office: Store) -> None:
    with office.writing() as connection:
        other = staff_sessions.begin(connection, "ani", NOW)
    assert post(ani, "/me/password", password="wrong", new="empat kata yang baru").status_code == 422
    assert post(ani, "/me/password", password=PASSWORD, new="empat kata yang baru").status_code == 303

    assert ani.get("/").status_code == 200
    with office.reading() as connection:
        found = staff_sessions.find(connection, other)
    assert found is not None
    assert found.ended_at is not None


def test_the_audit_log_is_only_appended_to_and_shows_what_was_changed(
    ani: FlaskClient, office: Store, either_store: Store
) -> None:
    for number in range(5):
        with office.writing() as connection:
            audit.write(connection, Entry(int(NOW), "ani", "test", str(number)))
    assert "5 catatan, rantainya utuh" in ani.get("/audit").text

    if not office.is_sqlite:  # the office's own role cannot even try
        with pytest.raises(DBAPIError), office.writing() as connection:
            connection.execute(update(audit_table).values(by="somebody"))
    with either_store.writing() as connection:
        connection.execute(update(audit_table).where(audit_table.c.subject == "2").values(by="somebody"))
    assert "entry 3 was changed" in ani.get("/audit").text
    with either_store.writing() as connection:
        connection.execute(text("DELETE FROM audit WHERE subject = '2'"))
    assert "entry 4 does not follow" in ani.get("/audit").text


def test_an_entry_stands_exactly_when_what_it_tells_does(office: Store) -> None:
    with pytest.raises(RuntimeError), office.writing() as connection:
        audit.write(connection, Entry(int(NOW), "ani", "test", "x"))
        raise RuntimeError

    assert acts(office) == []


def test_a_complaint_goes_its_way_with_no_more_than_the_offices_own_role(ani: FlaskClient, office: Store) -> None:
    form = {"channel": "sms", "site": "romansa-kuliner", "text": "Sinyal lemah sekali.", "received": "2026-11-22T20:00"}
    made = post(ani, "/complaints/new", **form).location
    assert made == "/complaints/4"
    assert post(ani, f"{made}/forward", opd="rsud").location == made
    assert post(ani, f"{made}/answer", answer="Sudah kami perbaiki pagi ini.").status_code == 303
    with office.writing() as connection:
        due = gathered.take_due(connection, NOW, NOW)

    assert "Sudah kami perbaiki pagi ini." in ani.get("/answers").text
    assert [one.id for one in due] == [2, 1]
    assert acts(office) == ["complaint.enter", "complaint.forward", "complaint.answer"]


def test_sessions_that_rest_on_no_leave_of_ours_stand_at_their_gateway(ani: FlaskClient, either_store: Store) -> None:
    with either_store.writing() as connection:
        connection.execute(update(sessions).values(way="tap"))
    assert "tanpa izin kami" not in ani.get("/nases").text
    stay = {"generation": 0, "nas": "gw-alun-alun-besar", "site": "alun-alun-besar", "interim": 300}
    stay |= dict.fromkeys(("seconds", "input_octets", "output_octets", "counted_input", "counted_output"), 0)
    stay |= dict.fromkeys(("started_at", "last_seen_at", "first_received_at", "changed_at"), int(NOW) - 60)
    odd: tuple[dict[str, Any], ...] = ({}, {}, {"authentic": 2}, {"way": "tap"}, {"started_at": int(NOW) - 90_000})
    with either_store.writing() as connection:
        for number, facts in enumerate(odd):
            row = stay | {"way": None, "authentic": None} | facts
            connection.execute(insert(sessions), row | {"uid": f"odd{number}", "acct_session_id": f"odd{number}"})

    assert "2 sesi dalam sehari tanpa izin kami" in words(ani.get("/nases").text)


def test_a_gateways_page_says_what_the_doctor_found(ani: FlaskClient, either_store: Store) -> None:
    findings = [
        {"check": "secret", "health": "ill", "told": "The NAS signs with another secret."},
        {"check": "clock", "health": "well", "told": "Its clock is right."},
    ]
    row = {"nas": "gw-alun-alun-besar", "findings": json.dumps(findings), "made_at": int(NOW) - 60}
    with either_store.writing() as connection:
        connection.execute(insert(diagnoses).values(**row))

    assert "1 sakit" in words(ani.get("/nases").text)
    assert "The NAS signs with another secret." in ani.get("/nases/gw-alun-alun-besar").text
