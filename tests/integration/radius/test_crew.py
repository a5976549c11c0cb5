"""Several workers on one PostgreSQL: one after the other is replaced under load, and nothing is lost."""

from __future__ import annotations

import os
import signal
import urllib.request
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from hotspot.store import Store
from tests.chaos.__main__ import free_ports, town_on
from tests.chaos.evidence import findings
from tests.chaos.fleet import Fleet
from tests.chaos.trial import Life
from tests.integration.radius.conftest import Town
from tests.peers.process import wait_until


@pytest.fixture
def host(postgres_store: Store, tmp_path: Path) -> Town:
    return town_on(tmp_path, postgres_store)


@pytest.fixture
def load(host: Town) -> Iterator[tuple[Fleet, dict[str, str]]]:
    ports = free_ports() | {"HOTSPOT_RADIUS_WORKERS": "2"}
    server, _, port = ports["HOTSPOT_RADIUS_ACCT"].rpartition(":")
    nases = [(nas.id, nas.address, host.secret(nas.id).encode()) for nas in host.sites.nases]
    fleet = Fleet(nases, (server, int(port)), host.state / "acknowledged.log")
    yield fleet, ports
    fleet.stop()


def test_workers_and_the_whole_service_are_replaced_under_load_and_no_report_is_lost(
    host: Town, load: tuple[Fleet, dict[str, str]]
) -> None:
    fleet, ports = load
    fleet.start()
    life = Life(host, ports)
    assert life.wait_ready(), host.log.read_text()
    for how in (signal.SIGTERM, signal.SIGTERM, signal.SIGKILL):
        _goes_on(fleet)
        worker = min(_workers(life))
        os.kill(worker, how)
        wait_until(partial(_has_two_without, life, worker), "another worker took the place")
    _goes_on(fleet)
    counted = urllib.request.urlopen(f"http://{ports['HOTSPOT_RADIUS_OPS']}/metrics", timeout=5).read().decode()
    life.process.terminate()
    assert life.process.wait(5) == 0, host.log.read_text()

    life = Life(host, ports)
    assert life.wait_ready(), host.log.read_text()
    _goes_on(fleet)
    fleet.pause()
    wait_until(lambda: fleet.is_idle, "every report is acknowledged")
    life.process.terminate()
    assert life.process.wait(5) == 0, host.log.read_text()

    assert findings(host, fleet.stop()) == []
    assert 'hotspot_radius_requests_total{code="accounting-request"' in counted
    assert "hotspot_radius_database_up 1.0" in counted


def _goes_on(fleet: Fleet) -> None:
    before = fleet.tried
    wait_until(lambda: fleet.tried > before + 300, "reports are acknowledged, and new ones sent")


def _has_two_without(life: Life, gone: int) -> bool:
    return len(_workers(life) - {gone}) == 2


def _workers(life: Life) -> set[int]:
    children: Callable[[], str] = Path(f"/proc/{life.process.pid}/task/{life.process.pid}/children").read_text
    return {int(pid) for pid in children().split()}
