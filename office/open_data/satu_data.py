"""The Satu Data package of the closed months: tables, points, metadata and dictionary (pure).

Perpres 39/2019 asks for concept, definition, classification, measure and unit, and for reference codes: the codes of
kecamatan are those of the ministry. Counts are rounded to five, and nothing of fewer than ten devices is in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from hotspot.sites import Site, Sites
from office.anonymity import FEWEST, STEP, hidden_cells, rounded, without_company
from office.report import writing
from office.report.book import Book, Page
from office.report.csv_file import table
from office.report.figures import Value

COUNTS = ("sessions", "visits", "devices_daily_sum", "devices_month", "peak_clients")  # of people: hidden and rounded
OCTETS = ("download_bytes", "upload_bytes")  # of people too: hidden, not rounded
# Of these a sum of sites has a meaning; beside each its name in a day's line.
LINES = {
    "sessions": "sessions",
    "visits": "visits",
    "devices_daily_sum": "devices",
    "download_bytes": "download_bytes",
    "upload_bytes": "upload_bytes",
}
OTHERS = ("availability", "outages", "complaints", "complaints_on_time")  # of the network and the office
USAGE = (
    *("month", "site", "site_name", "kecamatan_code", "kecamatan", "lat", "lon"),
    *COUNTS,
    *OCTETS,
    *OTHERS,
    *("suppressed", "days_left_out"),
)
SITES = ("site", "site_name", "address", "kecamatan_code", "kecamatan", "lat", "lon", "accuracy_m", "estimate", "hours")
EVERYWHERE = "all"
LICENCE = "CC-BY-4.0"


def files(books: Sequence[Book], sites: Sites) -> dict[str, bytes]:
    """Names and contents; the same for the same closed months."""
    return {
        "penggunaan_wifi_bulanan.csv": table(USAGE, usage(books, sites)),
        "lokasi_wifi.csv": table(SITES, [_site(sites, site) for site in sites.sites]),
        "lokasi_wifi.geojson": _json(geojson(sites)),
        "kamus_data.csv": table(("column", "label", "unit", "definition", "doubt"), dictionary()),
        "metadata.json": _json(metadata(books, sites)),
    }


def usage(books: Sequence[Book], sites: Sites) -> list[tuple[Value, ...]]:
    """One line a site and month, and one a month for all sites that are shown.

    Were the hidden ones in it, the total less the others would give them away, and the others' days are in the API.
    """
    pages = {(page.site, book.month): page for book in books for page in book.sites}
    hidden = hidden_cells({cell: _devices(page.values) for cell, page in pages.items()})
    rows = []
    for book in books:
        told = [(page, _told(page)) for page in book.sites]
        shown = [(page, left) for page, left in told if left and (page.site, book.month) not in hidden]
        for page, left in told:
            hide = (page, left) not in shown
            rows.append(_usage(book.month, left or page, sites, hide=hide, left_out=0 if hide else _left_out(page)))
        rows.append(_everywhere(book, [left for _, left in shown if left], sites))
    return rows


def _left_out(page: Page) -> int:
    return len(without_company({day.day: day.devices for day in page.days}))


def _told(page: Page) -> Page | None:
    """A site's month less its last days where too few came for them to be in any sum; None when none is left."""
    alone = without_company({day.day: day.devices for day in page.days})
    if not alone:
        return page
    gone = [day for day in page.days if day.day in alone]
    less = {name: _int(page.values[name]) - sum(getattr(day, of) for day in gone) for name, of in LINES.items()}
    return replace(page, values={**page.values, **less}) if len(gone) < len(page.days) else None


def _everywhere(book: Book, shown: Sequence[Page], sites: Sites) -> tuple[Value, ...]:
    """The frozen total, or what the sites come to together as they are shown."""
    if [page.values for page in shown] == [page.values for page in book.sites]:
        return _usage(book.month, book.total, sites, hide=_devices(book.total.values) < FEWEST)
    sums = {name: sum(_int(page.values[name]) for page in shown) for name in LINES}
    values = {**book.total.values, **dict.fromkeys(COUNTS), **sums}
    line = _usage(book.month, replace(book.total, values=values), sites, hide=sums["devices_daily_sum"] < FEWEST)
    return (*line[:-2], 1, 0)


def _devices(values: Mapping[str, Value]) -> int:
    """How many stand behind a line at least: a month's distinct devices are never fewer than any day's."""
    return min(_int(values["devices_month"]), _int(values["devices_daily_sum"]))


def _usage(month: str, page: Page, sites: Sites, *, hide: bool, left_out: int = 0) -> tuple[Value, ...]:
    known = sites.site.get(page.site)
    place: tuple[Value, ...] = (known.at.lat, known.at.lon) if known else (None, None)
    counts = [None if hide or page.values[name] is None else rounded(_int(page.values[name])) for name in COUNTS]
    octets = [None if hide else page.values[name] for name in OCTETS]
    others = [page.values[name] for name in OTHERS]
    district = sites.kecamatan_name.get(page.kecamatan, "")
    site = page.site or EVERYWHERE
    lat, lon = (None if value is None else f"{value:.5f}" for value in place)
    return (month, site, page.name, page.kecamatan, district, lat, lon, *counts, *octets, *others, int(hide), left_out)


def _int(value: Value) -> int:
    return int(value) if isinstance(value, (int, float)) else 0


def _site(sites: Sites, site: Site) -> tuple[Value, ...]:
    district, at = sites.kecamatan_name.get(site.kecamatan, ""), site.at
    point = (f"{at.lat:.5f}", f"{at.lon:.5f}", at.accuracy_m, int(at.estimate))
    return (site.id, site.name, site.address, site.kecamatan, district, *point, str(site.hours.daily))


def geojson(sites: Sites) -> dict[str, Any]:
    """RFC 7946: longitude first."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": site.id,
                "geometry": {"type": "Point", "coordinates": [site.at.lon, site.at.lat]},
                "properties": dict(zip(SITES, _site(sites, site), strict=True)),
            }
            for site in sites.sites
        ],
    }


def dictionary() -> list[tuple[Value, ...]]:
    words, about = writing.words()["open_data"]["columns"], writing.words()["metrics"]
    rows: list[tuple[Value, ...]] = []
    for column in dict.fromkeys((*USAGE, *SITES)):
        told = about.get(column) or words[column]
        rows.append((column, told["label"], told.get("unit", "text"), told["definition"], told.get("doubt", "")))
    return rows


def metadata(books: Sequence[Book], sites: Sites) -> dict[str, Any]:
    words = writing.words()["open_data"]
    months = [book.month for book in books]
    return {
        "judul": words["title"].format(region=sites.office.region),
        "konsep": words["concept"],
        "definisi": words["definition"],
        "klasifikasi": words["classification"],
        "ukuran": words["measure"],
        "satuan": words["unit"],
        "frekuensi": "bulanan",
        "periode": {"dari": months[0] if months else None, "sampai": months[-1] if months else None},
        "kode_wilayah": sites.office.region_code,
        "produsen_data": sites.office.name,
        "walidata": sites.office.name,
        "kontak": sites.office.data_protection_contact,
        "lisensi": LICENCE,
        "anonimisasi": words["anonymity"].format(fewest=FEWEST, step=STEP),
        "contoh": sites.sample,
        "kamus": "kamus_data.csv",
    }


def _json(content: dict[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
