"""The audit log, the newest first, and whether its chain is whole."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from sqlalchemy import Connection

from office import anchor, audit
from office.anchor import Anchor, Lost
from office.desk import Desk, the_desk

pages = Blueprint("audit", __name__)


@pages.get("/audit")
def show() -> str:
    desk = the_desk()
    subject = request.args.get("subject", "").strip()
    with desk.store.reading() as connection:
        entries = audit.latest(connection, request.args.get("before", type=int), subject)
        count, last, broken = audit.verify(connection, whole=False)
        kept, gone = _anchor(connection, desk)
    return render_template(
        "audit.html",
        entries=entries,
        count=count,
        last=last,
        broken=broken,
        kept=kept,
        gone=gone,
        subject=subject,
        page=audit.PAGE,
    )


def _anchor(connection: Connection, desk: Desk) -> tuple[Anchor | None, Lost | None]:
    """What was noted beside the database, and whether the log lacks it."""
    kept = anchor.read(desk.anchor) if desk.anchor else None
    return kept, anchor.lost(connection, kept, int(desk.wall.now()), desk.sites.retention.audit)
