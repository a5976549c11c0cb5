"""The Satu Data package of all frozen months, as a zip and file by file."""

from __future__ import annotations

from flask import Response, abort
from sqlalchemy import select

from hotspot.tables import frozen_months
from office.desk import the_desk
from office.open_data.door import JSON, handed_out, pages
from office.open_data.satu_data import files
from office.report.book import Book
from office.report.evidence import zipped
from office.report.freeze import frozen

KINDS = {"csv": "text/csv; charset=utf-8", "geojson": "application/geo+json", "json": JSON}


@pages.get("/api/v1/open-data.zip")
def package() -> Response:
    return handed_out(zipped(files(_closed(), the_desk().sites)), "application/zip")


@pages.get("/api/v1/open-data/<name>")
def one(name: str) -> Response:
    found = files(_closed(), the_desk().sites)
    if name not in found:
        abort(404)
    return handed_out(found[name], KINDS[name.rpartition(".")[2]])


def _closed() -> list[Book]:
    """Only what does not change any more is published: the difference of two drafts could be one person."""
    with the_desk().store.reading() as connection:
        months = connection.execute(select(frozen_months.c.month).order_by(frozen_months.c.month)).scalars().all()
        return [closed.book for month in months if (closed := frozen(connection, month))]
