"""/, /services, /notice, /venue, /poster: what anyone may read, and the way to a service, which counts as a sum."""

from __future__ import annotations

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from captive_portal.notice import VERSION
from captive_portal.portal import Portal
from captive_portal.poster import poster
from hotspot.sites import Site

NOWHERE = "-"  # the site of what was tapped on a page that belongs to none


def blueprint(portal: Portal) -> Blueprint:
    pages = Blueprint("help", __name__)
    pages.add_url_rule("/", "home", lambda: _home(portal))
    pages.add_url_rule("/services", "services", lambda: _services(portal))
    pages.add_url_rule("/notice", "notice", lambda: _notice(portal))
    pages.add_url_rule("/venue/<site_id>", "venue", lambda site_id: _venue(portal, site_id))
    pages.add_url_rule("/poster/<site_id>", "poster", lambda site_id: _poster(portal, site_id))
    pages.add_url_rule("/go/<service_id>", "go", lambda service_id: _go(portal, service_id))
    pages.add_url_rule("/called/<phone>", "called", lambda phone: _called(portal, phone), methods=["POST"])
    pages.app_context_processor(lambda: {"services": portal.sites.services})
    return pages


def _home(portal: Portal) -> str:
    open_now = {site.id for site in portal.sites.sites if portal.doors_of(site).are_open}
    return render_template("home.html", sites=portal.sites, open_now=open_now)


def _services(portal: Portal) -> str:
    return render_template("services.html", sites=portal.sites, site=portal.sites.site.get(_place(portal)))


def _notice(portal: Portal) -> str:
    return render_template("notice.html", retention=portal.sites.retention, version=VERSION)


def _venue(portal: Portal, site_id: str) -> str:
    """Where a phone leads to after login (``venue-info-url`` of RFC 8908), and readable before it."""
    site = _known(portal, site_id)
    return render_template(
        "venue.html",
        site=site,
        outlook=portal.lookout.of(site.id, portal.now()),
        is_open=portal.doors_of(site).are_open,
    )


def _poster(portal: Portal, site_id: str) -> str:
    site = _known(portal, site_id)
    sheet = poster(portal.sites, site)
    return render_template(
        "poster.html",
        site=site,
        by_tap=portal.sites.policy_of(site).ways[0] == "tap",
        ssids=sheet.ssids,
        join=Markup(sheet.join) if sheet.join else None,  # noqa: S704 - drawn by segno from sites.yaml
        scan=Markup(sheet.portal),  # noqa: S704 - likewise
        portal_url=portal.url,
    )


def _go(portal: Portal, service_id: str) -> AnyResponse:
    """Only to what sites.yaml names."""
    service = next((one for one in portal.sites.services if one.id == service_id), None)
    if service is None:
        abort(404)
    portal.funnel.count(_place(portal), service.id, "service")
    return redirect(str(service.url))


def _called(portal: Portal, phone: str) -> Response:
    """A browser's ``ping`` beside the call: the call itself depends on nothing of ours."""
    if phone not in {one.phone for one in portal.sites.office.emergency}:
        abort(404)
    portal.funnel.count(_place(portal), phone, "call")
    return make_response("", 204)


def _place(portal: Portal) -> str:
    site = request.args.get("site", "")
    return site if site in portal.sites.site else NOWHERE


def _known(portal: Portal, site_id: str) -> Site:
    site = portal.sites.site.get(site_id)
    if site is None:
        abort(404)
    return site
