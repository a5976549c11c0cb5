"""The pages through real clients: promtool, a Debian Prometheus with the shipped configuration, bare sockets."""

from __future__ import annotations

import asyncio
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from hotspot.command import OperatorError
from hotspot.metrics import Metrics
from hotspot.pages import Route, serve
from hotspot.sites import Sites
from monitor.expose.pages import Pages
from monitor.snapshot import Snapshot
from tests.integration.monitor.serving import listener
from tests.peers.process import free_port, program, wait_until
from tests.peers.prometheus import Prometheus, prometheus
from tests.unit.monitor import towns

DEPLOY = Path(__file__).parent.parent.parent.parent / "deploy"


@dataclass(frozen=True)
class Shown:
    """A snapshot on a listener."""

    snapshot: Snapshot
    port: int


@pytest.fixture
def shown(sites: Sites) -> Iterator[Shown]:
    snapshot = towns.snapshot()
    with listener(Pages(sites, snapshot, Metrics(), lambda: towns.NOW).routes()) as port:
        yield Shown(snapshot, port)


def exchange(port: int, *parts: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as wire:
        for part in parts:
            wire.sendall(part)
            time.sleep(0.05)
        answer = b""
        while more := wire.recv(65536):
            answer += more
    return answer


def test_our_own_metrics_have_nothing_that_promtool_would_change(shown: Shown) -> None:
    assert lint(exchange(shown.port, b"GET /metrics HTTP/1.1\r\n\r\n")) == (0, set())


def test_the_snmp_page_breaks_only_the_rule_that_snmp_exporters_names_break(shown: Shown) -> None:
    code, complaints = lint(exchange(shown.port, b"GET /snmp?target=core-kutoarjo HTTP/1.1\r\n\r\n"))

    assert code == 3, "3: readable, with complaints of style"
    assert complaints == {"should be written in 'snake_case' not 'camelCase'"}


def lint(answer: bytes) -> tuple[int, set[str]]:
    command = [program("promtool", "prometheus"), "check", "metrics"]
    done = subprocess.run(command, input=answer.split(b"\r\n\r\n", 1)[1], capture_output=True, check=False)
    said = (done.stdout + done.stderr).decode().splitlines()
    return done.returncode, {re.sub(r"^\S+ (metric|label) names ", "", line) for line in said}


@pytest.fixture(scope="module")
def scraped(sites: Sites, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Snapshot, Prometheus]]:
    """A snapshot, and a Prometheus that has seen it through the shipped configuration."""
    folder, snapshot = tmp_path_factory.mktemp("prometheus"), towns.snapshot()
    with (
        listener(Pages(sites, snapshot, Metrics(), lambda: towns.NOW).routes()) as port,
        prometheus(shipped_configuration(port, folder), folder) as server,
    ):
        wait_until(lambda: server.ask("ifHCInOctets"), "Prometheus has scraped a target that it discovered", 30)
        wait_until(lambda: server.ask("hotspot_device_up"), "Prometheus has scraped /metrics", 30)
        yield snapshot, server


def test_a_real_prometheus_discovers_scrapes_and_answers(scraped: tuple[Snapshot, Prometheus]) -> None:
    _snapshot, server = scraped
    core = server.ask('ifHCInOctets{instance="core-kutoarjo",ifName="sfp2"}')

    (labels,) = (dict(found) for found in core)
    assert labels == {
        "instance": "core-kutoarjo",
        "job": "snmp",
        "role": "router",
        "kecamatan": "Kutoarjo",
        "ifIndex": "2",
        "ifName": "sfp2",
        "ifAlias": "to Bruno",
        "ifDescr": "sfp2",
    }
    assert set(core.values()) == {8.0}
    assert server.value('sum by (site) (hotspot_ap_clients{site="romansa-kuliner"})') == 7
    assert server.value('up{job="snmp",instance="core-kutoarjo"}') == 1
    wait_until(lambda: server.value('up{job="snmp",instance="sw-bruno"}') == 0, "a silent target is down", 30)


