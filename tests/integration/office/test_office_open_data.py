"""Open data as anybody gets it: without a login, from any page, only when it changed, and of nobody alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from hotspot.secret import Secret
from hotspot.sites import Sites
from hotspot.store import Store
from office.app import create_app
from tests.conftest import FixedClock
from tests.integration.office import town

NOW = datetime(2026, 11, 24, 12, 30, tzinfo=UTC).timestamp()


@pytest.fixture
def anybody(store: Store, sites: Sites) -> FlaskClient:
    town.fill(store, sites, NOW)
    clock = FixedClock(NOW)
    return create_app(sites, store, Secret("k" * 32), clock=clock, wall=clock, passwords=town.QUICK).test_client()


def test_the_sites_are_listed_with_where_they_are_and_how_sure_that_is(anybody: FlaskClient) -> None:
    found = {site["site"]: site for site in anybody.get("/api/v1/sites").get_json()["sites"]}

    assert len(found) == 6
    museum = found["museum-tosan-aji"]
    assert (museum["kecamatan"], museum["kecamatan_code"], museum["estimate"]) == ("Purworejo", "33.06.06", True)
    assert museum["hours"] == "08:00-16:00"


def test_the_status_counts_clients_and_hides_small_counts(anybody: FlaskClient, store: Store, sites: Sites) -> None:
    found = {site["site"]: site for site in anybody.get("/api/v1/status").get_json()["sites"]}

    assert found["romansa-kuliner"] == {"site": "romansa-kuliner", "state": "weak", "open": True, "clients": 60}
    assert found["pendopo-wabup"]["state"] == "shadow"
    assert anybody.get("/api/v1/status").get_json()["incidents_open"] == 1


def test_a_site_with_few_clients_says_less_than_ten(store: Store, sites: Sites) -> None:
    clock = FixedClock(NOW)
    app = create_app(sites, store, Secret("k" * 32), clock=clock, wall=clock, passwords=town.QUICK)

    site = app.test_client().get("/api/v1/status").get_json()["sites"][0]

    assert site == {"site": "romansa-kuliner", "state": "unknown", "open": True, "clients": None, "less_than": 10}


def test_usage_by_day_hides_the_small_day_and_one_more(anybody: FlaskClient) -> None:
    answer = anybody.get("/api/v1/usage?from=2026-11-01&to=2026-11-24&site=pendopo-bupati").get_json()

    hidden = [row["day"] for row in answer["usage"] if row["devices"] is None]
    assert "2026-11-21" in hidden
    assert len(hidden) == 2
    assert len(answer["usage"]) == 23
    assert all(row["sessions"] == 2 * row["devices"] for row in answer["usage"] if row["devices"])


def test_usage_by_month_has_finished_months_only(anybody: FlaskClient) -> None:
    rows = anybody.get("/api/v1/usage?from=2026-09&to=2026-11&by=month").get_json()["usage"]

    assert {row["month"] for row in rows} == {"2026-10"}
    assert len(rows) == 6
    assert all(row["download_bytes"] > row["upload_bytes"] > 0 for row in rows)


def test_a_wrong_question_gets_a_sentence_and_code_400(anybody: FlaskClient) -> None:
    answer = anybody.get("/api/v1/usage?site=nowhere")

    assert answer.status_code == 400
    assert answer.get_json() == {"error": "there is no such site; /api/v1/sites lists them"}


@pytest.mark.parametrize("path", ["/api/v1/sites", "/api/v1/status", "/api/v1/usage"])
def test_any_page_may_read_it_and_asks_only_for_what_changed(anybody: FlaskClient, path: str) -> None:
    first = anybody.get(path)
    second = anybody.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert (first.status_code, second.status_code, second.data) == (200, 304, b"")
    assert "Set-Cookie" not in first.headers
