"""Vouchers: make a batch, print its sheet with QR codes, revoke, and take over those of a Mikhmon installation."""

from __future__ import annotations

import secrets

import segno
from flask import Blueprint, abort, redirect, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from hotspot import vouchers as code
from hotspot.secret import Secret
from office import mikhmon
from office.desk import me, the_desk, write_down
from office.gather import stays, vouchers
from office.gather.vouchers import Batch, Plan
from office.moments import moment, words, written
from office.voucher_form import MOST, Problem, plan_of

pages = Blueprint("vouchers", __name__)


@pages.get("/vouchers")
def show() -> str:
    return _page()


@pages.post("/vouchers")
def make() -> Response | tuple[str, int]:
    desk = the_desk()
    asked = plan_of(request.form, desk.sites, desk.clock.now())
    if isinstance(asked, Problem):
        return _page(asked.word), 422
    plan, number = asked
    key, salt = _key(), secrets.token_hex(16)
    codes = [code.code(key, salt, serial) for serial in range(1, number + 1)]
    with desk.store.writing() as connection:
        made = vouchers.make(connection, plan, by=me().name, now=desk.clock.now(), salt=salt)
        vouchers.add(connection, made, codes, key)
        write_down(connection, "vouchers.make", made, f"{number}, {plan.label}")
    return redirect(url_for("vouchers.one", number=made), 303)


@pages.post("/vouchers/import")
def take_in() -> Response | tuple[str, int]:
    """Each kind in the file becomes a batch; lines that cannot be taken are listed, the others are in."""
    desk = the_desk()
    upload = request.files.get("file")
    text = upload.read().decode("utf-8", "replace") if upload else ""
    found = mikhmon.read(text or request.form.get("text", ""))
    until = moment(request.form.get("until", ""), desk.sites.timezone)
    if found is None or until is None or until <= desk.clock.now():
        return _page("import" if found is None else "until"), 422
    with desk.store.writing() as connection:
        taken = sum(_take(connection, kind, codes, until) for kind, codes in found.codes.items())
        write_down(connection, "vouchers.import", "mikhmon", f"{taken} taken, {len(found.refused)} refused")
    return _page(taken=taken, refused=found.refused), 201


@pages.get("/vouchers/<int:number>")
def one(number: int) -> str:
    desk = the_desk()
    with desk.store.reading() as connection:
        batch = vouchers.batch(connection, number) or abort(404)
        found = vouchers.of_batch(connection, number)
    return render_template("voucher_batch.html", batch=batch, vouchers=found, sites=desk.sites)


@pages.get("/vouchers/<int:number>/sheet")
def sheet(number: int) -> str:
    """To print on A4; the codes are derived again, and looking at them is written down."""
    desk = the_desk()
    with desk.store.writing() as connection:
        batch = vouchers.batch(connection, number) or abort(404)
        found = vouchers.of_batch(connection, number)
        if batch.salt is None:
            abort(404)
        write_down(connection, "vouchers.print", number)
    cards = [(one.serial, *_card(batch, one.serial)) for one in found if one.revoked_at is None]
    return render_template("voucher_sheet.html", batch=batch, cards=cards, sites=desk.sites)


@pages.post("/vouchers/<int:number>/revoke")
def revoke(number: int) -> Response:
    """A whole batch or one voucher; whoever is online with it is sent off."""
    desk, now = the_desk(), the_desk().clock.now()
    serial = request.form.get("serial", type=int)
    with desk.store.writing() as connection:
        vouchers.batch(connection, number) or abort(404)
        if serial is None:
            vouchers.revoke_batch(connection, number, now)
        else:
            vouchers.revoke(connection, number, [serial], now)
        gone = vouchers.clients(connection, number, None if serial is None else [serial])
        stays.end_of_clients(connection, gone, now, "voucher revoked")
        write_down(connection, "vouchers.revoke", number, "" if serial is None else f"serial {serial}")
    return redirect(url_for("vouchers.one", number=number), 303)


def _take(connection: Connection, kind: mikhmon.Kind, codes: list[str], until: int) -> int:
    now = int(the_desk().clock.now())
    label = words(f"Mikhmon {kind.profile}", 64)
    plan = Plan(label, None, kind.seconds, kind.octets, None, valid_from=now, valid_until=until)
    number = vouchers.make(connection, plan, by=me().name, now=now)
    return vouchers.add(connection, number, codes, _key())


def _card(batch: Batch, serial: int) -> tuple[str, Markup]:
    """The code as it is read, and its QR code: the portal's address that has it filled in."""
    portal = the_desk().sites.office.portal_url
    word = code.code(_key(), batch.salt or "", serial)
    drawn = segno.make(code.link(portal, word), error="m").svg_inline(
        border=4, dark="#000", light="#fff", omitsize=True
    )
    return code.printed(word), Markup(drawn)  # noqa: S704 - drawn by the library from our own code


def _key() -> Secret:
    return the_desk().outside.voucher_key or abort(503)


def _page(problem: str = "", taken: int | None = None, refused: tuple[tuple[int, str], ...] = ()) -> str:
    desk = the_desk()
    now = desk.clock.now()
    with desk.store.reading() as connection:
        batches = vouchers.all_batches(connection)
    return render_template(
        "vouchers.html",
        batches=batches,
        sites=desk.sites,
        problem=problem,
        taken=taken,
        refused=refused,
        form=request.form,
        most=MOST,
        begins=written(now, desk.sites.timezone),
        ends=written(now + 30 * 86400, desk.sites.timezone),
    )
