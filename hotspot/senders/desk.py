"""Where a message is handed in: the senders of its channel are tried in the order of sites.yaml."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from hotspot.log import event
from hotspot.phone_number import PhoneNumber
from hotspot.secret import SecretSource
from hotspot.senders import DRIVERS, LISTENERS, Account, Failure, Hook, Letter, Message, Receipt, Trouble
from hotspot.senders import twilio_verify as checker
from hotspot.senders.driver import Call
from hotspot.sites import Sites
from hotspot.sites.messages import Sender

log = logging.getLogger(__name__)

CHECKED_BY_PROVIDER = "twilio-verify"  # it makes the code itself, so only it knows the right one
_KEYS = ("account", "service", "sender", "template", "template_language", "version", "number")
Post = Callable[[Call], tuple[int, bytes] | None]


@dataclass(frozen=True)
class Sent:
    """By which sender it went, or why by none."""

    sender: str | None
    trouble: Trouble | None = None


class Desk:
    """All senders of sites.yaml with their secrets."""

    def __init__(self, sites: Sites, secrets: SecretSource, post: Post) -> None:
        self._senders = {sender.id: sender for sender in sites.messages.senders}
        self._accounts = {sender.id: account(sender, secrets) for sender in sites.messages.senders}
        self._post = post

    def send(self, channel: str, message: Message) -> Sent:
        """The next sender is asked when one fails, except where the number itself is wrong."""
        sent = Sent(None, Trouble.TEMPORARY)
        for name, sender in self._senders.items():
            if sender.channel != channel:
                continue
            outcome = self._try(name, message)
            if isinstance(outcome, Receipt):
                return Sent(name)
            event(log, logging.WARNING, "message not sent", sender=name, reason=outcome.trouble.value)
            sent = Sent(None, outcome.trouble)
            if outcome.trouble is Trouble.BAD_NUMBER:
                break
        return sent

    def checks(self, sender: str | None) -> bool:
        """Whether the provider of this sender must be asked if a code is right."""
        return sender in self._senders and self._senders[sender].driver == CHECKED_BY_PROVIDER

    def is_right(self, sender: str, to: PhoneNumber, code: str) -> bool | Failure:
        answer = self._post(checker.check_call(self._accounts[sender], to, code))
        return checker.is_right(*answer) if answer else Failure(Trouble.TEMPORARY)

    def letters(self, sender: str, hook: Hook) -> tuple[Letter, ...] | None:
        """What a visitor wrote; None for a sender that has no webhook, or when its provider did not sign."""
        known = self._senders.get(sender)
        if known is None or known.number is None:
            return None
        return LISTENERS[known.driver].letters(self._accounts[sender], hook)

    def answer(self, sender: str, to: PhoneNumber, text: str) -> bool:
        """Write back to who wrote to us; whether somebody took it."""
        call = LISTENERS[self._senders[sender].driver].answer(self._accounts[sender], to, text)
        taken = self._post(call)
        return taken is not None and 200 <= taken[0] < 300

    def account(self, sender: str) -> Account | None:
        return self._accounts.get(sender)

    def sender(self, name: str) -> Sender | None:
        return self._senders.get(name)

    def _try(self, name: str, message: Message) -> Receipt | Failure:
        driver = DRIVERS[self._senders[name].driver]
        answer = self._post(driver.call(self._accounts[name], message))
        return driver.outcome(*answer) if answer else Failure(Trouble.TEMPORARY)


def account(sender: Sender, secrets: SecretSource) -> Account:
    written = {key: getattr(sender, key) for key in _KEYS}
    return Account(
        id=sender.id,
        channel=sender.channel,
        url=(sender.url or DRIVERS[sender.driver].FACTS.url).rstrip("/"),
        keys={key: value for key, value in written.items() if value is not None},
        secrets={suffix: secrets.read(_name(sender, suffix)) for suffix in _suffixes(sender)},
    )


def needs(sites: Sites) -> Iterable[tuple[tuple[str | int, ...], tuple[str, ...]]]:
    """The secrets of the senders, with where in sites.yaml each is asked for."""
    for place, sender in enumerate(sites.messages.senders):
        for suffix in _suffixes(sender):
            yield ("messages", "senders", place, "id"), (_name(sender, suffix),)


def _suffixes(sender: Sender) -> tuple[str, ...]:
    hook = DRIVERS[sender.driver].FACTS.hook if sender.driver in DRIVERS and sender.number else None
    return ("", *(hook or ()))


def _name(sender: Sender, suffix: str) -> str:
    return f"sender-{sender.id}" + (f"-{suffix}" if suffix else "")
