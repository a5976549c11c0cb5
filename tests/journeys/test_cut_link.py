"""A fibre link is cut: one incident names it, in Prometheus and on the office's page, and its shadow raises none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import select

from hotspot.tables import incident_members, incidents
from tests.peers import browser
from tests.peers.house import House, house
from tests.peers.process import running, wait_until
from tests.peers.prometheus import Prometheus, prometheus

LINK, BEHIND = "bruno", "sw-bruno"
RATE = 20  # a poll a minute is one every three seconds


@dataclass
class Watched:
    home: House
    prometheus: Prometheus
    page: Page

    def fault(self, *words: str) -> None:
        told = self.home.command("hotspot-lab", "fault", *words)
        assert told.returncode == 0, told.stderr

    def value(self, expression: str) -> float | None:
        return self.prometheus.value(expression)


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    folder = tmp_path_factory.mktemp("cut")
    password = "kata sandi uji yang panjang"
    with ExitStack() as stack:
        home = stack.enter_context(house(folder, services=(), rate=RATE))
        for service, options in (("lab", ("--devices-only",)), ("monitor", ()), ("office", ())):
            stack.enter_context(home.service(service, *options))
        create(home, password, folder)
        server = stack.enter_context(prometheus(configuration(home, folder), folder))
        driver = stack.enter_context(sync_playwright())
        page = stack.enter_context(browser.chromium(driver, locale="en-GB", viewport={"width": 1200, "height": 900}))
        log_in(home, page, password)
        yield Watched(home, server, page)


def create(home: House, password: str, folder: Path) -> None:
    said = folder / "password"
    said.write_text(password + "\n")
    command = f"exec {browser.console('hotspot-office')} create-admin petugas < {said}"
    with running(["sh", "-c", command], folder / "create.log", home.environ) as process:
        assert process.wait(30) == 0, (folder / "create.log").read_text()


def configuration(home: House, folder: Path) -> Path:
    path = folder / "prometheus.yml"
    job = f"{{job_name: hotspot, static_configs: [{{targets: ['{home.address('monitor', 'monitor')}']}}]}}"
    path.write_text(f"global: {{scrape_interval: 1s}}\nscrape_configs: [{job}]\n")
    return path


def log_in(home: House, page: Page, password: str) -> None:
    page.goto(f"http://{home.address('office', 'office')}/")
    page.fill("input[name=name]", "petugas")
    page.fill("input[name=password]", password)
    page.click("form .button")
    page.wait_for_selector("text=Open incidents")


def incident_rows(home: House) -> list[tuple[str, str, int | None]]:
    query = select(incidents.c.cause, incidents.c.subject, incidents.c.closed_at).order_by(incidents.c.id)
    with home.store() as store, store.reading() as connection:
        return [tuple(row) for row in connection.execute(query)]


def test_a_cut_link_is_one_incident_and_its_shadow_none(watched: Watched) -> None:
    wait_until(lambda: watched.value(f'hotspot_link_up{{link="{LINK}"}}') == 1, "Prometheus sees the link up", 60)
    wait_until(lambda: watched.value("min(hotspot_device_up)") == 1, "every device answers", 60)
    assert incident_rows(watched.home) == []

    watched.fault("cut", LINK)

    wait_until(lambda: incident_rows(watched.home), "the monitor opens an incident", 60)
    assert incident_rows(watched.home) == [("link-down", LINK, None)]
    wait_until(lambda: watched.value(f'hotspot_link_up{{link="{LINK}"}}') == 0, "Prometheus sees the link down", 30)
    wait_until(lambda: watched.value("sum(hotspot_incidents_open)") == 1, "Prometheus counts one incident", 30)
    wait_until(lambda: darkened(watched.home) == {BEHIND}, "what lies behind joins the incident", 60)
    assert incident_rows(watched.home) == [("link-down", LINK, None)]


def darkened(home: House) -> set[str]:
    with home.store() as store, store.reading() as connection:
        return set(connection.execute(select(incident_members.c.subject)).scalars()) - {LINK}


def test_the_office_sees_the_link_and_what_it_darkens_in_one_line(watched: Watched) -> None:
    watched.page.reload()
    card = watched.page.locator("section", has=watched.page.get_by_role("heading", name="Open incidents"))
    rows = card.locator("tbody tr")

    assert rows.count() == 1
    assert "Bruno" in rows.first.inner_text()


def test_when_it_is_mended_the_incident_closes_everywhere(watched: Watched) -> None:
    watched.fault("mend", LINK)

    wait_until(lambda: incident_rows(watched.home)[0][2] is not None, "the incident closes", 60)
    wait_until(lambda: (watched.value("sum(hotspot_incidents_open)") or 0) == 0, "Prometheus counts none", 30)
    assert len(incident_rows(watched.home)) == 1
