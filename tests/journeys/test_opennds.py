"""A real gateway of another project sends a real browser to the portal and lets it through after the tap."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from sqlalchemy import select

from hotspot.tables import grants
from tests.peers import browser
from tests.peers.house import House, build
from tests.peers.opennds import INTERNET, PAGE_PORT, PORTAL_PORT, Place, browser_in, opennds
from tests.peers.process import program, running, wait_until

ROOT = Path(__file__).parents[2]
NAS = "gw-museum-tosan-aji"
PORTAL = f"http://{INTERNET}:{PORTAL_PORT}"
OUTSIDE = f"http://{INTERNET}:{PAGE_PORT}/"


@pytest.fixture(params=[1, 2], ids=["clear", "encrypted"])
def level(request: pytest.FixtureRequest) -> int:
    """The fas_secure_enabled of openNDS; at level 2 its daemon encrypts by calling PHP."""
    if request.param == 2:
        program("php", "php-cli")
    return int(request.param)


@pytest.fixture
def home(tmp_path: Path, level: int) -> House:
    """The sample town, whose museum has openNDS for once, and whose portal lives in the test's internet."""
    text = (ROOT / "sites.yaml").read_text()
    begin = text.index(f"  - {{id: {NAS},")
    end = text.index("  - {id:", begin + 1)
    entry = f"  - {{id: {NAS}, site: museum-tosan-aji, kind: opennds, address: 10.91.1.1, ping: false,\n"
    entry += f'     fas: {{gateway: "10.91.1.1:2050", level: {level}}}}}\n'
    changed = tmp_path / "town.yaml"
    changed.write_text((text[:begin] + entry + text[end:]).replace("http://127.0.0.1:8080", PORTAL))
    return build(tmp_path, changed, environ={"HOTSPOT_PORTAL_LISTEN": f"{INTERNET}:{PORTAL_PORT}"})


@contextmanager
def portal_in(place: Place, home: House) -> Iterator[None]:
    command = place.internet.command(browser.console("hotspot-portal"))
    with running(command, home.state / "portal.log", home.environ, ROOT):
        wait_until((home.state / "run" / "portal.json").exists, "the portal is ready", 30)
        yield


def reaches(place: Place, url: str) -> str:
    """What the phone gets, or why it gets nothing."""
    ask = "import sys, urllib.request as r\ntry: print(r.urlopen(sys.argv[1], timeout=5).read().decode())\n"
    return place.phone.python(ask + "except OSError as error: print(error)", url)


def test_a_phone_behind_opennds_gets_online_with_one_tap(home: House, tmp_path: Path, level: int) -> None:
    faskey = home.secrets.read(f"nas-{NAS}-faskey").reveal()
    with (
        opennds(tmp_path, NAS, faskey, level) as place,
        portal_in(place, home),
        sync_playwright() as driver,
        browser.chromium(driver, browser_in(place.phone, tmp_path)) as page,
    ):
        assert "The internet" not in reaches(place, OUTSIDE)

        page.goto(f"http://{INTERNET}/generate_204")
        assert page.url.startswith(f"{PORTAL}/arrive/{NAS}?fas=")
        page.click("#connect")
        page.wait_for_url(f"{PORTAL}/status*")

        page.goto(OUTSIDE)
        assert page.title() == "The internet"

    with home.store() as store, store.reading() as connection:
        assert connection.execute(select(grants.c.nas, grants.c.way)).all() == [(NAS, "tap")]
