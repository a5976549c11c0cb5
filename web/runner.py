"""Run a Flask room under gunicorn: two sockets, several workers, counters that are shared, a quick clean stop."""

from __future__ import annotations

import logging
import os
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from wsgiref.types import WSGIApplication

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.arbiter import Arbiter  # type: ignore[import-untyped]
from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from hotspot.command import OperatorError
from hotspot.log import event
from hotspot.metrics import share_between_workers
from hotspot.running import announce, withdraw
from web.worker import Worker, be_impatient

log = logging.getLogger(__name__)

STOP_SECONDS = 1  # gunicorn waits so long for requests, then for its workers: gone within three in all
BACKLOG = 1024

# Called in each worker after the fork with the ops port: a store or a log must not be shared between processes.
Load = Callable[[int], WSGIApplication]


@dataclass(frozen=True)
class Service:
    """``name`` is both the service's name and the name of its public listener in what it announces."""

    name: str
    public: tuple[str, int]
    ops: tuple[str, int]
    state: Path
    workers: int = 2
    threads: int = 8


def serve(service: Service, load: Load) -> int:
    """Bind, announce, and serve until SIGTERM or SIGINT; then leave nothing behind."""
    doors = [_door(listen(*service.public)), _door(listen(*service.ops))]
    if doors[0].port == doors[1].port:
        raise OperatorError(f"{service.name}: the public and the ops listener need different ports")
    share_between_workers(service.state / "metrics" / service.name)
    try:
        _Gunicorn(service, doors[0], doors[1], load).run()
    except SystemExit as stopped:
        return int(stopped.code or 0)
    return 0


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; binding it here gives one sentence when the port is taken, and a known port for 0.

    ``::`` is all addresses of both families, for visitors of gateways with IPv6.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        bound = socket.create_server(
            (host, port), family=family, backlog=BACKLOG, dualstack_ipv6=host == "::" and socket.has_dualstack_ipv6()
        )
    except OSError as error:
        reason = os.strerror(error.errno or 0)  # without the address that the standard library adds to it
        raise OperatorError(f"cannot listen on {host}:{port}: {reason}; is another one running?") from error
    be_impatient(bound)
    return bound


@dataclass(frozen=True)
class _Door:
    """A bound socket as gunicorn takes it over: the bare descriptor, which it then owns and closes."""

    descriptor: int
    written: str
    port: int


def _door(bound: socket.socket) -> _Door:
    host, port = bound.getsockname()[:2]
    written = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return _Door(bound.detach(), written, port)


class _Gunicorn(BaseApplication):  # type: ignore[misc]
    def __init__(self, service: Service, public: _Door, ops: _Door, load: Load) -> None:
        self._service = service
        self._public = public
        self._ops = ops
        self._load = load
        super().__init__()

    def load_config(self) -> None:
        settings: dict[str, Any] = {
            "bind": [f"fd://{self._public.descriptor}", f"fd://{self._ops.descriptor}"],
            "worker_class": Worker,
            "workers": self._service.workers,
            "threads": self._service.threads,
            "graceful_timeout": STOP_SECONDS,
            "keepalive": 2,
            "limit_request_line": 8190,  # a visitor's userurl may be 2 kB, percent-encoded
            "logger_class": _OurLog,
            "control_socket_disable": True,
            "proc_name": f"hotspot-{self._service.name}",
            "when_ready": self._ready,
            "on_exit": self._gone,
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> WSGIApplication:
        return self._load(self._ops.port)

    def _ready(self, _arbiter: Arbiter) -> None:
        addresses = {self._service.name: self._public.written, "ops": self._ops.written}
        announce(self._service.state / "run", self._service.name, addresses)
        event(log, logging.INFO, "ready", **addresses)

    def _gone(self, _arbiter: Arbiter) -> None:
        withdraw(self._service.state / "run", self._service.name)


class _OurLog(Logger):  # type: ignore[misc]
    """gunicorn's own events go through our log; there is no access log, because addresses carry flows."""

    def setup(self, cfg: Any) -> None:
        self.cfg = cfg
        self.error_log.propagate = True
        self.error_log.handlers = []
        self.error_log.setLevel(logging.WARNING)
        self.access_log.handlers = []
        self._access_log_enabled = False

    def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """A phone that fell silent in the middle of its request is no fault of ours."""
        if not isinstance(sys.exc_info()[1], BlockingIOError):
            super().exception(msg, *args, **kwargs)
