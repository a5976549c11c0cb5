"""The policies as they stand in the sites file, and where each holds; they are changed there, not here."""

from __future__ import annotations

from flask import Blueprint, render_template

from hotspot.clock import local_month
from office.desk import the_desk
from office.gather import messages

pages = Blueprint("policies", __name__)


@pages.get("/policies")
def show() -> str:
    desk = the_desk()
    sites = desk.sites
    with desk.store.reading() as connection:
        sent = messages.sent(connection, local_month(desk.clock.now(), sites.timezone))
    where = {name: [site for site in sites.sites if site.policy == name] for name in sites.policies}
    return render_template("policies.html", policies=sites.policies, where=where, otp=sites.messages.otp, sent=sent)
