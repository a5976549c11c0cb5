"""WCAG 2.2 AA by axe-core in Chromium, for each route, state, language and palette; a state that is not listed fails.

The page is put into the browser as the portal answered it: no server, one browser for all. All of axe's rules are asked
once for each state, in a second palette and language only what these can change; HOTSPOT_ACCESS=all asks all of them
everywhere (make access).
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from gettext import NullTranslations
from importlib.resources import files
from pathlib import Path

import pytest
from flask import template_rendered
from playwright.sync_api import Browser, Page, sync_playwright

from captive_portal.ways import WAYS, Hurdle
from hotspot.sites import Sites
from tests.conftest import ROOT
from tests.integration.captive_portal.states import NO_PAGE, STATES, Stage
from tests.integration.captive_portal.states.entries import HURDLES
from tests.integration.captive_portal.test_browser import FLAGS
from tests.peers.process import program
from tests.unit.web.catalogues import sentences

EVERYWHERE = os.environ.get("HOTSPOT_ACCESS") == "all"
LANGUAGES = ("id", "en", "jv")
AXE = (files("axe_playwright_python") / "axe.min.js").read_text()
LOOK = (Path(__file__).parent / "look.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ALL = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
RUN = """options => axe.run(document, options).then(found => found.violations.map(
    one => one.id + ": " + one.nodes.map(node => node.html.slice(0, 160)).join(" | ")))"""
SHOW = """html => document.documentElement.replaceWith(
    document.adoptNode(new DOMParser().parseFromString(html, "text/html").documentElement))"""
TEMPLATES = ROOT / "captive_portal" / "templates"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, sites: Sites, empty_database: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path_factory.mktemp("states"), empty_database, sites)
    yield stage
    stage.close()


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
    page.evaluate(LOOK)
    yield page
    context.close()


def test_every_route_has_a_state_that_is_looked_at(stage: Stage) -> None:
    rules = {rule.endpoint for rule in stage.portal(STATES["home"]).app_of_flask.url_map.iter_rules()}
    assert rules - NO_PAGE == {state.endpoint for state in STATES.values()} - {"error"}


def test_every_template_and_every_sentence_stands_in_a_state(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new branch of a page says something new: a state that nobody lists is found by its words."""
    said: set[str] = set()
    drawn: set[str] = set()

    def one(_self: object, text: str) -> str:
        said.add(text)
        return text

    def many(_self: object, text: str, texts: str, number: int) -> str:
        said.add(text)
        return text if number == 1 else texts

    monkeypatch.setattr(NullTranslations, "gettext", one)  # English is what the templates are written in
    monkeypatch.setattr(NullTranslations, "ngettext", many)
    with template_rendered.connected_to(lambda _app, template, **_: drawn.add(template.name)):
        for state in STATES.values():
            stage.show(state, "en")
    pages = {path.name for path in TEMPLATES.glob("[a-z]*.html")}
    assert pages - drawn == set()
    assert sentences("captive_portal", but="letters/") - said == set()


def test_each_way_in_is_shown_with_all_that_can_go_wrong_with_it() -> None:
    assert set(HURDLES) == set(WAYS)
    assert {reason for reasons in HURDLES.values() for reason in reasons} == set(Hurdle)


@pytest.mark.parametrize("name", STATES)
def test_a_state_is_clean_for_axe_and_for_thumbs_in_each_language_and_palette(
    stage: Stage, page: Page, name: str
) -> None:
    found: dict[tuple[str, str], list[str]] = {}
    for number, language in enumerate(LANGUAGES):
        html = stage.show(STATES[name], language)
        assert f'<html lang="{language}">' in html
        page.emulate_media(color_scheme="light")
        page.evaluate(SHOW, html)
        found[language, "320 px"] = page.evaluate("look()")
        if number == 0 or EVERYWHERE:
            found[language, "light"] = page.evaluate(RUN, ALL)
            found[language, "keys"] = page.evaluate("keys()")
        if number == 1 or EVERYWHERE:
            page.emulate_media(color_scheme="dark")
            found[language, "dark"] = page.evaluate(RUN, ALL if EVERYWHERE else COLOURS)
    assert {where: what for where, what in found.items() if what} == {}, json.dumps(name)


@pytest.mark.parametrize(
    "name", STATES if EVERYWHERE else ["arrive-ways", "wait-reverse", "complaint-form", "my-data-phone", "status-code"]
)
def test_twice_as_large_letters_fit_a_common_phone(stage: Stage, page: Page, name: str) -> None:
    """WCAG 1.4.4: text of 200 % on a phone of 360 px."""
    page.set_viewport_size({"width": 360, "height": 740})
    page.evaluate(SHOW, stage.show(STATES[name], "jv"))
    page.add_style_tag(content="html{font-size:200%}")
    assert page.evaluate("wide()") == []
    page.set_viewport_size({"width": 320, "height": 640})


def test_the_keyboard_alone_reaches_the_button_and_shows_where_it_is(stage: Stage, page: Page) -> None:
    page.evaluate(SHOW, stage.show(STATES["arrive"], "id"))
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "connect":
            break
    assert page.evaluate("document.activeElement.id") == "connect"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_a_printed_poster_is_read_by_a_camera(stage: Stage, page: Page, tmp_path: Path) -> None:
    """Both codes as a picture of the sheet shows them, read by zbar."""
    page.set_viewport_size({"width": 794, "height": 1123})
    page.evaluate(SHOW, stage.show(STATES["poster"], "id"))
    page.emulate_media(media="print", color_scheme="dark")
    page.screenshot(path=tmp_path / "poster.png", full_page=True)
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 320, "height": 640})
    command = [program("zbarimg", "zbar-tools"), "--raw", "--quiet", "-Sdisable", "-Sqrcode.enable"]
    read = subprocess.run([*command, tmp_path / "poster.png"], capture_output=True, text=True, check=True).stdout
    assert set(read.split("\n")) == {"WIFI:T:nopass;S:Purworejo-Gratis;;", "http://127.0.0.1:8080/", ""}


@pytest.mark.parametrize(
    ("body", "flaw"),
    [
        ("<input>", "label"),
        ('<a href="/" style="display:block;height:40px">x</a>', "small"),
        ("<p>Read <a href='/'>this</a> first.</p>", "small"),
        ('<p style="width:2rem;overflow-wrap:anywhere">Menyambungkan</p>', "broken"),
        ('<p style="width:400px">x</p>', "wide"),
        ('<button style="outline:none;height:60px" tabindex="2">x</button>', "order"),
    ],
)
def test_what_is_wrong_is_found(page: Page, body: str, flaw: str) -> None:
    page.evaluate(SHOW, f'<html lang="id"><title>x</title><body><main><h1>x</h1>{body}</main></body></html>')
    found = [*page.evaluate(RUN, ALL), *page.evaluate("look()"), *page.evaluate("keys()")]
    assert flaw in [one.split(":")[0] for one in found]
