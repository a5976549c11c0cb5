"""The audit log, the newest first, and whether its chain is whole."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from office import audit
from office.desk import the_desk

pages = Blueprint("audit", __name__)


@pages.get("/audit")
def show() -> str:
    desk = the_desk()
    subject = request.args.get("subject", "").strip()
    with desk.store.reading() as connection:
        entries = audit.latest(connection, request.args.get("before", type=int), subject)
        count, last, broken = audit.verify(connection, whole=False)
    return render_template(
        "audit.html", entries=entries, count=count, last=last, broken=broken, subject=subject, page=audit.PAGE
    )
