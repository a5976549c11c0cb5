"""The real command under gunicorn, its accounts from a shell, and a real browser that logs in and looks."""

from __future__ import annotations

import json
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright, sync_playwright
from sqlalchemy import update

from hotspot.running import addresses_of
from hotspot.tables import audit
from tests.integration.office import town
from tests.peers.browser import chromium, console
from tests.peers.house import ROOT, House, build, house
from tests.peers.process import wait_until

PASSWORD = "kuda hijau baterai"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[House]:
    """The console of a full town, at half past seven in the evening."""
    with house(tmp_path, services=["office"], at="2026-11-24T19:30:00+07:00", rate=0) as running:
        with running.store() as store:
            town.fill(store, running.sites, running.now())
        yield running


@pytest.fixture(scope="module")
def driver() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


def account(where: House, action: str, name: str, password: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [console("hotspot-office"), action, name],
        input=password + "\n",
        env=where.environ,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def fetch(address: str, path: str) -> str:
    with urllib.request.urlopen(f"http://{address}{path}", timeout=10) as answer:
        return str(answer.read().decode())


def test_an_account_is_made_from_one_line_and_never_twice(tmp_path: Path) -> None:
    here = build(tmp_path)

    short = account(here, "create-admin", "ani", "kuda")
    made = account(here, "create-admin", "ani", PASSWORD)
    again = account(here, "create-admin", "ani", PASSWORD)

    assert (short.returncode, made.returncode, again.returncode) == (1, 0, 1)
    assert short.stderr == "the password has 4 characters; use at least 12, for example four words\n"
    assert made.stdout == "account ani made; make a second one, so that one lost phone does not close the office\n"
    assert again.stderr == "there is already an account ani; to change its password: set-password ani\n"


def test_what_cannot_be_done_to_an_account_is_said_in_one_line(tmp_path: Path) -> None:
    here = build(tmp_path)

    assert account(here, "disable", "budi").stderr == "there is no account budi; to make it: create-admin budi\n"
    assert account(here, "create-admin", "Budi!", PASSWORD).stderr.startswith("'Budi!' is not a name for an account;")
    nameless = here.command("hotspot-office", "create-admin")
    assert nameless.returncode == 2
    assert "which account? hotspot-office create-admin NAME" in nameless.stderr


def test_the_last_two_admins_stay_and_the_audit_log_tells_what_commands_did(tmp_path: Path) -> None:
    here = build(tmp_path)
    for name in ("ani", "budi"):
        account(here, "create-admin", name, PASSWORD)

    kept = account(here, "disable", "budi")
    whole = here.command("hotspot-office", "verify-audit")
    with here.store() as store, store.writing() as connection:
        connection.execute(update(audit).values(by="somebody else"))
    broken = here.command("hotspot-office", "verify-audit")

    assert kept.returncode == 1
    assert kept.stderr.startswith("without budi there would be fewer than two network admins; make another one first")
    assert (whole.returncode, broken.returncode) == (0, 1)
    assert whole.stdout.startswith("audit log: 2 entries, the chain is whole; the last hash is ")
    assert broken.stderr == "the audit log is broken: entry 1 was changed; compare it with a backup\n"


def test_check_says_fine_and_that_nobody_can_log_in_yet(tmp_path: Path) -> None:
    here = build(tmp_path)

    before = here.command("hotspot-office", "--check")
    account(here, "create-admin", "ani", PASSWORD)
    after = here.command("hotspot-office", "--check")

    assert (before.returncode, after.returncode) == (0, 0)
    assert before.stdout == "office: fine (6 sites); no account can log in yet: hotspot-office create-admin NAME\n"
    assert after.stdout == "office: fine (6 sites)\n"


def test_check_names_the_missing_key(tmp_path: Path) -> None:
    here = build(tmp_path)
    (here.state / "secrets" / "office-key").unlink()

    done = here.command("hotspot-office", "--check")

    assert done.returncode == 1
    assert "office: secret office-key is missing: set HOTSPOT_OFFICE_KEY" in done.stderr


def test_the_service_starts_with_several_workers_and_stops_cleanly_and_soon(office: House) -> None:
    process = office.processes["office"]
    wait_until(lambda: len(children(process.pid)) >= 2, "two workers")
    workers = children(process.pid)

    began = time.monotonic()
    process.terminate()
    assert process.wait(10) == 0
    assert time.monotonic() - began < 5
    assert addresses_of(office.state / "run", "office") is None
    wait_until(lambda: not any(map(is_alive, workers)), "the workers are gone too", 2)


def children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def is_alive(pid: str) -> bool:
    """A zombie that nobody has collected yet is not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_the_ops_listener_has_health_and_metrics_and_the_public_one_has_not(office: House) -> None:
    ops, public = office.address("office", "ops"), office.address("office", "office")

    assert fetch(ops, "/-/healthy") == "healthy\n"
    with pytest.raises(urllib.error.HTTPError, match="404"):
        fetch(public, "/metrics")
    assert len(json.loads(fetch(public, "/api/v1/status"))["sites"]) == 6


LOOKS: dict[str, dict[str, Any]] = {
    "wide and dark": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 640}},
    "without scripts": {"viewport": {"width": 1280, "height": 800}, "java_script_enabled": False},
}


@pytest.mark.parametrize("look", LOOKS)
def test_a_member_of_staff_logs_in_looks_and_answers(office: House, driver: Playwright, look: str) -> None:
    assert account(office, "create-admin", "ani", PASSWORD).returncode == 0
    base, context = f"http://{office.address('office', 'office')}", LOOKS[look]
    with chromium(driver, locale="id-ID", **context) as page:
        page.set_default_timeout(30_000)
        page.goto(f"{base}/complaints")
        page.fill("#name", "ani")
        page.fill("#password", PASSWORD)
        page.click("button.button")
        page.wait_for_url(f"{base}/complaints")
        page.fill("#answer-2", "Titik akses sudah kami geser ke timur.")
        page.locator("#complaint-2 button").click()
        page.wait_for_url("**/complaints?answered=2")
        assert "Jawaban untuk nomor 2 tersimpan" in page.inner_text("main")

        for path, shown in (("/?still=1", "Tautan putus: Purworejo - Kutoarjo"), ("/sites/alun-alun-besar", "200")):
            page.goto(base + path)
            assert shown in page.inner_text("main")
            if look != "without scripts":  # which could not measure
                assert page.evaluate("document.documentElement.scrollWidth") <= context["viewport"]["width"]
        page.click("text=Keluar")
        page.wait_for_url(f"{base}/login")

    metrics = fetch(office.address("office", "ops"), "/metrics")
    assert 'hotspot_office_logins_total{result="accepted"} 1.0' in metrics
    log = office.log("office")
    assert "Traceback" not in log
    assert "ani" not in log
