"""A day at the office, role by role, in a real browser against the real command: each does its work, axe looks on."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import struct
import subprocess
import time
from base64 import b32decode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, Playwright, sync_playwright
from sqlalchemy import update

from hotspot.tables import complaints, incidents
from office import accounts
from office.roles import Role
from tests.integration.office import town
from tests.peers.browser import chromium
from tests.peers.house import House, house
from tests.peers.process import program

PASSWORD = "kuda hijau baterai"
PEOPLE = {
    "ani": Role.ADMIN,
    "budi": Role.COMPLAINTS,
    "citra": Role.OPD,
    "dewi": Role.READER,
    "eko": Role.PDP,
    "fajar": Role.HEAD,
}


@dataclass(frozen=True)
class Office:
    """The running console of a full town, and a browser driver."""

    home: House
    driver: Playwright

    @property
    def base(self) -> str:
        return f"http://{self.home.address('office', 'office')}"

    @contextlib.contextmanager
    def at(self, name: str, **context: Any) -> Iterator[Page]:
        """A page of somebody who has logged in."""
        with chromium(self.driver, locale="id-ID", **context) as page:
            page.set_default_timeout(20_000)
            page.goto(f"{self.base}/login")
            page.fill("#name", name)
            page.fill("#password", PASSWORD)
            page.click("form .button")
            page.wait_for_selector("nav.menu")
            yield page


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    with (
        house(folder, services=["office"], at="2026-11-24T19:30:00+07:00", rate=0) as home,
        sync_playwright() as driver,
    ):
        with home.store() as store:
            town.fill(store, home.sites, home.now())
            hashed = town.QUICK.hash(PASSWORD)
            with store.writing() as connection:
                for name, role in PEOPLE.items():
                    opd = "kominfo" if role is Role.OPD else None
                    accounts.create(connection, name, hashed, home.now(), role=role, opd=opd)
        yield Office(home, driver)


def menu(page: Page) -> list[str]:
    return page.locator("nav.menu > a").all_inner_texts()


def flaws(page: Page, *rules: str) -> list[str]:
    options = {"runOnly": list(rules)} if rules else None
    violations = Axe().run(page, options=options).response["violations"]
    return [f"{page.url}: {one['id']}: {one['nodes'][0]['html'][:120]}" for one in violations]


def test_the_network_admin_takes_an_incident_and_sends_a_visitor_off(office: Office) -> None:
    with office.at("ani") as page:
        page.click("text=lihat penyebabnya")
        page.click("td.lead a")
        page.click("text=Saya sudah lihat")
        page.wait_for_selector("text=sudah melihat")
        assert "*Tautan putus: Purworejo - Kutoarjo*" in page.input_value("#whatsapp")

        page.goto(f"{office.base}/sessions")
        page.fill("#mac", "a2b3.c4d5.e6f7")
        page.press("#mac", "Enter")
        page.click("#found td.lead a >> nth=0")
        page.get_by_role("button", name="Putuskan").click()
        page.wait_for_selector("text=RADIUS sedang mencoba")


def test_the_operator_and_the_opd_answer_a_complaint_between_them(office: Office) -> None:
    with office.at("budi") as page:
        page.goto(f"{office.base}/complaints/1")
        page.select_option("#opd", "kominfo")
        page.get_by_role("button", name="Teruskan").click()
        page.wait_for_selector("text=Diteruskan")
    with office.at("citra", viewport={"width": 360, "height": 640}) as page:
        assert menu(page) == ["Aduan"]
        page.fill("#answer-1", "Sudah kami periksa di museum, silakan dicoba.")
        page.locator("#complaint-1 button").click()
        page.wait_for_selector("text=Jawaban untuk nomor 1 tersimpan")
    with office.at("budi") as page:
        page.goto(f"{office.base}/complaints/1")
        page.get_by_role("button", name="Umumkan").click()
        assert "silakan dicoba" in page.input_value("#social")
        page.goto(f"{office.base}/answers")
        assert "silakan dicoba" in page.inner_text("main")


MENU = {
    "/": "Ringkasan",
    "/fibre": "Serat optik",
    "/incidents": "Gangguan",
    "/complaints": "Aduan",
    "/sessions": "Sesi",
    "/vouchers": "Voucer",
    "/nases": "Gateway",
    "/calendar": "Kalender",
    "/policies": "Kebijakan",
    "/reports": "Laporan",
    "/users": "Akun",
    "/audit": "Jejak audit",
}
FOR_ALL = {"/", "/fibre", "/incidents", "/calendar", "/policies"}
THEIRS = {
    "ani": set(MENU),
    "budi": FOR_ALL | {"/complaints", "/vouchers"},
    "citra": {"/complaints"},
    "dewi": FOR_ALL | {"/reports"},
    "eko": FOR_ALL | {"/reports", "/audit"},
    "fajar": FOR_ALL | {"/complaints", "/nases", "/reports", "/audit"},
}


@pytest.mark.parametrize("name", PEOPLE)
def test_each_role_opens_what_its_menu_names_and_is_told_why_not_the_rest(office: Office, name: str) -> None:
    """As the office decided, written down here apart from office/roles.py."""
    with office.at(name) as page:
        assert menu(page) == [word for path, word in MENU.items() if path in THEIRS[name]]
        for path, word in MENU.items():
            page.goto(office.base + path)
            if path in THEIRS[name]:
                assert page.locator("nav.menu > a[aria-current]").inner_text() == word
                assert page.locator("h1").count() == 1, path
            else:
                assert "untuk tugas lain" in page.inner_text("main"), path


def test_an_authenticator_reads_the_second_factor_and_its_code_opens_the_office(office: Office, tmp_path: Path) -> None:
    """The picture on the screen, read by a program that knows nothing of us; codes by RFC 6238 written out here."""
    with office.home.store() as store, store.writing() as connection:
        accounts.create(connection, "gita", town.QUICK.hash(PASSWORD), office.home.now(), role=Role.READER)
    with office.at("gita") as page:
        page.goto(f"{office.base}/me")
        page.get_by_role("button", name="Setel", exact=True).click()
        page.locator(".qr").screenshot(path=str(tmp_path / "qr.png"))
        address = urlsplit(read_qr(tmp_path / "qr.png"))
        asked = parse_qs(address.query)
        assert (address.scheme, address.netloc) == ("otpauth", "totp")
        assert unquote(address.path).endswith(":gita")
        secret = b32decode(asked["secret"][0])
        used = int(time.time()) // 30
        page.fill("#code", code_of(secret, used))
        page.locator("form:has(#code) button").click()
        page.wait_for_selector("text=Faktor kedua sudah disetel")
    with chromium(office.driver, locale="id-ID") as page:
        page.goto(f"{office.base}/login")
        page.fill("#name", "gita")
        page.fill("#password", PASSWORD)
        page.click("form .button")
        page.fill("#code", code_of(secret, used))  # it has served once
        page.click("form .button")
        page.wait_for_selector("text=Kode tidak cocok")
        page.fill("#code", code_of(secret, max(int(time.time()) // 30, used + 1)))
        page.click("form .button")
        page.wait_for_selector("nav.menu")


def read_qr(picture: Path) -> str:
    command = [program("zbarimg", "zbar-tools"), "--raw", "--quiet", "-Sdisable", "-Sqrcode.enable", str(picture)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def code_of(secret: bytes, step: int) -> str:
    mac = hmac.new(secret, struct.pack(">Q", step), hashlib.sha1).digest()
    (number,) = struct.unpack(">I", mac[mac[19] & 15 :][:4])
    return f"{(number & 0x7FFFFFFF) % 1_000_000:06d}"


def test_the_summary_renews_itself_when_something_happens_and_not_when_told_to_stop(office: Office) -> None:
    with office.at("fajar") as page, office.home.store() as store:
        page.goto(office.base)
        page.wait_for_selector("text=Gangguan berlangsung")
        page.wait_for_timeout(1500)  # the listener has heard where it stands
        page.evaluate("window.untouched = true")
        with store.writing() as connection:
            connection.execute(update(incidents).values(closed_at=int(office.home.now())))
        page.wait_for_selector("text=tidak ada penyebab yang diketahui", timeout=30_000)
        assert page.evaluate("window.untouched")
        with store.writing() as connection:
            connection.execute(update(incidents).where(incidents.c.id == 1).values(closed_at=None))


def test_everything_works_without_scripts_and_by_keyboard(office: Office) -> None:
    with office.at("ani", java_script_enabled=False) as page:
        page.goto(f"{office.base}/calendar")
        page.locator("#label").focus()
        page.keyboard.type("Malam tahun baru")
        for _ in range(20):
            page.keyboard.press("Tab")
            if page.locator("button:focus", has_text="Simpan rencana").count():
                break
        page.keyboard.press("Enter")
        page.wait_for_selector("h3:has-text('Malam tahun baru')")


def test_no_screen_has_a_flaw_that_axe_knows_or_runs_over_a_phones_edge(office: Office, tmp_path: Path) -> None:
    """All of axe's rules in light; in dark only what a palette can change."""
    with office.home.store() as store, store.writing() as connection:
        connection.execute(update(complaints).where(complaints.c.id == 3).values(published_at=int(office.home.now())))
    found = []
    with office.at("ani", viewport={"width": 360, "height": 640}) as page:
        page.goto(f"{office.base}/vouchers")
        page.fill("#label", "Pasar malam")
        page.get_by_role("button", name="Buat kelompok").click()
        page.wait_for_url("**/vouchers/*")
        batch = page.url.removeprefix(office.base)
        for path in (*SCREENS, batch, f"{batch}/sheet"):
            page.emulate_media(color_scheme="light")
            page.goto(office.base + path)
            found += flaws(page)
            page.emulate_media(color_scheme="dark")
            found += flaws(page, "color-contrast")
            if page.evaluate("document.documentElement.scrollWidth") > 360:
                found.append(f"{path} is wider than the phone")
        page.emulate_media(color_scheme="dark", media="print")
        page.screenshot(path=str(tmp_path / "sheet.png"), full_page=True)
        links = page.locator(".voucher-qr").count() * [f"{office.home.portal_url}/"]
    assert found == []
    read = read_qr(tmp_path / "sheet.png").split("\n")
    assert len(set(read)) == len(links) >= 10  # each voucher another one, and all of them legible
    assert all(one.startswith(link) for one, link in zip(read, links, strict=True))


SCREENS = (
    *("/", "/wall", "/sites/alun-alun-besar", "/fibre", "/incidents", "/incidents/1", "/maintenance", "/complaints"),
    *("/complaints/2", "/complaints/new", "/sessions", "/sessions/2", "/vouchers", "/nases", "/policies", "/calendar"),
    *("/nases/gw-alun-alun-besar", "/users", "/audit", "/me", "/answers", "/reports"),
    "/reports/2026-10/freeze",
)
