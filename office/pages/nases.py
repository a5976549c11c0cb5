"""The NASes: when each was last heard, and what to paste into it."""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from hotspot.command import OperatorError
from hotspot.nas import NAS_KINDS
from hotspot.paste import pasted
from hotspot.sites import Nas
from office import town
from office.desk import Desk, the_desk, write_down
from office.gather.nases import diagnosed, heard, strangers
from office.gather.now import conditions

DAY = 86400
SILENT = 3600  # seconds after which a NAS that speaks RADIUS deserves a look

pages = Blueprint("nases", __name__)


@pages.get("/nases")
def show() -> str:
    desk = the_desk()
    with desk.store.reading() as connection:
        known, found, visits = heard(connection), conditions(connection), diagnosed(connection)
        strange = strangers(connection, desk.clock.now() - DAY)
    words = {
        nas.id: found[("nas", nas.id)].word if ("nas", nas.id) in found else town.UNKNOWN for nas in desk.sites.nases
    }
    return render_template(
        "nases.html",
        nases=desk.sites.nases,
        kinds=NAS_KINDS,
        known=known,
        words=words,
        sites=desk.sites,
        silent=SILENT,
        visits=visits,
        strange=strange,
    )


@pages.get("/nases/<nas_id>")
def configuration(nas_id: str) -> str:
    """Its secret is on the page, so looking at it is written down."""
    desk = the_desk()
    if (nas := desk.sites.nas.get(nas_id)) is None:
        abort(404)
    text, problem = _pasted(desk, nas)
    with desk.store.reading() as connection:
        visit = diagnosed(connection).get(nas_id)
    if text:
        with desk.store.writing() as connection:
            write_down(connection, "nas.configuration", nas_id)
    return render_template("nas.html", nas=nas, site=desk.sites.site[nas.site], text=text, problem=problem, visit=visit)


def _pasted(desk: Desk, nas: Nas) -> tuple[str, str]:
    if desk.outside.secrets is None:
        return "", "this process was given no secrets"
    try:
        return pasted(desk.outside.secrets, desk.sites, nas), ""
    except OperatorError as error:
        return "", str(error)
