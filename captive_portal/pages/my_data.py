"""/my-data: every row that names this visitor, when each goes, and deleting them with a receipt."""

from __future__ import annotations

import secrets

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from captive_portal import erasure, holdings
from captive_portal.authority import whose
from captive_portal.entered import plain
from captive_portal.flow import Flow, has_expired
from captive_portal.holdings import Whose
from captive_portal.pages.common import language_of_tap, read_again, reader, wrong_status
from captive_portal.portal import Portal
from captive_portal.visit import Visit, find
from captive_portal.ways import guesses, memory
from captive_portal.ways.hurdle import Wrong
from hotspot.grants import is_grant_id

LONGEST_CODE = 32


def blueprint(portal: Portal) -> Blueprint:
    pages = Blueprint("my_data", __name__)
    pages.add_url_rule("/my-data", "show", lambda: _show(portal))
    pages.add_url_rule("/my-data", "delete", lambda: _delete(portal), methods=["POST"])
    pages.add_url_rule("/my-data/code", "by_code", lambda: _by_code(portal), methods=["POST"])
    pages.add_url_rule("/my-data/receipt", "look_up", lambda: _look_up(portal))
    pages.add_url_rule("/my-data/receipt/<receipt>", "receipt", lambda receipt: _receipt(portal, receipt))
    return pages


def _show(portal: Portal) -> Response:
    """Shown to a NAS's signed visitor, to a visit that is online, and to nobody else: a MAC can be borrowed."""
    visit, flow = _visit(portal), _flow(portal)
    return _page(portal, whose(portal.grant_key, visit, flow), visit=visit, flow=flow)


def _by_code(portal: Portal) -> Response:
    """A return code is typed into a form and stands in no address."""
    read_again("/my-data")
    who = _whose_code(portal)
    return _page(portal, None, wrong=who) if isinstance(who, Wrong) else _page(portal, who, code=_typed())


def _delete(portal: Portal) -> AnyResponse:
    read_again("/my-data")
    who = _whose_code(portal) if _typed() else whose(portal.grant_key, _visit(portal), _flow(portal))
    if isinstance(who, Wrong):
        return _page(portal, None, wrong=who)
    if who is None:
        return _page(portal, None, status=403)
    receipt = erasure.receipt_of(secrets.token_bytes(erasure.LENGTH))
    with portal.store.writing() as connection:
        erasure.ask(connection, who, receipt, portal.now())
    return redirect(url_for("my_data.receipt", receipt=receipt, lang=request.form.get("lang")), 303)


def _page(
    portal: Portal,
    who: Whose | None,
    *,
    visit: Visit | None = None,
    flow: Flow | None = None,
    code: str = "",
    wrong: Wrong | None = None,
    status: int = 200,
) -> Response:
    rows: list[holdings.Holding] = []
    if who is not None:
        with portal.store.reading() as connection:
            rows = holdings.of(connection, who, portal.sites.retention)
    page = render_template(
        "my_data.html",
        known=who is not None,
        visit=visit,
        flow=request.values.get("flow", "") if flow else None,
        code=code,
        wrong=wrong,
        rows=rows,
        sites=portal.sites,
        site=portal.sites.site[visit.site] if visit else None,
        retention=portal.sites.retention,
    )
    return make_response(page, wrong_status(wrong) if wrong else status)


def _whose_code(portal: Portal) -> Whose | Wrong | None:
    """As few guesses as at the door, and one answer to all that are wrong."""
    found = guesses.look_up(portal.reception, reader(), portal.now(), lambda: _known(portal, _typed()))
    return found if isinstance(found, Wrong) else whose(portal.grant_key, None, None, code_of=found.client)


def _known(portal: Portal, code: str) -> memory.Known | None:
    with portal.store.reading() as connection:
        return memory.of_code(connection, portal.grant_key, code, portal.now())


def _typed() -> str:
    return request.form.get("code", "")[:LONGEST_CODE].strip()


def _look_up(portal: Portal) -> AnyResponse:
    receipt = request.args.get("receipt", "")[:32].strip()
    if not receipt.isalnum():
        return _receipt(portal, "")
    return redirect(url_for("my_data.receipt", receipt=receipt, lang=request.args.get("lang")), 303)


def _receipt(portal: Portal, receipt: str) -> Response:
    with portal.store.reading() as connection:
        found = erasure.find(connection, plain(receipt[:32]))
    return make_response(render_template("receipt.html", erasure=found), 200 if found else 404)


def _flow(portal: Portal) -> Flow | None:
    flow = portal.sealer.open(request.values.get("flow", ""), portal.now())
    return None if flow is None or has_expired(flow, portal.now()) else flow


def _visit(portal: Portal) -> Visit | None:
    grant_id = request.values.get("grant", "")
    if not is_grant_id(grant_id):
        return None
    with portal.store.reading() as connection:
        visit = find(connection, portal.sites, grant_id, portal.now())
    language_of_tap(portal, visit)
    return visit
