"""The regency's own login against a real OpenID Connect provider, in a real browser with its cookie rules."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, sync_playwright

from office import accounts
from office.roles import Role
from tests.integration.office import town
from tests.peers.browser import chromium
from tests.peers.house import House, build
from tests.peers.oidc import provider

PASSWORD = "kuda hijau baterai"


@pytest.fixture(scope="module")
def driver() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture
def office(tmp_path: Path) -> Iterator[House]:
    with provider(tmp_path) as issuer:
        said = {"HOTSPOT_OFFICE_OIDC_ISSUER": issuer, "HOTSPOT_OFFICE_OIDC_CLIENT": "wifi-office"}
        said["HOTSPOT_OFFICE_OIDC_SECRET"] = "a secret of this test"
        here = build(tmp_path, rate=0, environ=said)
        with here.store() as store, store.writing() as connection:
            accounts.create(connection, "dewi", town.QUICK.hash(PASSWORD), here.now(), role=Role.READER)
            accounts.create(connection, "eko", town.QUICK.hash(PASSWORD), here.now(), role=Role.READER)
        with here.service("office"):
            yield here


def by_the_regency(page: Page, subject: str) -> None:
    page.fill("input[name=sub]", subject)
    page.get_by_role("button", name="Authorize").click()


def test_an_account_is_linked_once_and_then_opened_without_a_password(office: House, driver: Playwright) -> None:
    base = f"http://{office.address('office', 'office')}"
    with chromium(driver, locale="id-ID") as page:
        page.set_default_timeout(20_000)
        page.goto(f"{base}/login")
        page.get_by_role("link", name="Masuk dengan akun kabupaten").click()
        by_the_regency(page, "dewi@kabupaten")
        page.wait_for_selector("text=Belum ada akun di sini yang terhubung")

        page.fill("#name", "dewi")
        page.fill("#password", PASSWORD)
        page.click("form .button")
        page.goto(f"{base}/me")
        page.get_by_role("button", name="Hubungkan akun saya").click()
        by_the_regency(page, "dewi@kabupaten")
        page.wait_for_selector("text=Akun Anda terhubung dengan login kabupaten")

        page.get_by_role("button", name="Keluar").click()
        page.get_by_role("link", name="Masuk dengan akun kabupaten").click()
        by_the_regency(page, "dewi@kabupaten")
        page.wait_for_selector("nav.menu")
        assert page.locator("nav.menu form a").inner_text() == "dewi"

        page.goto(f"{base}/login/single/back?code=forged&state=forged&again=1")
        page.wait_for_selector("text=Login kabupaten tidak menerima Anda")
    assert "Traceback" not in office.log("office")
