"""A word that the visitor sends to our number ("kirim MASUK 4821"): the message itself proves whose number it is."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from captive_portal.ways import one_time, otp_book
from captive_portal.ways.otp_book import Pending
from captive_portal.ways.way import Hurdle, Outcome, Proved, Reception, Visitor, Wait, Wrong
from hotspot import clients
from hotspot.secret import Secret
from hotspot.sites.messages import Sender

WAY = "reverse-otp"
VALID = 15 * 60  # seconds: a message has to be written and carried


@dataclass(frozen=True)
class Word:
    """What stands on the visitor's page; ``confirmed`` once the message came in."""

    text: str
    confirmed: bool
    expires_at: int


def prove(reception: Reception, visitor: Visitor) -> Outcome:
    """Confirmed, the visitor comes in; else there is a word to send."""
    device = clients.memory_of(reception.key, visitor.flow.mac)
    with reception.store.writing() as connection:
        live = otp_book.live_of(connection, device, WAY, visitor.now)
        for pending in live:
            if pending.confirmed_at is not None and pending.number is not None:
                return Proved(pending.number, WAY, otp=pending.id)
        if not live and not _ask(connection, reception.key, device, visitor):
            return Wrong(Hurdle.CROWD, until=int(visitor.now) + 60)
    return Wait()


def word_of(key: Secret, pending: Pending) -> Word:
    return Word(_text(key, pending), pending.confirmed_at is not None, pending.expires_at)


def listeners(reception: Reception) -> list[Sender]:
    """To whom the word can be sent."""
    return [sender for sender in reception.sites.messages.senders if sender.number]


def _ask(connection: Connection, key: Secret, device: str, visitor: Visitor) -> bool:
    now = int(visitor.now)
    for digits in one_time.WORD_DIGITS:
        hashed = one_time.word_hash(key, one_time.code_of(key, device, now, digits))
        if otp_book.live_word(connection, hashed, visitor.now) is None:
            row = {"way": WAY, "device": device, "hash": hashed, "site": visitor.site.id}
            otp_book.ask(connection, {**row, "asked_at": now, "expires_at": now + VALID})
            return True
    return False


def _text(key: Secret, pending: Pending) -> str:
    """The short word or the longer one, whichever was asked for."""
    words = [one_time.code_of(key, pending.device, pending.asked_at, digits) for digits in one_time.WORD_DIGITS]
    return next((word for word in words if one_time.word_hash(key, word) == pending.hash), "")
