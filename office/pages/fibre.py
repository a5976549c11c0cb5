"""The fibre network: where it is cut, how far the roll-out is, and the light at each end."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from hotspot.sites import Sites
from hotspot.splices import Hint
from office import fibre, town
from office.desk import the_desk
from office.gather import incidents
from office.gather.now import conditions
from office.gather.optics import light, outlooks

BACK = 30 * 86400  # seconds of the trend

pages = Blueprint("fibre", __name__)


@pages.get("/fibre")
def show() -> str:
    desk = the_desk()
    at, sites = desk.clock.now(), desk.sites
    with desk.store.reading() as connection:
        found = conditions(connection)
        power = light(connection, int(at) - BACK, sites.timezone)
        days = outlooks(connection, sites.timezone)
        going_on = incidents.open_incidents(connection)
    return render_template(
        "fibre.html",
        trees=fibre.trees(sites, fibre.Readings(found, power, days)),
        steps=fibre.roll_out(sites, found),
        active=town.active_districts(sites),
        cuts=fibre.cuts(sites, found, going_on),
        measured=_measured(sites),
        names=sites.kecamatan_name,
        sites=sites,
    )


def _measured(sites: Sites) -> tuple[str, Hint | None] | None:
    """Of which link somebody measured a distance, and where that lies."""
    link, km = sites.link.get(request.args.get("link", "")), request.args.get("km", type=float)
    return (link.id, fibre.hint(link, km)) if link and km is not None else None
