"""Hands complaints to the OPDs by mail and webhook, and escalates in time those that nobody answers."""

from __future__ import annotations

import hmac
import json
import logging
import smtplib
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Iterable
from email.message import EmailMessage
from typing import Any

from flask import has_request_context, request

from hotspot.log import event
from hotspot.sites import Sites
from hotspot.store import StoreAway
from office import accounts, letters, reply_link
from office.desk import Desk
from office.facts import Complaint
from office.gather import complaints
from office.outside import MailServer, Webhook
from office.report.figures import PROMISE

EARLY = 12 * 3600  # seconds before the promise is broken
LOOK = 60.0  # seconds between two looks
PATIENCE = 10  # seconds for a mail server or webhook

log = logging.getLogger(__name__)


def link(desk: Desk, complaint: Complaint, opd: str) -> str:
    until = int(desk.clock.now()) + reply_link.LASTS
    return _base(desk) + reply_link.path(desk.key.octets, complaint.id, opd, until)


def _base(desk: Desk) -> str:
    return desk.outside.url or (request.host_url.rstrip("/") if has_request_context() else "")


def pass_on(desk: Desk, complaint: Complaint, opd: str) -> list[str]:
    """By every way that is set up; the ways that failed. Without any, the page shows the link to copy."""
    address = next((one.email for one in desk.sites.opd if one.id == opd), None)
    where, reply = _place(desk.sites, complaint), link(desk, complaint, opd)
    failed = []
    if desk.outside.mail and address:
        letter = letters.forwarded(complaint, where, reply, desk.sites)
        failed += [] if send(desk.outside.mail, [address], letter) else ["mail"]
    if desk.outside.webhook:
        failed += [] if post(desk.outside.webhook, _told("forwarded", complaint, opd, reply)) else ["webhook"]
    return failed


def escalate(desk: Desk) -> int:
    """Tell the head of office and the OPD, half a day before the promise is broken; each complaint once."""
    now = desk.clock.now()
    with desk.store.writing() as connection:
        due = complaints.take_due(connection, now - PROMISE + EARLY, now)
        heads = accounts.mails(connection) if due else []
    for complaint in due:
        _escalate_one(desk, complaint, heads)
    return len(due)


def look_now_and_then(desk: Desk) -> None:
    """A thread of each worker; a complaint is taken by one of them only."""

    def look() -> None:
        pause = threading.Event()
        while not pause.wait(LOOK):
            try:
                escalate(desk)
            except StoreAway as error:
                event(log, logging.WARNING, "escalation waits for the database", error=type(error).__name__)

    threading.Thread(target=look, name="courier", daemon=True).start()


def send(server: MailServer, to: Iterable[str], letter: letters.Letter) -> bool:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = server.sender, ", ".join(to), letter.subject
    message.set_content(letter.text)
    try:
        with smtplib.SMTP(server.host, server.port, timeout=PATIENCE) as client:
            if server.starttls:
                client.starttls(context=ssl.create_default_context())
            if server.user and server.password:
                client.login(server.user, server.password.reveal())
            client.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        event(log, logging.ERROR, "mail not sent", error=type(error).__name__)
        return False
    return True


def post(hook: Webhook, told: dict[str, Any]) -> bool:
    """``X-Hotspot-Signature: sha256=<hex>`` is the HMAC of the body, so that the receiver knows that it is ours."""
    body = json.dumps(told, ensure_ascii=False).encode()
    signature = hmac.digest(hook.key.octets, body, "sha256").hex()
    headers = {"Content-Type": "application/json", "X-Hotspot-Signature": f"sha256={signature}"}
    asked = urllib.request.Request(hook.url, body, headers)  # noqa: S310 - the address is the operator's setting
    try:
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310 - see above
            return bool(200 <= answer.status < 300)
    except (OSError, urllib.error.HTTPError) as error:
        event(log, logging.ERROR, "webhook not reached", error=type(error).__name__)
        return False


def _escalate_one(desk: Desk, complaint: Complaint, heads: list[str]) -> None:
    event(log, logging.WARNING, "complaint escalated", number=complaint.id)
    reply = link(desk, complaint, complaint.opd) if complaint.opd else f"{_base(desk)}/complaints/{complaint.id}"
    to = [*heads, *(one.email for one in desk.sites.opd if one.id == complaint.opd)]
    if desk.outside.mail and to:
        left = complaint.left(desk.clock.now())
        send(desk.outside.mail, to, letters.escalated(complaint, _place(desk.sites, complaint), reply, left))
    if desk.outside.webhook:
        post(desk.outside.webhook, _told("escalated", complaint, complaint.opd, reply))


def _place(sites: Sites, complaint: Complaint) -> str:
    name = sites.site[complaint.site].name if complaint.site in sites.site else complaint.site
    return f"{name}, {complaint.place}" if complaint.place else name


def _told(what: str, complaint: Complaint, opd: str | None, reply: str) -> dict[str, Any]:
    return {
        "event": what,
        "number": complaint.id,
        "site": complaint.site,
        "opd": opd,
        "text": complaint.text,
        "received_at": complaint.received_at,
        "due_at": complaint.received_at + PROMISE,
        "reply": reply,
    }
