"""The policies as they stand in the sites file, and where each holds; they are changed there, not here."""

from __future__ import annotations

from flask import Blueprint, render_template

from office.desk import the_desk

pages = Blueprint("policies", __name__)


@pages.get("/policies")
def show() -> str:
    sites = the_desk().sites
    where = {name: [site for site in sites.sites if site.policy == name] for name in sites.policies}
    return render_template("policies.html", policies=sites.policies, where=where)
