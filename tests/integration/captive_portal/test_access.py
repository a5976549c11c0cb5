"""WCAG 2.2 AA by axe-core in Chromium, for each route, state, language and palette; a route without a state fails.

The page is put into the browser as the portal answered it: no server, one browser for all.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from hotspot.command import Settings
from hotspot.sites import Sites
from hotspot.store import Store, open_store
from tests.conftest import FixedClock
from tests.integration.captive_portal.conftest import SECRETS, Portal, portal_on, with_more_nases
from tests.integration.captive_portal.states import NO_PAGE, STATES
from tests.integration.captive_portal.test_browser import FLAGS
from tests.peers.process import program

LANGUAGES = ("id", "en", "jv")
AXE = (files("axe_playwright_python") / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ALL = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
RUN = """options => axe.run(document, options).then(found => found.violations.map(
    one => one.id + ": " + one.nodes.map(node => node.html.slice(0, 160)).join(" | ")))"""
SHOW = """html => document.documentElement.replaceWith(
    document.adoptNode(new DOMParser().parseFromString(html, "text/html").documentElement))"""
TOO_WIDE = """[...document.querySelectorAll("body *")].filter(
    one => one.getBoundingClientRect().right > innerWidth + 1).map(one => one.outerHTML.slice(0, 80))"""
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"

Fresh = Callable[..., Portal]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory, sites: Sites, empty_database: Path) -> Iterator[Fresh]:
    """A portal on an empty store, as often as asked; those who only read share one."""
    folder, town = tmp_path_factory.mktemp("states"), with_more_nases(sites)
    settings = Settings(Path("sites.yaml"), folder, "", None, False, "info", SECRETS)
    opened: list[Store] = []
    shared: list[Portal] = []

    def portal(*, writes: bool = True) -> Portal:
        if shared and not writes:
            return shared[0]
        path = folder / f"{len(opened)}.db"
        shutil.copy(empty_database, path)
        opened.append(open_store(f"sqlite:///{path}"))
        made = portal_on(settings, town, opened[-1], FixedClock())
        if not writes:
            shared.append(made)
        return made

    yield portal
    for store in opened:
        store.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program("chromium", "chromium"), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """The smallest phone; twice its letters are what 200 % zoom of a larger one shows."""
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.set_content("<!doctype html><title>empty</title>")
    page.evaluate(AXE)  # once: it is half a megabyte
    yield page
    context.close()


def test_every_route_has_a_state_that_is_looked_at(fresh: Fresh) -> None:
    rules = {rule.endpoint for rule in fresh().app_of_flask.url_map.iter_rules()}
    assert rules - NO_PAGE == {state.endpoint for state in STATES.values()} - {"error"}


@pytest.mark.parametrize("name", STATES)
def test_axe_finds_nothing_in_any_language_and_palette(fresh: Fresh, page: Page, name: str) -> None:
    found = {}
    for language in LANGUAGES:
        html = STATES[name].show(fresh(writes=STATES[name].writes), language)
        assert f'<html lang="{language}">' in html
        page.emulate_media(color_scheme="light")
        page.evaluate(SHOW, html)
        found[language, "light"] = page.evaluate(RUN, ALL)
        found[language, "320 px"] = ["scrolls sideways"] if page.evaluate(WIDE) else []
        page.emulate_media(color_scheme="dark")
        found[language, "dark"] = page.evaluate(RUN, COLOURS)
    assert {where: what for where, what in found.items() if what} == {}, json.dumps(name)


@pytest.mark.parametrize("name", ["arrive", "complaint-form", "my-data-phone", "status-online"])
def test_twice_as_large_letters_fit_a_common_phone(fresh: Fresh, page: Page, name: str) -> None:
    """WCAG 1.4.4: text of 200 % on a phone of 360 px."""
    page.set_viewport_size({"width": 360, "height": 740})
    page.evaluate(SHOW, STATES[name].show(fresh(), "id"))
    page.add_style_tag(content="html{font-size:200%}")
    assert page.evaluate(TOO_WIDE) == []
    page.set_viewport_size({"width": 320, "height": 640})


def test_the_keyboard_alone_reaches_the_button_and_shows_where_it_is(fresh: Fresh, page: Page) -> None:
    page.evaluate(SHOW, STATES["arrive"].show(fresh(), "id"))
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "connect":
            break
    assert page.evaluate("document.activeElement.id") == "connect"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_what_is_wrong_is_found(page: Page) -> None:
    page.evaluate(SHOW, '<html lang="id"><title>x</title><body><main><h1>x</h1><input></main></body></html>')
    assert [found.split(":")[0] for found in page.evaluate(RUN, ALL)] == ["label"]
