"""Runs the probes that sites.yaml asks for, once a minute and side by side, and keeps what each found last."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from hotspot.command import OperatorError
from hotspot.log import event
from hotspot.metrics import Family, gauge
from hotspot.nas import NAS_KINDS
from hotspot.secret import SecretMissing, SecretSource, SecretUnusable
from hotspot.sites import Sites
from monitor.probes import citizen, dns, speed, status_server, web
from monitor.probes.captive import CHECKS
from monitor.probes.citizen import Journey
from monitor.probes.fetch import fetch
from monitor.probes.result import Result
from monitor.probes.way import Way

EVERY = 60.0  # real seconds, as everything here happens on the real wire
_KEPT = 2.5 * EVERY
_AT_ONCE = 8
_SPEED_EVERY = 86_400  # seconds between two downloads: they take the line from visitors
Keep = Callable[[str, Journey], None]
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Task:
    """``role`` is what is asked: web, check, dns, radius; or citizen, whose ``service`` is a site."""

    role: str
    service: str
    ask: Callable[[], Result | Journey]


def needs(sites: Sites) -> Iterable[tuple[tuple[str | int, ...], tuple[str, ...]]]:
    """For hotspot.sites.load: the secret that Status-Server is asked with."""
    if sites.probes and sites.probes.radius:
        nas = sites.nas[sites.probes.radius.nas]
        yield ("probes", "radius"), (NAS_KINDS[nas.kind].secret_name(nas.id),)


def tasks(sites: Sites, secrets: SecretSource) -> Iterator[Task]:
    probes, way = sites.probes, Way()
    if probes is None:
        return
    for service in sites.services if probes.services else ():
        yield Task("web", service.id, lambda url=str(service.url): web.judge_service(fetch(url, way)))  # type: ignore[misc]
    for check in CHECKS if probes.checks else ():
        yield Task("check", check.id, lambda one=check: web.judge_check(one, fetch(one.url, way)))  # type: ignore[misc]
    portal = urlsplit(str(sites.office.portal_url)).hostname or ""
    for resolver in probes.dns:
        by = Way(resolver=resolver.address)
        yield Task("dns", resolver.id, lambda by=by: _ask_name(by, portal))  # type: ignore[misc]
    yield from _radius(sites, secrets)
    for one in probes.citizens:
        yield Task("citizen", one.site, Visitor(Way(one.interface, one.dns), str(one.speed or "")).walk)


class Visitor:
    """A citizen who comes in, looks at the internet and, once a day, downloads a file."""

    def __init__(self, way: Way, file: str, now: Callable[[], float] = time.monotonic) -> None:
        self._way, self._file, self._now = way, file, now
        self._measured: float | None = None

    def walk(self) -> Journey:
        journey = citizen.walk(self._way)
        if journey.failed:
            return journey
        return replace(journey, answers=citizen.look_out(self._way), speed=self._speed())

    def _speed(self) -> float | None:
        now = self._now()
        if not self._file or (self._measured is not None and now - self._measured < _SPEED_EVERY):
            return None
        self._measured = now
        return speed.measure(self._file, self._way)


def _radius(sites: Sites, secrets: SecretSource) -> Iterator[Task]:
    asked = sites.probes.radius if sites.probes else None
    if asked is None:
        return
    nas = sites.nas[asked.nas]
    try:
        secret = secrets.read(NAS_KINDS[nas.kind].secret_name(nas.id))
    except (SecretMissing, SecretUnusable) as error:
        raise OperatorError(str(error)) from None
    for port, number in (("auth", asked.auth), ("acct", asked.acct)):
        where = (asked.address, number)
        yield Task("radius", port, lambda where=where: status_server.ask(where, secret, nas.id))  # type: ignore[misc]


def _ask_name(way: Way, host: str) -> Result:
    began = time.monotonic()
    try:
        return dns.judge(way.ask(host), time.monotonic() - began)
    except OSError as error:
        return dns.judge(error, 0.0)


class Rounds:
    """Threads do the asking, so that a probe that hangs delays no poll."""

    def __init__(
        self, asked: Iterable[Task], now: Callable[[], float] = time.time, keep: Keep = lambda _site, _journey: None
    ) -> None:
        """``keep`` writes down what a citizen found at a site."""
        self._tasks = list(asked)
        self._now = now
        self._keep = keep
        self._found: dict[tuple[str, str], tuple[float, Result | Journey]] = {}
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="probe") if self._tasks else None

    async def run(self) -> None:
        """Until cancelled."""
        while self._threads:
            await asyncio.gather(*(self._one(task) for task in self._tasks))
            await asyncio.sleep(EVERY)
        await asyncio.Event().wait()

    def close(self) -> None:
        if self._threads:
            self._threads.shutdown(wait=False, cancel_futures=True)

    async def _one(self, task: Task) -> None:
        key = (task.role, task.service)
        try:
            found = await asyncio.get_running_loop().run_in_executor(self._threads, self._ask, task)
        except Exception:  # a probe that breaks is a bug, and no reason to stop the others
            log.exception("probe %s %s failed", *key)
            return
        before = self._found.get(key)
        self._found[key] = (self._now(), found)
        ok = _ok(found)
        if ok != (before is None or _ok(before[1])):
            level = logging.INFO if ok else logging.WARNING
            event(log, level, "probe is well" if ok else "probe failed", role=key[0], service=key[1], why=found.why)

    def _ask(self, task: Task) -> Result | Journey:
        found = task.ask()
        if isinstance(found, Journey):
            self._keep(task.service, found)
        return found

    def families(self) -> Iterable[Family]:
        fresh = {key: found for key, (at, found) in self._found.items() if self._now() - at <= _KEPT}
        plain = {key: found for key, found in fresh.items() if isinstance(found, Result)}
        role = ("role", "service")
        yield gauge(
            "hotspot_probe_up",
            "1 while what a visitor or a NAS needs answers rightly.",
            role,
            ((key, float(found.ok)) for key, found in plain.items()),
        )
        yield gauge(
            "hotspot_probe_seconds",
            "How long the answer took.",
            role,
            ((key, found.seconds) for key, found in plain.items() if found.seconds is not None),
        )
        ends = ((key, web.days_left(found, self._now())) for key, found in plain.items())
        yield gauge(
            "hotspot_certificate_days_left",
            "Days until a TLS certificate ends.",
            role,
            ((key, left) for key, left in ends if left is not None),
        )
        yield gauge(
            "hotspot_citizen_step_ok",
            "1 where a citizen's way in succeeds: address, page, login, internet.",
            ("site", "reason"),
            (row for key, found in fresh.items() if isinstance(found, Journey) for row in _steps(key[1], found)),
        )
        walks = ((key[1], found) for key, found in fresh.items() if isinstance(found, Journey))
        yield gauge(
            "hotspot_citizen_step_seconds",
            "How long each step of a citizen's way in took, of those that went well.",
            ("site", "reason"),
            (((site, step), took) for site, found in walks for step, took in found.took),
        )


def _ok(found: Result | Journey) -> bool:
    return found.ok if isinstance(found, Result) else found.failed is None


def _steps(site: str, journey: Journey) -> Iterator[tuple[tuple[str, str], float]]:
    """The steps behind the one that failed are unknown."""
    for step in journey.done:
        yield (site, step), 1.0
    if journey.failed:
        yield (site, journey.failed), 0.0
