"""Server-sent events: a page hears that something changed and fetches itself again; nothing depends on it."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from flask import Blueprint, Response, request
from sqlalchemy import Connection, func, select

from hotspot.presence import clients_by_site
from hotspot.tables import complaints, incidents, states
from office.desk import Desk, the_desk

HOLD, LOOK = 25.0, 2.5  # seconds of one answer (nginx waits 30), and between two looks
LISTENERS = 3  # of a worker's eight threads; who comes later gets one look and asks again soon
AGAIN = 5  # seconds
SCRIPT = (Path(__file__).parent.parent / "static" / "live.js").read_text()

pages = Blueprint("live", __name__)
_places = threading.BoundedSemaphore(LISTENERS)


@pages.get("/live.js")
def script() -> Response:
    return Response(SCRIPT, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "max-age=3600"})


@pages.get("/live/events")
def events() -> Response:
    seen = request.headers.get("Last-Event-ID", "")
    return Response(stream(the_desk(), seen), content_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


def stream(desk: Desk, seen: str, hold: float = HOLD) -> Iterator[str]:
    """One ``changed`` for each change; the first look only tells where the listener stands."""
    if not _places.acquire(blocking=False):
        yield f"retry: {AGAIN * 1000}\n\n{_look(desk, seen)[1]}"
        return
    try:
        yield "retry: 2000\n\n"
        end = time.monotonic() + hold
        while True:
            seen, said = _look(desk, seen)
            yield said
            if time.monotonic() + LOOK > end:
                return
            time.sleep(LOOK)
    finally:
        _places.release()


def _look(desk: Desk, seen: str) -> tuple[str, str]:
    """Where the house stands and what to tell a listener who has ``seen``; one that has gone is noticed by writing."""
    with desk.store.reading() as connection:
        here = fingerprint(connection, desk.clock.now())
    if here == seen:
        return here, ": still here\n\n"
    return here, f"id: {here}\nevent: {'changed' if seen else 'begun'}\ndata: {here}\n\n"


def fingerprint(connection: Connection, at: float) -> str:
    """Changes when a state, an incident, a complaint or the number of clients does."""
    facts = (
        connection.execute(select(func.max(states.c.changed_at), func.count())).one(),
        connection.execute(select(func.max(incidents.c.id), func.count(incidents.c.closed_at))).one(),
        connection.execute(select(func.max(complaints.c.id), func.count(complaints.c.answered_at))).one(),
        sorted(clients_by_site(connection, at).items()),
    )
    return hashlib.sha256(repr([tuple(fact) for fact in facts]).encode()).hexdigest()[:16]
