"""A real Chromium without JavaScript taps its way online; the page fits a small phone in every language."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import insert

from hotspot.tables import reservations, sessions
from tests.integration.captive_portal.town import Town, mikrotik, small_town, started
from tests.peers.process import program

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATHS = ["/", "/services", "/notice", "/complaints", "/status", "/my-data", "/arrive/gw-alun-alun-besar", "/nowhere"]
ARRIVE = "/arrive/gw-alun-alun-besar?mac=02:11:22:33:44:55&error=full"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder: Path = tmp_path_factory.mktemp("town")
    with small_town(folder) as town, started(town):
        yield town


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program("chromium", "chromium"), args=FLAGS)
        yield chromium
        chromium.close()


def test_a_tap_without_javascript_brings_a_visitor_online(town: Town, browser: Browser) -> None:
    def let_in(grant_id: str) -> None:
        """What RADIUS writes when the router asks it: the promise, then the session."""
        now = int(time.time())
        common = {"nas": "gw-alun-alun-besar", "site": "alun-alun-besar", "mac": "021122334455", "way": "tap"}
        with town.store.writing() as connection:
            connection.execute(
                insert(reservations).values(
                    class_token="hs1:1", grant_id=grant_id, reserved_at=now, ends_at=now + 7200, interim=300, **common
                )
            )
            connection.execute(
                insert(sessions).values(
                    uid="u", generation=0, acct_session_id="a", grant_id=grant_id, started_at=now, last_seen_at=now,
                    seconds=0, input_octets=400_000, output_octets=12_000_000, interim=300, counted_input=0,
                    counted_output=0, first_received_at=now, changed_at=now, **common,
                )
            )  # fmt: skip

    context = browser.new_context(java_script_enabled=False, locale="en-GB", viewport={"width": 360, "height": 740})
    page = context.new_page()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    with mikrotik(town, let_in) as asked:
        page.goto(f"http://{town.nas}/")
        page.wait_for_selector("#connect")
        assert requests[1:] == [page.url]  # the page was one request
        page.click("#connect")
        page.wait_for_selector("#online")
        assert "You are connected" in page.inner_text("main")
        assert "12.4 MB" in page.inner_text("main")
        assert [path for path in (address.split("?")[0] for address in asked) if "icon" not in path] == ["/", "/login"]
        assert page.get_attribute("#disconnect", "href") == f"http://{town.nas}/logout"
        page.click("text=My data")
        page.wait_for_selector("text=stored, not shown")
    context.close()


def test_a_router_that_refuses_brings_the_visitor_back_with_words(town: Town, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, locale="id-ID")
    page = context.new_page()
    with mikrotik(town, lambda _: None):
        page.goto(f"http://{town.nas}/login?username=gaaaaaaaaaaaaaaaa&password=x")
        page.wait_for_selector("[role=alert]")
        assert "Wi-Fi belum mengizinkan Anda masuk" in page.inner_text("[role=alert]")
        assert page.is_visible("#connect")
    context.close()


@pytest.mark.parametrize("language", ["id", "en", "jv"])
def test_no_page_scrolls_sideways_on_the_smallest_phone_and_targets_are_large(
    town: Town, browser: Browser, language: str
) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    for path in [*PATHS, ARRIVE]:
        page.goto(f"http://{town.portal}{path}{'&' if '?' in path else '?'}lang={language}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
        assert page.get_attribute("html", "lang") == language
        assert page.evaluate("document.querySelectorAll('h1').length") == 1, path
        small = page.evaluate(
            "[...document.querySelectorAll('button, nav a, .button, .links a, .phones a, input, select')]"
            ".filter(e => e.type != 'hidden' && e.getBoundingClientRect().height < 44).map(e => e.outerHTML)"
        )
        assert small == [], path
        nameless = page.evaluate(
            "[...document.querySelectorAll('input, select, textarea')]"
            ".filter(e => e.type != 'hidden' && !e.labels.length).map(e => e.outerHTML)"
        )
        assert nameless == [], path
    context.close()


def test_the_browser_finds_nothing_to_complain_about(town: Town, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"http://{town.portal}{ARRIVE}")
    assert complaints == []
    assert page.evaluate("getComputedStyle(document.querySelector('#connect')).minHeight") == "56px"  # the style counts
    context.close()
