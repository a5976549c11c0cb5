"""Sessions of visitors: find one by MAC, voucher or time, say why it was refused, end it, block who misbehaves."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from hotspot.mac import Mac
from office.desk import Desk, me, the_desk, write_down
from office.gather import stays, vouchers
from office.gather.stays import Block, Refusal, Stay
from office.moments import moment, words, written

WINDOW = 1800  # seconds around the time that was asked for
LONGEST_REASON = 200
UNTIL = {"day": 86400, "week": 7 * 86400, "month": 30 * 86400, "ever": None}

pages = Blueprint("sessions", __name__)


@dataclass(frozen=True)
class Answer:
    """What a question found; ``problem`` is a word for the template."""

    what: str = ""
    stays: list[Stay] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    voucher: tuple[int, int] | None = None
    problem: str = ""


@pages.get("/sessions")
def show() -> str:
    return _page(None)


@pages.post("/sessions")
def find() -> str:
    """A MAC never stands in an address, which histories and logs keep."""
    desk, what = the_desk(), request.form.get("what", "")
    with desk.store.writing() as connection:
        found = _find(connection, desk, what)
        write_down(connection, "session.search", what or "-")
    return _page(found)


@pages.get("/sessions/<int:number>")
def one(number: int) -> str:
    desk = the_desk()
    now = desk.clock.now()
    with desk.store.reading() as connection:
        stay = stays.one(connection, number, now) or abort(404)
        asked = stays.wishes_of(connection, number)
    return render_template("session.html", stay=stay, asked=asked, site=desk.sites.site.get(stay.site), until=UNTIL)


@pages.post("/sessions/<int:number>/end")
def end(number: int) -> Response:
    desk = the_desk()
    with desk.store.writing() as connection:
        stays.one(connection, number, desk.clock.now()) or abort(404)
        stays.end(connection, number, desk.clock.now())
        write_down(connection, "session.end", number)
    return redirect(url_for("sessions.one", number=number), 303)


@pages.post("/sessions/<int:number>/block")
def block(number: int) -> Response | tuple[str, int]:
    """Who is blocked is the session's client: a phone, a voucher or an account, never a name."""
    desk = the_desk()
    now = int(desk.clock.now())
    reason = words(request.form.get("reason", ""), LONGEST_REASON)
    length = UNTIL.get(request.form.get("until", "day"), 86400)
    with desk.store.writing() as connection:
        stay = stays.one(connection, number, now) or abort(404)
        if not reason or stay.client is None:
            return _page(Answer(problem="reason" if stay.client else "client")), 422
        kind = stay.way if stay.way in ("voucher", "staff") else "client"
        until = None if length is None else now + length
        said = Block(0, kind, f"{stay.site} #{number}", reason, me().name, now, until)
        made = stays.block(connection, kind, stay.client, said)
        stays.end_of_clients(connection, [stay.client], now, "blocked")
        write_down(connection, "block.add", made, reason)
    return redirect(url_for("sessions.show", _anchor="blocks"), 303)


@pages.post("/blocks/<int:number>/lift")
def unblock(number: int) -> Response:
    desk = the_desk()
    with desk.store.writing() as connection:
        if stays.lift(connection, number, me().name, desk.clock.now()):
            write_down(connection, "block.lift", number)
    return redirect(url_for("sessions.show", _anchor="blocks"), 303)


def _find(connection: Connection, desk: Desk, what: str) -> Answer:
    now, typed = desk.clock.now(), request.form.get("value", "")
    match what:
        case "mac":
            try:
                mac = Mac.parse(typed)
            except ValueError:
                return Answer(what, problem="mac")
            return Answer(what, stays.by_mac(connection, mac, now), stays.refused(connection, mac))
        case "voucher":
            key = desk.outside.voucher_key
            found = vouchers.find(connection, key, typed) if key else None
            if found is None:
                return Answer(what, problem="voucher")
            number, voucher = found
            return Answer(what, stays.by_client(connection, voucher.client, now), voucher=(number, voucher.serial))
        case "time":
            at, site = moment(request.form.get("at", ""), desk.sites.timezone), request.form.get("site", "")
            if at is None or site not in desk.sites.site:
                return Answer(what, problem="time")
            within = stays.at_time(connection, site, at - WINDOW, at + WINDOW, now)
            return Answer(what, within, stays.refused(connection, None, site))
    return Answer(problem="what")


def _page(answer: Answer | None) -> str:
    desk = the_desk()
    now = desk.clock.now()
    with desk.store.reading() as connection:
        blocked = stays.blocked(connection, now)
    return render_template(
        "sessions.html",
        answer=answer,
        blocked=blocked,
        sites=desk.sites,
        at=request.form.get("at") or written(now, desk.sites.timezone),
        chosen=request.form.get("site"),
        most=stays.MOST,
    )
