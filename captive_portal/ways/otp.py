"""A code by SMS or WhatsApp: asked for with a number, typed in with the code.

A form with a code is a try, one with a number and no code asks for one. The number itself is never stored.
"""

from __future__ import annotations

from html import unescape

from flask import render_template

from captive_portal.ways import guesses, one_time, otp_book
from captive_portal.ways.outbox import NOT_SENT
from captive_portal.ways.way import Hurdle, Outcome, Proved, Reception, Visitor, Wait, Wrong
from hotspot import clients
from hotspot.clock import local_month
from hotspot.phone_number import PhoneNumber
from hotspot.senders import Failure, Message
from hotspot.sites.messages import Otp
from hotspot.vouchers import normal

WAY = "otp"


def prove(reception: Reception, visitor: Visitor) -> Outcome:
    terms = reception.sites.messages.otp
    if terms is None:
        return Wrong(Hurdle.NOTHING)
    if visitor.entered("code"):
        return _check(reception, visitor)
    try:
        number = PhoneNumber.parse(visitor.entered("number", 40))
    except ValueError:
        return Wrong(Hurdle.NUMBER)
    return _ask(reception, visitor, terms, number) if number.is_in(terms.ranges) else Wrong(Hurdle.NUMBER)


def channels(reception: Reception) -> list[str]:
    """By what a code can come, the first of sites.yaml first."""
    return list(dict.fromkeys(sender.channel for sender in reception.sites.messages.senders))


def _ask(reception: Reception, visitor: Visitor, terms: Otp, number: PhoneNumber) -> Outcome:
    key, now = reception.key, int(visitor.now)
    device = clients.memory_of(key, visitor.flow.mac)
    client = clients.of_number(key, number.e164)
    code = one_time.code_of(key, device, now)
    month = local_month(visitor.now, reception.sites.timezone)
    with reception.store.writing() as connection:
        earlier = otp_book.history(connection, device, visitor.site.id, month, visitor.now)
        if wrong := one_time.hurdle(terms, earlier, visitor.now):
            return wrong
        silent = otp_book.sent_to(connection, client, visitor.now) >= terms.a_day
        row = {
            "way": WAY,
            "device": device,
            "number": client,
            "hash": one_time.hash_of(key, device, code),
            "site": visitor.site.id,
            "asked_at": now,
            "expires_at": now + terms.valid,
            "outcome": NOT_SENT if silent else None,
        }
        otp = otp_book.ask(connection, row)
    if not silent:
        reception.outbox.hand_in(otp, _channel(reception, visitor), _message(terms, number, code, visitor.language))
    return Wait()


def _channel(reception: Reception, visitor: Visitor) -> str:
    offered = channels(reception)
    return visitor.entered("channel") if visitor.entered("channel") in offered else offered[0]


def _message(terms: Otp, number: PhoneNumber, code: str, language: str) -> Message:
    text = render_template("letters/code.html", code=code, minutes=terms.valid // 60)
    text = unescape(text).strip()
    return Message(number, code, text, language)


def _check(reception: Reception, visitor: Visitor) -> Outcome:
    return guesses.guess(reception, visitor, lambda: _find(reception, visitor))


def _find(reception: Reception, visitor: Visitor) -> Proved | None:
    device = clients.memory_of(reception.key, visitor.flow.mac)
    with reception.store.reading() as connection:
        live = otp_book.live_of(connection, device, WAY, visitor.now)
    typed = normal(visitor.entered("code"))
    right = one_time.hash_of(reception.key, device, typed)
    for pending in live:
        if pending.number is not None and _is(reception, visitor, pending, typed, right):
            return Proved(pending.number, WAY, otp=pending.id)
    with reception.store.writing() as connection:
        otp_book.count_try(connection, device, WAY, visitor.now)
    return None


def _is(reception: Reception, visitor: Visitor, pending: otp_book.Pending, typed: str, right: str) -> bool:
    """A code that its provider made is known to the provider alone, by the number that the visitor types again."""
    sender = (pending.outcome or "").removeprefix("sent ")
    if not reception.desk.checks(sender):
        return pending.hash == right
    try:
        number = PhoneNumber.parse(visitor.entered("number", 40))
    except ValueError:
        return False
    if clients.of_number(reception.key, number.e164) != pending.number:
        return False
    said = reception.desk.is_right(sender, number, typed)
    return said is True and not isinstance(said, Failure)
