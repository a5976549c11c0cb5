"""Sends the monitor's own sentences by Telegram while Alertmanager is away, and a sign of life to a watcher outside."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from hotspot.command import OperatorError, Settings
from hotspot.log import event
from hotspot.secret import Secret, SecretMissing, SecretUnusable
from hotspot.sites import Sites

TOKEN, HEARTBEAT = "telegram-token", "heartbeat-url"
EVERY = 30.0  # real seconds between two looks at Alertmanager
MISSES = 2  # in a row before it counts as away: one restart is not worth a second messenger
KEPT = 50  # sentences that wait at most; the oldest goes first
_PATIENCE = 10.0
log = logging.getLogger(__name__)

Call = Callable[[str, dict[str, str] | None], bool]


@dataclass(frozen=True)
class Route:
    """``token`` is None where the office has no Telegram, ``heartbeat`` where nobody outside watches."""

    alertmanager: str
    telegram: str
    chat: str
    token: Secret | None
    heartbeat: Secret | None


def needs(sites: Sites) -> Iterator[tuple[tuple[str | int, ...], tuple[str, ...]]]:
    """For hotspot.sites.load: a chat without its bot's token sends nothing."""
    if sites.messages.alerts.telegram:
        yield ("messages", "alerts", "telegram"), (TOKEN,)


def route(settings: Settings, sites: Sites) -> Route:
    environ, telegram = settings.environ, sites.messages.alerts.telegram
    return Route(
        environ.get("HOTSPOT_ALERTMANAGER", "http://127.0.0.1:9093").rstrip("/"),
        environ.get("HOTSPOT_TELEGRAM", "https://api.telegram.org").rstrip("/"),
        telegram.chat if telegram else "",
        _secret(settings, TOKEN) if telegram else None,
        _secret(settings, HEARTBEAT),
    )


@dataclass
class Fallback:
    """Sentences wait until it is known whether Alertmanager is there: then they are its business, or are sent."""

    way: Route
    call: Call
    _waiting: deque[str] = field(default_factory=lambda: deque(maxlen=KEPT))
    _missed: int = 0

    def tell(self, said: str) -> None:
        if self.way.token:
            self._waiting.append(said)

    def turn(self) -> None:
        """One look; blocking, so it runs in a thread."""
        if self.way.heartbeat:
            self.call(self.way.heartbeat.reveal(), None)
        if self.way.token is None:
            return
        if self.call(f"{self.way.alertmanager}/-/ready", None):
            self._missed = 0
            self._waiting.clear()
            return
        self._missed += 1
        if self._missed == MISSES:
            event(log, logging.WARNING, "Alertmanager is away; the monitor sends its sentences itself")
            self._waiting.appendleft("Alertmanager tidak menjawab; pesan berikut dikirim langsung oleh monitor.")
        while self._missed >= MISSES and self._waiting and self._send(self._waiting[0]):
            self._waiting.popleft()

    def _send(self, said: str) -> bool:
        assert self.way.token  # noqa: S101 - turn() has seen it
        url = f"{self.way.telegram}/bot{self.way.token.reveal()}/sendMessage"
        return self.call(url, {"chat_id": self.way.chat, "text": said})

    async def run(self) -> None:
        """Until cancelled; nothing to do is nothing to ask."""
        while self.way.token or self.way.heartbeat:
            await asyncio.to_thread(self.turn)
            await asyncio.sleep(EVERY)
        await asyncio.Event().wait()


def call(url: str, content: dict[str, str] | None) -> bool:
    """GET, or POST of JSON; whether it was taken."""
    if not url.startswith(("http://", "https://")):
        return False
    body = None if content is None else json.dumps(content).encode()
    asked = Request(url, body, {"Content-Type": "application/json"})  # noqa: S310 - the line above lets only HTTP through
    try:
        with urlopen(asked, timeout=_PATIENCE) as answer:  # noqa: S310 - as above
            return 200 <= int(answer.status) < 300
    except HTTPError as error:
        error.close()
        return False
    except (URLError, OSError, ValueError):
        return False


def _secret(settings: Settings, name: str) -> Secret | None:
    try:
        return settings.secrets.read(name)
    except SecretMissing:
        return None
    except SecretUnusable as error:
        raise OperatorError(str(error)) from None