def test_the_shipped_rules_alarm_on_the_cause_and_not_on_its_shadow(scraped: tuple[Snapshot, Prometheus]) -> None:
    _snapshot, server = scraped
    found = 'ALERTS{alertstate="firing",alertname=~"LinkDown|DeviceDown|Watchdog"}'
    wait_until(lambda: len(server.ask(found)) >= 3, "the alarms fire", 30)

    names = sorted(
        (labels["alertname"], labels.get("link") or labels.get("device") or "")
        for labels in map(dict, server.ask(found))
    )
    assert names == [("DeviceDown", "gw-romansa-kuliner"), ("LinkDown", "bruno"), ("Watchdog", "")]


def test_a_series_that_is_no_longer_shown_is_stale_at_once(scraped: tuple[Snapshot, Prometheus]) -> None:
    snapshot, server = scraped
    wait_until(lambda: server.ask("hotspot_link_up"), "the link is known", 30)
    links, snapshot.links = snapshot.links, {}

    wait_until(lambda: not server.ask("hotspot_link_up"), "its series is stale", 30)
    assert server.value('hotspot_device_up{device="core-kutoarjo"}') == 1
    snapshot.links = links


def shipped_configuration(port: int, folder: Path) -> Path:
    """deploy/prometheus as it is, but for the ports of this test and a faster pulse."""
    text = (DEPLOY / "prometheus" / "prometheus.yml").read_text()
    text = text.replace("127.0.0.1:9811", f"127.0.0.1:{port}")
    text = re.sub(r"127\.0\.0\.1:(9810|9812|9813|9093)", f"127.0.0.1:{free_port()}", text)
    text = re.sub(r"(scrape|evaluation)_interval: \d+s", r"\1_interval: 1s", text)
    rules = re.sub(r"for: \d+[mh]", "for: 1s", (DEPLOY / "prometheus" / "rules.yml").read_text())
    (folder / "rules.yml").write_text(rules)
    config = folder / "prometheus.yml"
    config.write_text(text)
    return config


def test_a_request_in_pieces_is_one_request_and_head_has_no_body(shown: Shown) -> None:
    whole = exchange(shown.port, b"GET /-/hea", b"lthy HTTP/1.1\r\nHost: x\r", b"\n\r\n")
    head = exchange(shown.port, b"HEAD /-/healthy HTTP/1.1\r\n\r\n")

    assert whole.startswith(b"HTTP/1.1 200 OK\r\n")
    assert whole.endswith(b"\r\n\r\nok\n")
    assert b"Content-Length: 3\r\n" in head
    assert head.endswith(b"\r\n\r\n")


def test_a_head_without_end_is_refused_and_a_client_that_stalls_is_let_go(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotspot.pages._PATIENCE", 0.3)

    assert exchange(shown.port, b"GET / HTTP/1.1\r\nX: " + b"a" * 9000).startswith(b"HTTP/1.1 400 ")
    assert exchange(shown.port, b"GET /-/healthy HTTP/1.1\r\n") == b""
    assert exchange(shown.port, b"GET /-/healthy HTTP/1.1\r\n\r\n").endswith(b"ok\n"), "others are served on"


def test_a_taken_port_is_told_in_one_sentence(shown: Shown) -> None:
    routes: dict[str, Route] = {}

    async def story() -> None:
        await serve("127.0.0.1", shown.port, routes, "HOTSPOT_MONITOR_LISTEN")

    with pytest.raises(OperatorError, match=rf"HOTSPOT_MONITOR_LISTEN=127.0.0.1:{shown.port}: .*stop what listens"):
        asyncio.run(story())


def test_a_slow_page_of_one_client_does_not_stop_the_listener(shown: Shown) -> None:
    with socket.create_connection(("127.0.0.1", shown.port)) as stalled:
        stalled.sendall(b"GET /metr")

        assert exchange(shown.port, b"GET /-/healthy HTTP/1.1\r\n\r\n").endswith(b"ok\n")
