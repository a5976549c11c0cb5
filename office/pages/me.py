"""My account: the second factor with its QR code, a new password, where I am logged in, the regency's own login."""

from __future__ import annotations

import re

import segno
from flask import Blueprint, redirect, render_template, request, session, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from office import accounts, sealing, single_sign_on, staff_sessions, totp
from office.desk import Desk, me, the_desk, write_down
from office.guard import owes_a_factor
from office.passwords import weakness
from web.security import allow_form_target

pages = Blueprint("me", __name__)


@pages.get("/me")
def show() -> str:
    return _page()


@pages.post("/me/second-factor")
def enrol() -> Response | tuple[str, int]:
    """Offer a new secret; whoever has a second factor already proves it first."""
    desk, account = the_desk(), me()
    if account.enrolled and not _password_fits(desk):
        return _page("password"), 422
    with desk.store.writing() as connection:
        accounts.offer_totp(connection, account.name, sealing.seal(desk.key, totp.new_secret()))
        if account.enrolled:
            write_down(connection, "second-factor.replace", account.name)
    return redirect(url_for("me.show"), 303)


@pages.post("/me/second-factor/confirm")
def confirm() -> Response | tuple[str, int]:
    desk, account = the_desk(), me()
    secret = sealing.unseal(desk.key, account.totp) if account.totp else None
    step = totp.accepted(secret, request.form.get("code", ""), desk.wall.now(), None) if secret else None
    if step is None:
        return _page("code"), 422
    with desk.store.writing() as connection:
        accounts.confirm_totp(connection, account.name, step, desk.wall.now())
        write_down(connection, "second-factor.set", account.name)
        staff_sessions.end_all(connection, account.name, desk.wall.now(), but=session["token"])
    return redirect(url_for("me.show", said="enrolled"), 303)


@pages.post("/me/password")
def new_password() -> Response | tuple[str, int]:
    desk, account = the_desk(), me()
    if not _password_fits(desk):
        return _page("password"), 422
    new = request.form.get("new", "")
    if weakness(new, account.name):
        return _page("weak"), 422
    hashed = desk.passwords.hash(new)
    with desk.store.writing() as connection:
        accounts.set_password(connection, account.name, hashed)
        staff_sessions.end_all(connection, account.name, desk.wall.now(), but=session["token"])
        write_down(connection, "password.set", account.name)
    return redirect(url_for("me.show", said="password"), 303)


@pages.post("/me/mail")
def new_mail() -> Response | tuple[str, int]:
    """Where escalated complaints are sent to a head of office."""
    desk, account = the_desk(), me()
    mail = request.form.get("mail", "").strip()
    if mail and not re.fullmatch(r"[^@\s]{1,64}@[^@\s]{1,63}", mail):
        return _page("mail"), 422
    with desk.store.writing() as connection:
        accounts.set_mail(connection, account.name, mail or None)
        write_down(connection, "mail.set", account.name)
    return redirect(url_for("me.show", said="mail"), 303)


@pages.post("/me/link")
def link() -> Response:
    return single_sign_on.depart_to_link()


@pages.post("/me/end-others")
def end_others() -> Response:
    desk, account = the_desk(), me()
    with desk.store.writing() as connection:
        staff_sessions.end_all(connection, account.name, desk.wall.now(), but=session["token"])
        write_down(connection, "logins.end", account.name)
    return redirect(url_for("me.show", said="ended"), 303)


def _page(problem: str = "") -> str:
    desk, account = the_desk(), me()
    offered = sealing.unseal(desk.key, account.totp) if account.totp and not account.enrolled else None
    if provider := desk.outside.provider:
        allow_form_target(provider.issuer)
    with desk.store.reading() as connection:
        logins = staff_sessions.going_on(connection, account.name, desk.wall.now())
    return render_template(
        "me.html",
        problem=problem,
        said=request.args.get("said"),
        owes=owes_a_factor(account, sample=desk.sites.sample),
        picture=_picture(offered, account.name, desk) if offered else None,
        spelled=totp.spelled(offered) if offered else "",
        logins=logins,
        provider=provider,
    )


def _picture(secret: bytes, name: str, desk: Desk) -> Markup:
    """Dark on light in both colour schemes: many cameras cannot read the reverse. The page says how large, not cut."""
    address = totp.address(secret, name, f"Wi-Fi {desk.sites.office.region}")
    drawn = segno.make(address, error="m").svg_inline(border=4, dark="#000", light="#fff", omitsize=True)
    return Markup(drawn)  # noqa: S704 - drawn by the library from our own address


def _password_fits(desk: Desk) -> bool:
    return desk.passwords.verify(me().password_hash, request.form.get("password", ""))
