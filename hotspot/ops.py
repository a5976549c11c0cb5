"""The operator's listener of services on asyncio: is all well, and what was counted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus

from hotspot.metrics import CONTENT_TYPE
from hotspot.pages import Page, Query, Route, one_request, sentence


@dataclass(frozen=True)
class Health:
    well: bool
    sentence: str


class Ops:
    """``/-/healthy`` and ``/metrics``; :meth:`serve` is what ``asyncio.start_server`` calls."""

    def __init__(self, health: Callable[[], Awaitable[Health]], page: Callable[[], bytes]) -> None:
        self._health = health
        self._routes: dict[str, Route] = {
            "/-/healthy": self._healthy,
            "/metrics": lambda _query: Page(page(), content_type=CONTENT_TYPE),
        }

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await one_request(self._routes, reader, writer)

    async def _healthy(self, _query: Query) -> Page:
        health = await self._health()
        return sentence(HTTPStatus.OK if health.well else HTTPStatus.SERVICE_UNAVAILABLE, health.sentence)
