"""What the console advises: before an event, when messages cost too much, and what the doctor's words mean."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert

from hotspot.secret import Secret
from hotspot.sites import Sites
from hotspot.sites.messages import Messages, Otp
from hotspot.store import Store
from hotspot.tables import calendar, client_hours, diagnoses, send_counts
from monitor.doctor.visit import PLACE_CHECKS
from office import accounts, staff_sessions
from office.app import create_app
from tests.conftest import FixedClock
from tests.integration.office import town
from tests.rows import at

NOW = datetime(2026, 11, 24, 12, 30, tzinfo=UTC).timestamp()
CHECKS = (
    *("radius-auth", "radius-acct", "radius-from-nas", "wrong-secret", "change-of-authorisation", "interim-seen"),
    *("clock", "tls-chain", "api-json", *PLACE_CHECKS),
)


@pytest.fixture
def ani(store: Store, sites: Sites) -> FlaskClient:
    """A network admin of a town that sends codes by message, at most a thousand a month."""
    town.fill(store, sites, NOW)
    sending = sites.model_copy(update={"messages": Messages(otp=Otp(a_month=1000))})
    clock = FixedClock(NOW)
    app = create_app(sending, store, Secret("k" * 32), clock=clock, wall=clock, passwords=town.QUICK)
    client = app.test_client()
    with store.writing() as connection:
        accounts.create(connection, "ani", "hash", NOW)
        token = staff_sessions.begin(connection, "ani", NOW)
    with client.session_transaction() as cookie:
        cookie.update(token=token)
    return client


def text_of(client: FlaskClient, path: str) -> str:
    page = re.sub(r"<style>.*?</style>|<[^>]+>", " ", client.get(path).text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", page)


def test_a_coming_event_tells_what_the_last_of_its_name_taught(ani: FlaskClient, store: Store) -> None:
    def event(label: str, began: str, ends: str) -> dict[str, object]:
        made = {"site": "alun-alun-besar", "label": label, "created_by": "ani", "created_at": 1}
        return made | {"began_at": at(began), "ends_at": at(ends)}

    with store.writing() as connection:
        connection.execute(insert(calendar), event("Hari Jadi 194", "2026-11-12T18:00", "2026-11-12T22:00"))
        connection.execute(insert(calendar), event("Hari Jadi 195", "2026-12-12T18:00", "2026-12-12T22:00"))
        crowd = {"site": "alun-alun-besar", "hour": at("2026-11-12T21:00"), "client_seconds": 150 * 3600}
        connection.execute(insert(client_hours), crowd | {"median_clients": 150})

    told = text_of(ani, "/calendar")
    assert "terakhir kali, 12 November 2026, sampai 150 daring, 1 jam terlalu penuh" in told
    assert "pasang 1 titik akses tambahan" in told


@pytest.mark.parametrize(
    ("sent", "says"),
    [(0, "Belum ada yang dikirim"), (790, "790 dari paling banyak 1.000"), (800, "empat perlima"), (1000, "habis")],
)
def test_messages_are_held_against_their_cap(ani: FlaskClient, store: Store, sent: int, says: str) -> None:
    if sent:
        row = {"month": "2026-11", "sender": "oca", "sent": sent - 10, "failed": 10}
        with store.writing() as connection:
            connection.execute(insert(send_counts), row)

    assert says in text_of(ani, "/policies")


def test_each_check_of_the_doctor_has_a_name_that_says_what_it_looks_at(ani: FlaskClient, store: Store) -> None:
    found = [{"check": check, "health": "well", "told": "seen"} for check in CHECKS]
    row = {"nas": "gw-alun-alun-besar", "findings": json.dumps(found), "made_at": int(NOW)}
    with store.writing() as connection:
        connection.execute(insert(diagnoses), row)

    names = re.findall(
        r"<b>([^<]+)</b> <span class=\"soft small\">\(([a-z0-9-]+)\)", ani.get("/nases/gw-alun-alun-besar").text
    )
    assert [check for _, check in names] == list(CHECKS)
    assert not [check for name, check in names if name == check]
