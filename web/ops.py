"""The operator's paths, /-/healthy and /metrics, answered on the ops listener and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from hotspot.metrics import CONTENT_TYPE, Metrics

# What is wrong, in one sentence, or None.
Health = Callable[[], str | None]


class OpsDoor:
    """Looks at the port a request came in on: the ops port gets these two paths, every other port the room's pages."""

    def __init__(self, room: WSGIApplication, metrics: Metrics, healthy: Health, port: int | None) -> None:
        self._room = room
        self._metrics = metrics
        self._healthy = healthy
        self._port = str(port) if port else None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("SERVER_PORT") != self._port:
            return self._room(environ, start_response)
        status, kind, body = self._answer(str(environ.get("PATH_INFO", "")))
        start_response(f"{status.value} {status.phrase}", [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]

    def _answer(self, path: str) -> tuple[HTTPStatus, str, bytes]:
        text = "text/plain; charset=utf-8"
        if path == "/metrics":
            return HTTPStatus.OK, CONTENT_TYPE, self._metrics.page()
        if path == "/-/healthy":
            wrong = self._healthy()
            if wrong is None:
                return HTTPStatus.OK, text, b"healthy\n"
            return HTTPStatus.SERVICE_UNAVAILABLE, text, f"{wrong}\n".encode()
        return HTTPStatus.NOT_FOUND, text, b"this listener has /-/healthy and /metrics\n"
