"""The regency's own login by OpenID Connect, for accounts that were linked to it by their owners (with Authlib)."""

from __future__ import annotations

import logging
from typing import Any

from authlib.integrations.base_client.errors import OAuthError  # type: ignore[import-untyped]
from authlib.integrations.flask_client import OAuth  # type: ignore[import-untyped]
from flask import (
    Flask,
    abort,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from joserfc.errors import JoseError
from requests import RequestException
from werkzeug.wrappers import Response

from hotspot.log import event
from office import accounts, audit
from office.chain import Entry
from office.desk import Desk, me, the_desk
from office.login import admit, pages
from office.outside import Provider

_PLACE = "office-oidc"
SCOPE = "openid"  # the subject is enough: neither name nor mail is wanted

log = logging.getLogger(__name__)


def set_up(app: Flask, provider: Provider | None) -> None:
    """Nothing is asked of the provider before somebody logs in: it may be down while we start."""
    if provider is None:
        return
    client = OAuth(app).register(
        "regency",
        client_id=provider.client,
        client_secret=provider.secret.reveal(),
        server_metadata_url=f"{provider.issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": SCOPE, "code_challenge_method": "S256", "timeout": 10},
    )
    app.extensions[_PLACE] = client


@pages.get("/login/single")
def single() -> Response:
    """To the provider, and back to log in."""
    return _depart()


def depart_to_link() -> Response:
    """To the provider, and back to link the account that is logged in."""
    session["linking"] = me().name
    return _depart()


@pages.get("/login/single/back")
def single_back() -> Response | tuple[str, int]:
    """The provider's redirect comes from another site, so the strict cookie stays away until we ask once more."""
    if "again" not in request.args:
        target = f"{request.full_path}&again=1"
        return make_response(render_template("login_single.html", target=target))
    desk = the_desk()
    try:
        token = _client().authorize_access_token()
        subject = f"{token['userinfo']['iss']} {token['userinfo']['sub']}"
    except (OAuthError, JoseError, RequestException, KeyError) as error:
        event(log, logging.WARNING, "single sign-on refused", error=type(error).__name__)
        return render_template("login.html", single=True, nobody=False, refused=True), 401
    return _link(desk, subject) if "linking" in session else _enter(desk, subject)


def _enter(desk: Desk, subject: str) -> Response | tuple[str, int]:
    with desk.store.reading() as connection:
        account = accounts.find_subject(connection, subject)
    if account is None or account.disabled:
        desk.count_login("refused")
        return render_template("login.html", single=True, nobody=False, stranger=True), 403
    return admit(desk, account, "/", "single sign-on")


def _link(desk: Desk, subject: str) -> Response:
    name = str(session.pop("linking"))
    with desk.store.writing() as connection:
        if linked := accounts.link_subject(connection, name, subject):
            audit.write(connection, Entry(int(desk.wall.now()), name, "user.link", name))
    return redirect(url_for("me.show", said="linked" if linked else "taken"), 303)


def _depart() -> Response:
    try:
        answer: Response = _client().authorize_redirect(_back())
    except (OAuthError, RequestException) as error:
        event(log, logging.ERROR, "single sign-on away", error=type(error).__name__)
        abort(503)
    return answer


def _back() -> str:
    """As the provider has it registered: under our public address, also behind a proxy."""
    base = the_desk().outside.url
    return base + url_for("login.single_back") if base else url_for("login.single_back", _external=True)


def _client() -> Any:
    return current_app.extensions.get(_PLACE) or abort(404)
