"""Every query of the shipped dashboards runs in a real Prometheus and asks for metrics that this house has."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard

from hotspot.metrics import Metrics
from hotspot.sites import Sites
from monitor.expose.pages import Pages
from tests.integration.monitor.serving import listener
from tests.peers.process import wait_until
from tests.peers.prometheus import Prometheus, prometheus
from tests.unit.monitor import towns

ROOT = Path(__file__).parents[3]
DASHBOARDS = sorted((ROOT / "deploy" / "grafana" / "dashboards").glob("*.json"))
ROOMS = ("monitor", "radius", "captive_portal", "hotspot", "office")
KNOWN_ELSEWHERE = re.compile(r"up|ALERTS|scrape_.*|process_.*|ifHC.*Octets|link:.*")


@pytest.fixture(scope="module")
def server(sites: Sites, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    """A Prometheus with the shipped rules that scrapes a monitor's pages."""
    folder = tmp_path_factory.mktemp("dashboards")
    rules = ROOT / "deploy" / "prometheus" / "rules.yml"
    with listener(Pages(sites, towns.snapshot(), Metrics(), lambda: towns.NOW).routes()) as port:
        job = f"{{job_name: hotspot-monitor, static_configs: [{{targets: ['127.0.0.1:{port}']}}]}}"
        config = folder / "prometheus.yml"
        interval = "{scrape_interval: 1s, evaluation_interval: 1s}"
        config.write_text(f"global: {interval}\nrule_files: ['{rules}']\nscrape_configs: [{job}]\n")
        with prometheus(config, folder) as running:
            wait_until(lambda: running.ask("link:availability:ratio30d"), "the rules have recorded", 30)
            yield running


def panels(file: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(file.read_text())["panels"]
    return found


def queries(file: Path) -> list[str]:
    texts = [target["expr"] for panel in panels(file) for target in panel["targets"]]
    return [re.sub(r"\$(site|link)", ".*", text).replace("$__rate_interval", "1m") for text in texts]


def test_the_six_dashboards_are_there() -> None:
    assert {file.stem for file in DASHBOARDS} == {
        *("overview", "site", "fibre", "access-points", "radius-portal", "monitor"),
    }


@pytest.mark.parametrize("file", DASHBOARDS, ids=lambda file: file.stem)
def test_every_query_runs_and_the_monitors_own_have_answers(file: Path, server: Prometheus) -> None:
    answered = 0
    for text in queries(file):
        answer = server.get(f"query?query={quote(text)}")
        answered += bool(answer["result"])
        server.get(f"query_range?query={quote(text)}&start=1780000000&end=1780000060&step=15")

    assert answered or file.stem == "radius-portal"


@pytest.mark.parametrize("file", DASHBOARDS, ids=lambda file: file.stem)
def test_every_metric_is_one_that_a_service_shows(file: Path) -> None:
    source = "\n".join(path.read_text() for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    plain = " ".join(re.sub(r"\{[^}]*\}|\[[^\]]*\]|(by|without) \([^)]*\)", "", text) for text in queries(file))
    names = {word for word in re.findall(r"[a-zA-Z_:]{2,}(?![\w(])", plain) if "_" in word or ":" in word}

    for name in sorted(names):
        declared = re.sub(r"_bucket$", "", name)
        assert KNOWN_ELSEWHERE.fullmatch(name) or f'"{declared}"' in source, name


@pytest.mark.parametrize("file", DASHBOARDS, ids=lambda file: file.stem)
def test_a_dashboard_names_no_server_of_its_own_and_each_panel_has_its_place(file: Path) -> None:
    board = json.loads(file.read_text())
    places = [tuple(panel["gridPos"].values()) for panel in board["panels"]]

    assert board["uid"] == f"hotspot-{file.stem}"
    assert {panel["datasource"]["uid"] for panel in board["panels"]} == {"${datasource}"}
    assert len(set(places)) == len(places)
    assert len({panel["id"] for panel in board["panels"]}) == len(places)


def lost(mine: Any, back: Any) -> Iterator[str]:
    """What of one text is not in another, by its place."""
    if isinstance(mine, dict) and isinstance(back, dict):
        for key, value in mine.items():
            yield from (f"{key} {word}".strip() for word in lost(value, back.get(key)))
    elif isinstance(mine, list) and isinstance(back, list) and len(mine) == len(back):
        for one, other in zip(mine, back, strict=True):
            yield from lost(one, other)
    elif mine != back:
        yield ""


@pytest.mark.parametrize("file", DASHBOARDS, ids=lambda file: file.stem)
def test_grafanas_own_model_of_a_dashboard_knows_every_key_of_ours(file: Path) -> None:
    """Read and written by the library that Grafana generates from its schema, which drops what it does not know."""
    board = json.loads(file.read_text())
    back = json.loads(JSONEncoder().encode(Dashboard.from_json(board)))

    assert list(lost(board, back)) == []
    assert list(lost({**board, "panles": []}, back)) == ["panles"]
