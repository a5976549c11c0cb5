"""/webhooks/<sender>: what visitors write to our numbers, believed only with their provider's signature."""

from __future__ import annotations

import logging
from html import unescape

from flask import Blueprint, Request, Response, abort, g, render_template, request

from captive_portal.complaints import Complaint, file, key_of
from captive_portal.letters import Enter, Report, read
from captive_portal.portal import Portal
from captive_portal.ways import one_time, otp_book
from hotspot import clients
from hotspot.log import event
from hotspot.senders import Hook, Letter
from hotspot.senders.whatsapp_cloud import greet

log = logging.getLogger(__name__)

PATH = "/webhooks/"
LARGEST = 256 * 1024  # octets; Meta gathers what comes at once


class UnreadRequest(Request):
    """Leaves a webhook's body as it came, whatever type it says to be: a signature covers its octets."""

    @property
    def want_form_data_parsed(self) -> bool:
        return super().want_form_data_parsed and not self.path.startswith(PATH)

    @property
    def max_content_length(self) -> int | None:
        return LARGEST if self.path.startswith(PATH) else super().max_content_length

    @max_content_length.setter
    def max_content_length(self, value: int | None) -> None:
        self._max_content_length = value


def blueprint(portal: Portal) -> Blueprint:
    pages = Blueprint("webhooks", __name__)
    pages.add_url_rule("/webhooks/<sender>", "greet", lambda sender: _greet(portal, sender))
    pages.add_url_rule("/webhooks/<sender>", "take", lambda sender: _take(portal, sender), methods=["POST"])
    return pages


def _greet(portal: Portal, sender: str) -> Response:
    """Meta alone asks before it sends."""
    account, known = portal.reception.desk.account(sender), portal.reception.desk.sender(sender)
    if account is None or known is None or known.number is None or known.driver != "whatsapp-cloud":
        abort(404)
    challenge = greet(account, request.args.to_dict())
    return Response(challenge, mimetype="text/plain") if challenge is not None else abort(403)


def _take(portal: Portal, sender: str) -> Response:
    """Answered at once, whatever it says: a provider that hears an error sends it again and again."""
    url = f"{portal.url}{request.full_path}".rstrip("?")
    headers = {name.lower(): text for name, text in request.headers.items()}
    letters = portal.reception.desk.letters(sender, Hook(url, request.args.to_dict(), headers, request.get_data()))
    if letters is None:
        event(
            log, logging.WARNING, "webhook not signed", sender=sender if portal.reception.desk.sender(sender) else "-"
        )
        abort(403)
    g.language = portal.sites.languages[0]
    for letter in letters:
        _read(portal, sender, letter)
    return Response("", 200, mimetype="text/plain")


def _read(portal: Portal, sender: str, letter: Letter) -> None:
    said = read(letter.text, portal.sites)
    if isinstance(said, Enter):
        _enter(portal, letter, said)
    elif isinstance(said, Report):
        _report(portal, sender, letter, said)


def _enter(portal: Portal, letter: Letter, said: Enter) -> None:
    """A word that is nobody's now is not answered: whoever guesses learns nothing, and it would cost money."""
    key = portal.grant_key
    with portal.store.writing() as connection:
        pending = otp_book.live_word(connection, one_time.word_hash(key, said.word), portal.now())
        if pending is not None:
            otp_book.confirm(connection, pending, clients.of_number(key, letter.sender.e164), portal.now())


def _report(portal: Portal, sender: str, letter: Letter, said: Report) -> None:
    """Filed once however often it is delivered; the answer says its number and key."""
    account = portal.reception.desk.account(sender)
    if said.site is None or account is None:
        _answer(portal, sender, letter, render_template("letters/which_place.html", sites=portal.sites.sites))
        return
    key = key_of(f"{sender}:{letter.id}")
    number = file(
        portal.store,
        portal.sites,
        Complaint(
            site=said.site,
            language=g.language,
            text=said.text,
            contact=letter.sender.e164,
            key=key,
            at=int(portal.now()),
            channel=account.channel,
        ),
    )
    page = f"{portal.url}/complaints/{number}?key={key}"
    _answer(portal, sender, letter, render_template("letters/filed.html", number=number, key=key, page=page))


def _answer(portal: Portal, sender: str, letter: Letter, text: str) -> None:
    plain = unescape(text).strip()
    portal.reception.outbox.later(lambda: portal.reception.desk.answer(sender, letter.sender, plain))
