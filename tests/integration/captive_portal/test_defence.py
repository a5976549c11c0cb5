"""What a stranger may try from outside: forms in a visitor's name, other hosts, ways elsewhere, storms of checks."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest
from flask import template_rendered
from sqlalchemy import event, func, select

from captive_portal.app import create_app
from captive_portal.doorstep import PROBES
from hotspot.command import Settings
from hotspot.sites import Nas, Sites
from hotspot.store import Store
from hotspot.tables import complaints, erasures, grants, ikm_answers
from tests.conftest import FixedClock
from tests.integration.captive_portal.conftest import (
    COOVA,
    MIKROTIK,
    MORNING,
    Portal,
    box,
    coova,
    flow_of,
    mikrotik,
    nds,
)
from tests.integration.captive_portal.test_help import form
from tests.unit.captive_portal import doors

CROSS = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
ELSEWHERE = [
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "//evil.example/x",
    "http://wifi.example@evil.example/",
    "\\\\evil.example",
    "/\\evil.example",
    "http://xn--e1awd7f.example/",
    "https://éxample.evil.example/",
    "http://127.0.0.1:8080.evil.example/",
    "http:evil.example",
    "\thttps://evil.example",
]
PATHS = [
    "/status?grant={}",
    "/?lang={}",
    "/go/{}",
    "/services?site={}",
    "/guest/s/default/?url={}",
    f"/arrive/{COOVA}?res=success&uid={{}}",
    f"/arrive/{MIKROTIK}?flow={{}}",
    "/wait?flow={}&lang={}",
    "/complaints?number=1&key={}",
    "/my-data/receipt?receipt={}",
]
OURS = {"", "localhost", "127.0.0.1:8080", "127.66.2.1:8180", "127.66.3.1:3990", "127.66.6.2:2050", "10.70.4.1:3990"}


def rows(portal: Portal) -> int:
    with portal.store.reading() as connection:
        tables = (grants, complaints, erasures, ikm_answers)
        return sum(connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables)


def test_a_form_of_another_sites_page_is_not_taken(portal: Portal) -> None:
    """Neither a login into a stranger's account nor a deletion, whatever the page knows."""
    data = form(portal) | {"flow": portal.flow(coova()), "way": "tap", "grade": "1", "code": "AAAAAA"}
    for path in ("/connect", "/my-data", "/my-data/code", "/complaints", "/extend", "/opinion"):
        answer = portal.client.post(path, data=data, headers=CROSS)
        assert (answer.status_code, "Mulai dari Wi-Fi" in answer.text) == (400, True), path
    assert rows(portal) == 0


def test_forms_of_our_own_pages_and_of_old_browsers_are_taken(portal: Portal) -> None:
    for number, site in enumerate(("same-origin", "none", "same-site", None)):
        flow = portal.flow(mikrotik(f"02:00:00:00:00:{number:02x}"))
        headers = {"Origin": "null"} | ({"Sec-Fetch-Site": site} if site else {})  # no-referrer makes it null
        assert portal.client.post("/connect", data={"flow": flow, "way": "tap"}, headers=headers).status_code == 303


def test_a_page_that_is_only_opened_changes_nothing(portal: Portal) -> None:
    """What a picture on another site's page could ask for: nothing logs in, out, deletes or files."""
    flow = portal.flow(coova())
    for path in ("/connect", "/my-data", "/my-data/code", "/complaints", "/extend", "/opinion", "/status", "/wait"):
        for query in (
            {"flow": flow, "way": "tap"},
            {"grant": "gaaaaaaaaaaaaaaaa", "left": "1", "text": "x", "code": "1"},
        ):
            assert portal.client.get(path, query_string=query).status_code in (200, 303, 400, 405)
    assert rows(portal) == 0


def test_a_strangers_flow_is_the_strangers_phone(portal: Portal) -> None:
    """Sent by a victim's browser it leads to a grant of the stranger's MAC, which RADIUS gives to no other."""
    target = portal.tap(portal.flow(mikrotik("02:66:66:66:66:66")))
    with portal.store.reading() as connection:
        assert connection.execute(select(grants.c.mac)).scalar_one() == "026666666666"
    assert "026666" not in target


def test_the_host_that_a_browser_names_leads_nobody_there(portal: Portal) -> None:
    """Signatures cover the configured name, and no link or redirect is built from the request's."""
    for host in ("evil.example", "evil.example:8080", "127.0.0.1:8080@evil.example", "[::1]:1", ""):
        headers = {
            "Host": host,
            "X-Forwarded-Host": "evil.example",
            "X-Forwarded-Proto": "evil",
            "Forwarded": "host=evil",
        }
        for address in (mikrotik(), coova(), nds(), box()):
            page = portal.client.get(address, headers=headers)
            assert page.status_code == 200
            assert "evil" not in page.text
            answer = portal.client.post("/connect", data={"flow": flow_of(page.text), "way": "tap"}, headers=headers)
            assert "evil" not in answer.headers["Location"]
            assert "evil" not in page.headers["Content-Security-Policy"]
        assert "evil" not in portal.client.get("/generate_204", headers=headers).headers["Location"]


