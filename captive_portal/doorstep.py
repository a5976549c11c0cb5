"""In front of Flask: checks of phones and arrivals, which come in storms and need neither a template nor the store.

An arrival page is rendered once for each place, language and state; all that differs between two visitors is the
sealed flow, which is put into a rendered page here.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from captive_portal.failure import recognise
from captive_portal.flow import Flow, is_fresh
from captive_portal.funnel import Step, family_of, is_probe
from captive_portal.nas import Arrival, Door, News
from captive_portal.outlook import Outlook
from captive_portal.portal import Portal
from captive_portal.query import Query
from captive_portal.wispr import is_smart_client
from hotspot.doors import closing
from hotspot.sites import Policy
from web.language import choose

ARRIVE = "/arrive/"
LOOK = "captive_portal.look"  # key in the WSGI environment: what the page shall look like
FLOW = "captive_portal.flow"  # and, where the page is a visitor's own, the flow that it shall carry
MARK = "TOKEN-OF-THE-FLOW"  # stands in a rendered page where a visitor's own token goes
MOST_PAGES = 512

# What phones ask to find a portal, should a NAS send the check itself here (research of PacketFence, AOSP, NCSI). The
# answer is never what they hope for: that would tell them that they are online.
PROBES = frozenset(
    (
        *("/generate_204", "/gen_204", "/hotspot-detect.html", "/library/test/success.html", "/connecttest.txt"),
        *("/ncsi.txt", "/redirect", "/canonical.html", "/success.txt", "/check_network_status.txt"),
        *("/static/hotspot.txt", "/kindle-wifi/wifistub.html"),
    )
)


# How the requests begin that are answered out of memory, as a rule (web/worker.py).
QUICK = (f"GET {ARRIVE}".encode(), *(f"GET {path} ".encode() for path in sorted(PROBES)))


class Look(NamedTuple):
    """All that a page depends on but the visitor. ``minute`` moves only where the page shows the rehearsal's clock.

    ``policy`` is the name of the one that stands, ``because`` that of the event that keeps the place closed.
    """

    nas: str
    language: str
    failed: StrEnum | None
    opens: int | None
    outlook: Outlook
    minute: int
    policy: str
    because: str


class Shelved(NamedTuple):
    headers: list[tuple[str, str]]
    parts: list[bytes]


class Doorstep:
    def __init__(self, room: WSGIApplication, portal: Portal, ops_port: int | None) -> None:
        self._room = room
        self._portal = portal
        self._ops = str(ops_port) if ops_port else None
        self._shelf: dict[Look, Shelved] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or environ.get("SERVER_PORT") == self._ops:
            return self._room(environ, start_response)
        if path in PROBES:
            return self._probed(start_response)
        if not path.startswith(ARRIVE) or (door := self._portal.doors.get(path.removeprefix(ARRIVE))) is None:
            return self._room(environ, start_response)
        arrived = self._arrival(door, environ)
        if arrived is None:
            return self._room(environ, start_response)
        flow, look = arrived
        smart = is_smart_client(environ.get("HTTP_USER_AGENT", ""))
        if smart or is_personal(self._portal.sites.policies[look.policy]):
            self._count(door, look, environ)
            return self._room({**environ, LOOK: look, FLOW: flow}, start_response)
        page = self._shelf.get(look) or self._rendered(environ, look)
        self._count(door, look, environ)
        body = self._portal.sealer.seal(flow).encode().join(page.parts)
        start_response("200 OK", [*page.headers, ("Content-Length", str(len(body)))])
        return [body] if environ["REQUEST_METHOD"] == "GET" else []

    def _arrival(self, door: Door, environ: WSGIEnvironment) -> tuple[Flow, Look] | None:
        """A visitor who may see the page, or None: the room's view says what else there is."""
        query = Query.parse(environ.get("QUERY_STRING", ""))
        if "flow" in query.fields:
            return None
        arrival, now = self._portal.kind(door.nas).arrive(query, door), self._portal.now()
        if not isinstance(arrival, Arrival) or arrival.news not in (News.NEW, News.FAILED):
            return None
        if arrival.at is not None and not is_fresh(arrival.at, now):
            return None
        keys, proved = arrival.keys, arrival.proved
        flow = Flow(secrets.token_hex(12), door.nas.id, arrival.mac, arrival.ip, keys, int(now), proved)
        language = choose(
            query.get("lang"), wanted(environ.get("HTTP_ACCEPT_LANGUAGE", "")), self._portal.sites.languages
        )
        failed = recognise(arrival.says) if arrival.news is News.FAILED else None
        return flow, look_at(self._portal, door, language, failed, now)

    def _rendered(self, environ: WSGIEnvironment, look: Look) -> Shelved:
        """The room renders it, with its headers; it is kept for all who come after."""
        kept: list[tuple[str, str]] = []
        status_of: list[str] = []

        def keep(status: str, headers: list[tuple[str, str]], _error: object = None) -> object:
            status_of.append(status)
            kept.extend(header for header in headers if header[0] != "Content-Length")
            return bytes

        answer = self._room({**environ, "REQUEST_METHOD": "GET", LOOK: look}, keep)  # type: ignore[arg-type]
        page = Shelved(kept, b"".join(answer).split(MARK.encode()))
        if status_of == ["200 OK"]:
            if len(self._shelf) >= MOST_PAGES:
                self._shelf.clear()
            self._shelf[look] = page
        return page

    def _count(self, door: Door, look: Look, environ: WSGIEnvironment) -> None:
        self._portal.counters.page(door.nas.site, look.language, look.failed.value if look.failed else "shown")
        agent = environ.get("HTTP_USER_AGENT", "")
        step = Step.PROBE if is_probe(agent) else Step.PAGE
        self._portal.funnel.count(door.nas.site, family_of(agent), step)

    def _probed(self, start_response: StartResponse) -> list[bytes]:
        """To the start page, and not to be remembered (RFC 9110 section 15.4.3)."""
        where = ("Location", f"{self._portal.url}/")
        start_response("302 Found", [where, ("Cache-Control", "no-store"), ("Content-Length", "0")])
        return []


def is_personal(policy: Policy) -> bool:
    """Whether a visitor may have begun to come in before: a code on its way, a scanned voucher, a phone we know."""
    return not set(policy.ways) <= {"tap", "code", "staff"}


def look_at(portal: Portal, door: Door, language: str, failed: StrEnum | None, now: float) -> Look:
    site = portal.site_of(door.nas)
    outlook, gates = portal.lookout.of(site.id, now), portal.doors_of(site)
    closed = closing(outlook.events, now)
    return Look(
        nas=door.nas.id,
        language=language,
        failed=failed,
        opens=None if gates.are_open else gates.until,
        outlook=outlook,
        minute=int(now) // 60 if portal.clock.rehearsal else 0,
        policy=portal.policy_name(site),
        because=closed.label if closed else "",
    )


@lru_cache(maxsize=256)
def wanted(header: str) -> tuple[str, ...]:
    """A browser's languages, best first."""
    return tuple(tag for tag, quality in parse_accept_header(header, LanguageAccept) if quality > 0)
