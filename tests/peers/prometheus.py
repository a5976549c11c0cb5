"""Debian's Prometheus on loopback, asked by PromQL."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

from tests.peers.process import free_port, program, running, wait_until


@dataclass(frozen=True)
class Prometheus:
    """A running server."""

    url: str

    def ask(self, expression: str) -> dict[tuple[tuple[str, str], ...], float]:
        """An instant query: value by labels, without the metric's name."""
        found = {}
        for row in self.get(f"query?query={quote(expression)}")["result"]:
            labels = tuple(sorted((key, text) for key, text in row["metric"].items() if key != "__name__"))
            found[labels] = float(row["value"][1])
        return found

    def value(self, expression: str) -> float | None:
        """The only value of a query, or None while there is none."""
        values = list(self.ask(expression).values())
        assert len(values) < 2, values
        return values[0] if values else None

    def get(self, path: str) -> Any:
        with urlopen(f"{self.url}/api/v1/{path}", timeout=5) as answer:  # noqa: S310 - our own loopback server
            return json.load(answer)["data"]


@contextlib.contextmanager
def prometheus(config: Path, folder: Path) -> Iterator[Prometheus]:
    port = free_port()
    command = [
        program("prometheus", "prometheus"),
        f"--config.file={config}",
        f"--storage.tsdb.path={folder}/tsdb",
        f"--web.listen-address=127.0.0.1:{port}",
        "--log.level=warn",
    ]
    server = Prometheus(f"http://127.0.0.1:{port}")
    with running(command, folder / "prometheus.log"):
        wait_until(lambda: server.ask("vector(1)"), "Prometheus answers")
        yield server
