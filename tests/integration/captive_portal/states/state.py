"""What a state of the portal is, and the portal on which it is shown."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import g
from sqlalchemy import delete, inspect

from hotspot.command import Settings
from hotspot.sites import Sites
from hotspot.store import open_store
from hotspot.tables import metadata
from tests.conftest import FixedClock
from tests.integration.captive_portal.conftest import MORNING, SECRETS, Portal, portal_on, with_more_nases
from tests.integration.captive_portal.ways.conftest import MORE_SECRETS, with_ways

NOW = int(MORNING)
AWAY = "gone"  # what a table is called whose database is away
MUSEUM: dict[str, Any] = {"nas": "gw-museum-tosan-aji", "site": "museum-tosan-aji"}

Show = Callable[[Portal, str], str]


@dataclass(frozen=True)
class State:
    """``show`` gives the page in a language; one that ``writes`` brings a fresh portal into the state first.

    ``ways`` are those that the places offer; none is the sample town's own, the tap.
    """

    name: str
    endpoint: str
    show: Show
    writes: bool = False
    ways: tuple[str, ...] = ()


class Stage:
    """A portal for each choice of ways, swept clean before a state is shown on it: starting one takes far longer."""

    def __init__(self, folder: Path, empty: Path, sites: Sites) -> None:
        self._folder, self._empty, self._town = folder, empty, with_more_nases(sites)
        secrets = {**SECRETS, **MORE_SECRETS, "HOTSPOT_SENDER_SMS_HOOK": "hook key of the test"}
        self._settings = Settings(Path("sites.yaml"), folder, "", None, False, "info", secrets)
        self._made: dict[tuple[str, ...], Portal] = {}
        self._used: set[tuple[str, ...]] = set()

    def show(self, state: State, language: str) -> str:
        return state.show(self.portal(state), language)

    def portal(self, state: State) -> Portal:
        portal = self._made.get(state.ways) or self._opened(state.ways)
        if state.ways in self._used:
            _sweep(portal)
        portal.app.lookout._seen = {}  # it looks anew for each state
        self._used.discard(state.ways)
        if state.writes:
            self._used.add(state.ways)
        return portal

    def _opened(self, ways: tuple[str, ...]) -> Portal:
        path = self._folder / f"{len(self._made)}.db"
        shutil.copy(self._empty, path)
        town = offering(self._town, *ways) if ways else self._town
        portal = portal_on(self._settings, town, open_store(f"sqlite:///{path}"), FixedClock())
        portal.app.lookout.keep = math.inf  # nobody looks in the background while the next state begins
        self._made[ways] = portal
        return portal

    def close(self) -> None:
        for portal in self._made.values():
            portal.store.close()


def _sweep(portal: Portal) -> None:
    """As it was when it was opened, but for the notices, which are written then."""
    with portal.store.writing() as connection:
        if inspect(connection).has_table(AWAY):
            connection.exec_driver_sql(f"ALTER TABLE {AWAY} RENAME TO intervals")
        for table in reversed(metadata.sorted_tables):
            if table.name != "notices":
                connection.execute(delete(table))
    portal.clock.at, portal.clock.rehearsal = MORNING, False
    portal.client = portal.app_of_flask.test_client()


def offering(sites: Sites, *ways: str) -> Sites:
    """With a number for each kind of message; nobody is behind the provider's address."""
    town = with_ways(sites, "http://127.0.0.1:9/", *ways)
    listening = tuple(sender.model_copy(update={"number": "+62 811 2345 678"}) for sender in town.messages.senders)
    messages = town.messages.model_copy(update={"senders": listening})
    kept = {name: getattr(town, name) for name in Sites.model_fields}
    return Sites.model_construct(**kept | {"messages": messages})


def get(path: str) -> Show:
    return lambda portal, language: fetched(portal, path, language)


def fetched(portal: Portal, path: str, language: str) -> str:
    return portal.client.get(f"{path}{'&' if '?' in path else '?'}lang={language}").text


@contextmanager
def asked(portal: Portal, language: str, form: Mapping[str, str] = {}) -> Iterator[None]:
    """Within a request of a form, for pages that only a part of the portal makes."""
    with portal.app_of_flask.test_request_context("/connect", method="POST", data=dict(form)):
        g.language = language
        yield