def test_nothing_that_comes_with_an_arrival_leads_anywhere(portal: Portal) -> None:
    """dst, userurl and their like are nobody's wish: after the login comes our own page."""
    names = ("dst", "link-orig", "link-login-only", "userurl", "redirurl", "uamip", "url", "after", "continue_url")
    for value in ELSEWHERE:
        more = "".join(f"&{name}={quote(value, safe='')}" for name in names)
        for address in (mikrotik() + more, coova(more=more), nds() + more, box(more=more)):
            page = portal.client.get(address)
            assert page.status_code == 200
            target = portal.tap(flow_of(page.text))
            fields = parse_qs(urlsplit(target).query)
            after = next(fields[name][0] for name in ("dst", "userurl", "redir", "after") if name in fields)
            assert urlsplit(target).netloc in OURS
            assert after.startswith("http://127.0.0.1:8080/status?")
            assert "evil" not in unquote(target + page.headers.get("Refresh", ""))


@pytest.mark.parametrize("path", PATHS)
def test_no_address_of_ours_is_a_way_elsewhere(portal: Portal, path: str) -> None:
    allowed = OURS | {urlsplit(str(service.url)).netloc for service in portal.sites.services}
    for value in ELSEWHERE:
        answer = portal.client.get(path.replace("{}", quote(value, safe="")))
        targets = [
            answer.headers.get("Location", ""),
            *re.findall(r'(?:href|action)="((?:https?:|//)[^"]*)"', answer.text),
        ]
        assert {urlsplit(target).netloc for target in targets} <= allowed, value


def test_checks_of_phones_need_neither_a_page_nor_the_store(portal: Portal) -> None:
    """However many there are: a crowd that arrives must not cost a query or a template each."""
    drawn: list[object] = []
    asked: list[object] = []
    event.listen(portal.store.engine, "before_cursor_execute", lambda *of: asked.append(of))
    with template_rendered.connected_to(lambda *_args, **_more: drawn.append(1)):
        for path in sorted(PROBES):
            for method in ("GET", "HEAD"):
                answer = portal.client.open(path, method=method, headers={"User-Agent": "", "Accept": ""})
                assert (answer.status_code, answer.data) == (302, b"")
                assert int(answer.headers["Content-Length"]) == 0
    assert (drawn, asked) == ([], [])


def test_arrivals_of_one_place_draw_one_page_and_ask_the_store_once(portal: Portal) -> None:
    portal.arrive(mikrotik())
    drawn: list[object] = []
    asked: list[object] = []
    portal.app.lookout._until = float("inf")
    event.listen(portal.store.engine, "before_cursor_execute", lambda *of: asked.append(of))
    with template_rendered.connected_to(lambda *_args, **_more: drawn.append(1)):
        for number in range(100):
            portal.arrive(mikrotik(f"02:00:00:00:01:{number:02x}"))
    assert (drawn, asked) == ([], [])


class Dangers(HTMLParser):
    """What a browser would run, or follow to a stranger."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [tag] if tag in ("script", "iframe", "object") else []
        for name, value in attrs:
            leads = name in ("href", "src", "action") and (value or "").startswith(("javascript:", "data:text", "//"))
            self.found += [name] if name.startswith("on") or leads else []


def dangers(page: str) -> list[str]:
    parser = Dangers()
    parser.feed(page)
    return parser.found


QUERIES: dict[str, Callable[[str], str]] = {
    "ruckus": lambda lie: (
        f"client_mac=02:11:22:33:44:55&sip=10.1.0.1&mac=a&uip=10.1.0.7&ssid={lie}&url={lie}&loc={lie}"
    ),
    "aruba": lambda lie: f"cmd=login&mac=02:11:22:33:44:55&ip=10.1.0.7&essid={lie}&apname={lie}&url={lie}&errmsg={lie}",
    "cisco-wlc": lambda lie: f"client_mac=02:11:22:33:44:55&switch_url={lie}&wlan={lie}&redirect={lie}&statusCode=5",
    "cambium": lambda lie: f"ga_cmac=02:11:22:33:44:55&ga_ssid={lie}&ga_srvr={lie}&ga_orig_url={lie}&ga_Qv={lie}",
    "meraki": lambda lie: (
        f"client_mac=02:11:22:33:44:55&login_url={quote(doors.LOGIN['meraki'])}%3Fa%3D{lie}&continue_url={lie}"
    ),
}


@pytest.mark.parametrize("kind", QUERIES)
def test_nothing_that_another_vendors_nas_sends_is_markup_or_a_target(
    settings: Settings, town: Sites, store: Store, clock: FixedClock, kind: str
) -> None:
    """These redirects are unsigned, and parts of them stand in a form that goes back to the NAS."""
    clock.at = MORNING
    nas = Nas(id="gw-x", site="museum-tosan-aji", kind=kind, address="127.66.9.1", login_url=doors.LOGIN[kind])
    kept = {name: getattr(town, name) for name in Sites.model_fields}
    client = create_app(settings, Sites.model_construct(**kept | {"nases": (nas,)}), clock, store).test_client()
    for value in ('"><script>alert(1)</script>', "' onfocus=alert(1) x='", "javascript:alert(1)", "//evil.example"):
        page = client.get(f"/arrive/gw-x?{QUERIES[kind](quote(value, safe=''))}")
        assert page.status_code == 200, page.text
        onward = client.post("/connect", data={"flow": flow_of(page.text), "way": "tap"})
        for text in (page.text, onward.text):
            assert dangers(text) == []
        [action] = re.findall(r'action="(http[^"]+)"', onward.text)
        assert urlsplit(action).netloc == urlsplit(doors.LOGIN[kind]).netloc
