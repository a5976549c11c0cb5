"""The public API: sites, their state, their use, in counts that no single visitor stands behind."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, request

from hotspot.clock import local_day
from hotspot.sites import Sites
from office import town
from office.anonymity import FEWEST, public_count
from office.desk import the_desk
from office.gather import days as rolled
from office.gather import incidents
from office.gather.now import now
from office.open_data.door import answer, pages
from office.overview import site_rows
from office.published import by_day, by_month, month_end, understand


@pages.get("/api/v1/sites")
def sites() -> Response:
    return answer({"sites": [_described(the_desk().sites, site.id) for site in the_desk().sites.sites]})


@pages.get("/api/v1/status")
def status() -> Response:
    desk = the_desk()
    at = desk.clock.now()
    with desk.store.reading() as connection:
        facts = now(connection, at, desk.sites)
        going_on = incidents.open_incidents(connection)
    rows = site_rows(desk.sites, facts)
    return answer(
        {
            "sites": [
                {"site": r.site.id, "state": r.state, "open": r.is_open, **_counted("clients", r.clients)} for r in rows
            ],
            "districts": {
                "active": town.active_districts(desk.sites),
                "all": len(desk.sites.kecamatan),
            },
            "incidents_open": len(going_on),
        }
    )


@pages.get("/api/v1/usage")
def usage() -> Response:
    desk = the_desk()
    today = date.fromisoformat(local_day(desk.clock.now(), desk.sites.timezone))
    question = understand(request.args.to_dict(), desk.sites, today)
    if isinstance(question, str):
        return answer({"error": question}, 400)
    first, last = question.first.replace(day=1), month_end(question.last)
    with desk.store.reading() as connection:
        only = question.site if question.by == "day" else None
        found = rolled.days(connection, str(first), str(last), desk.sites.timezone, only)
        devices = rolled.month_devices(connection, str(first)[:7], str(last)[:7])
    if question.by == "month":
        rows = by_month(found, devices, str(today)[:7], question.site)
    else:
        rows = by_day(found, str(question.first), str(question.last), str(today))
    return answer({"by": question.by, "from": str(question.first), "to": str(question.last), "usage": rows})


def _counted(name: str, value: int) -> dict[str, int | None]:
    shown = public_count(value)
    return {name: shown} if shown is not None else {name: None, "less_than": FEWEST}


def _described(sites: Sites, site_id: str) -> dict[str, Any]:
    site = sites.site[site_id]
    return {
        "site": site.id,
        "name": site.name,
        "address": site.address,
        "kecamatan": sites.kecamatan_name.get(site.kecamatan, site.kecamatan),
        "kecamatan_code": site.kecamatan,
        "lat": site.at.lat,
        "lon": site.at.lon,
        "accuracy_m": site.at.accuracy_m,
        "estimate": site.at.estimate,
        "hours": str(site.hours.daily),
        "capacity": site.capacity,
        "sample": sites.sample,
    }
