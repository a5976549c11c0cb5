"""Answered complaints for everybody, as a page and as RSS; nothing in them names a person."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime

from flask import Blueprint, Response, render_template

from office.desk import the_desk
from office.gather import complaints

MOST = 50

pages = Blueprint("answers", __name__)


@pages.get("/answers")
def page() -> str:
    desk = the_desk()
    with desk.store.reading() as connection:
        found = complaints.published(connection, MOST)
    return render_template("answers.html", found=found, sites=desk.sites.site)


@pages.get("/answers.rss")
def feed() -> Response:
    desk = the_desk()
    with desk.store.reading() as connection:
        found = complaints.published(connection, MOST)
    text = render_template(
        "answers.xml",
        found=found,
        sites=desk.sites.site,
        url=desk.outside.url,
        moment=lambda at: format_datetime(datetime.fromtimestamp(at, UTC)),
    )
    return Response(text, content_type="application/rss+xml; charset=utf-8", headers={"Cache-Control": "max-age=300"})
