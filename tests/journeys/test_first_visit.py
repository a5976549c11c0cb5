"""A browser sent by each kind of NAS taps once: RADIUS accepts, the stay is accounted, the page says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import select

from hotspot.tables import consents, grants, reservations, sessions
from tests.peers import browser
from tests.peers.house import House, house
from tests.peers.process import wait_until

DOORS = {"mikrotik": "gw-alun-alun-besar", "coovachilli": "gw-museum-tosan-aji"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Portal, RADIUS and the rehearsal town's NASes, on a Tuesday morning, with nobody else about."""
    folder = tmp_path_factory.mktemp("visit")
    with house(folder, services=("portal", "radius")) as built, built.service("lab", "--people", "0"):
        yield built


@pytest.fixture(params=["with JavaScript", "without JavaScript"])
def page(request: pytest.FixtureRequest) -> Iterator[Page]:
    scripts = request.param == "with JavaScript"
    phone = {"viewport": {"width": 360, "height": 640}, "locale": "id-ID", "java_script_enabled": scripts}
    with sync_playwright() as driver, browser.chromium(driver, **phone) as opened:
        yield opened


def login_page(home: House, nas_id: str) -> str:
    """Where a NAS shows its own login page, which sends the visitor to the portal."""
    nas = home.sites.nas[nas_id]
    return nas.login_url or (f"http://{nas.uam.ip}:{nas.uam.port}/prelogin" if nas.uam else "")


@pytest.mark.parametrize("kind", DOORS)
def test_one_tap_brings_a_visitor_online(home: House, page: Page, kind: str) -> None:
    nas = home.sites.nas[DOORS[kind]]
    before = accounted(home, nas.id)

    page.goto(login_page(home, nas.id))
    page.wait_for_url(f"{home.portal_url}/arrive/{nas.id}*")
    assert page.locator("html").get_attribute("lang") == "id"
    assert home.sites.site[nas.site].name in page.inner_text("body")
    page.click("#connect")
    page.wait_for_url(f"{home.portal_url}/status*")

    wait_until(lambda: accounted(home, nas.id) == before + 1, "RADIUS accounts the Start")
    assert "tersambung" in page.inner_text("body").lower()
    with home.store() as store, store.reading() as connection:
        row = connection.execute(
            select(sessions, grants.c.nas.label("granted_at"), reservations.c.started_at.label("promise_started"))
            .join(grants, grants.c.id == sessions.c.grant_id)
            .join(reservations, reservations.c.grant_id == grants.c.id)
            .where(sessions.c.nas == nas.id)
            .order_by(sessions.c.id.desc())
            .limit(1)
        ).one()
        consent = connection.execute(select(consents).where(consents.c.grant_id == row.grant_id)).one()
    assert (row.granted_at, row.way, row.site) == (nas.id, "tap", nas.site)
    assert row.device_day is not None
    assert row.promise_started is not None
    assert (consent.language, len(consent.notice)) == ("id", 64)

    leave(page)
    wait_until(lambda: still_open(home, nas.id) == 0, "the Stop is accounted")


def leave(page: Page) -> None:
    page.get_by_role("link", name="Putuskan").or_(page.get_by_role("button", name="Putuskan")).first.click()


def accounted(home: House, nas: str) -> int:
    with home.store() as store, store.reading() as connection:
        return len(connection.execute(select(sessions.c.id).where(sessions.c.nas == nas)).all())


def still_open(home: House, nas: str) -> int:
    query = select(sessions.c.id).where(sessions.c.nas == nas, sessions.c.stopped_at.is_(None))
    with home.store() as store, store.reading() as connection:
        return len(connection.execute(query).all())


def test_no_log_of_any_service_shows_the_visitors_address(home: House) -> None:
    with home.store() as store, store.reading() as connection:
        macs = set(connection.execute(select(grants.c.mac)).scalars())
    logs = "".join(path.read_text() for path in Path(home.state).glob("*.log")).lower()

    assert macs
    for mac in macs:
        pairs = [mac[i : i + 2] for i in range(0, 12, 2)]
        assert not [sign for sign in (":", "-", "", "%3a") if sign.join(pairs) in logs]
