"""A visitor behind a controller, and one whose NAS wants a form: from the tap to the page that knows."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, select, update

from hotspot.admission import ADMITTED
from hotspot.command import Settings
from hotspot.sites import Nas, Sites
from hotspot.sites.controller import Controller
from hotspot.store import Store
from hotspot.tables import admissions, reservations
from tests.conftest import FixedClock
from tests.integration.captive_portal.conftest import MORNING, Portal, portal_on
from tests.integration.captive_portal.test_status import began

UNIFI, ARUBA = "gw-unifi", "gw-aruba"
GUEST = "ap=74:ac:b9:00:00:01&id=02:11:22:33:44:55&t=1&url=http%3A%2F%2Fa%2F&ssid=x"


@pytest.fixture
def portal(settings: Settings, town: Sites, store: Store, clock: FixedClock) -> Portal:
    facts = Controller.model_validate({"api": "official", "url": "https://unifi.example", "site": "alun"})
    unifi = Nas(id=UNIFI, site="alun-alun-kutoarjo", kind="unifi", address="127.66.6.8", controller=facts)
    login = "https://masuk.example.go.id/cgi-bin/login"
    aruba = Nas(id=ARUBA, site="alun-alun-kutoarjo", kind="aruba", address="127.66.6.9", login_url=login)
    kept = {name: getattr(town, name) for name in Sites.model_fields}
    return portal_on(settings, Sites.model_construct(**kept | {"nases": (*town.nases, unifi, aruba)}), store, clock)


def waiting(portal: Portal) -> str:
    """The address of the page to which the tap leads."""
    return portal.tap(portal.flow(f"/arrive/{UNIFI}?{GUEST}")).removeprefix(portal.app.url)


def test_unifis_own_path_leads_to_the_page_of_its_nas(portal: Portal) -> None:
    led = portal.client.get(f"/guest/s/alun/?{GUEST}")

    assert (led.status_code, led.headers["Location"]) == (302, f"/arrive/{UNIFI}?{GUEST}")
    assert portal.client.get(f"/guest/s/default/?{GUEST}").status_code == 404


def test_a_tap_asks_radius_to_let_the_phone_in_and_the_page_waits(portal: Portal) -> None:
    status = waiting(portal)
    page = portal.client.get(status)
    with portal.store.reading() as connection:
        (order,) = connection.execute(select(admissions)).mappings()

    assert (order["nas"], order["mac"], order["place"], order["tries"]) == (UNIFI, "021122334455", "74acb9000001", 0)
    assert (order["due_at"], order["outcome"]) == (int(MORNING), None)
    assert 'id="waiting"' in page.text
    assert page.headers["Refresh"].startswith("3; url=/status?")


def test_a_promise_alone_is_not_online_behind_a_controller(portal: Portal) -> None:
    status = waiting(portal)
    with portal.store.writing() as connection:
        grant = str(connection.execute(select(admissions.c.grant_id)).scalar_one())
        row: dict[str, object] = {
            "class_token": "hs1:" + "0" * 32,
            "grant_id": grant,
            "nas": UNIFI,
            "site": "alun-alun-kutoarjo",
        }
        row |= {"mac": "021122334455", "way": "tap", "reserved_at": MORNING, "ends_at": MORNING + 7200, "interim": 300}
        connection.execute(insert(reservations), row)
    assert 'id="waiting"' in portal.client.get(status).text

    began(portal, grant, nas=UNIFI, site="alun-alun-kutoarjo")
    with portal.store.writing() as connection:
        connection.execute(update(admissions).values(outcome=ADMITTED, finished_at=int(MORNING)))
    assert 'id="online"' in portal.client.get(status).text


@pytest.mark.parametrize("word", ["closed", "radius-away", "refused"])
def test_a_refusal_is_said_with_its_cause(portal: Portal, word: str) -> None:
    status = waiting(portal)
    with portal.store.writing() as connection:
        connection.execute(update(admissions).values(outcome=word, finished_at=int(MORNING)))
    page = portal.client.get(status)

    assert page.status_code == 403
    assert "Refresh" not in page.headers
    assert 'id="again"' in page.text


def test_a_nas_that_wants_a_form_gets_one_from_the_visitor_himself(portal: Portal) -> None:
    flow = portal.flow(f"/arrive/{ARUBA}?cmd=login&mac=02:11:22:33:44:55&ip=10.1.0.7&switchip=evil.example")
    page = portal.client.post("/connect", data={"flow": flow, "way": "tap"})

    assert page.status_code == 200
    assert 'action="https://masuk.example.go.id/cgi-bin/login"' in page.text
    assert 'name="cmd" value="authenticate"' in page.text
    assert "form-action 'self' https://masuk.example.go.id" in page.headers["Content-Security-Policy"]
    assert "evil" not in page.text
