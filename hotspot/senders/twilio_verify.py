"""Twilio Verify, which makes the code itself and is asked whether the visitor's is right.

Source: twilio.com/docs/verify (v2: Verifications, VerificationCheck; error codes 602xx).
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from urllib.parse import parse_qsl

from hotspot.phone_number import PhoneNumber
from hotspot.secret import Secret
from hotspot.senders.driver import (
    Account,
    Call,
    Facts,
    Failure,
    Hook,
    Letter,
    Message,
    Outcome,
    Receipt,
    Trouble,
    basic,
    by_code,
    by_status,
    form_call,
    is_signed,
    letter,
    read_json,
)

FACTS = Facts(needs=("account", "service"), channels=("sms", "whatsapp"), url="https://verify.twilio.com", hook=())

_MESSAGES = "https://api.twilio.com"
_TROUBLES = {
    20003: Trouble.AUTH,
    20429: Trouble.RATE,
    60200: Trouble.BAD_NUMBER,  # invalid parameter: the number
    60203: Trouble.RATE,  # five codes were sent to it
    60205: Trouble.BAD_NUMBER,  # a landline
    60212: Trouble.RATE,
    60410: Trouble.BAD_NUMBER,  # blocked by its fraud guard
}


def call(account: Account, message: Message) -> Call:
    return _ask(
        account, "Verifications", {"To": message.to.e164, "Channel": account.channel, "Locale": _locale(message)}
    )


def outcome(status: int, body: bytes) -> Outcome:
    content = read_json(body)
    if status in (200, 201) and content.get("status") == "pending":
        return Receipt(str(content.get("sid", "")))
    code = content.get("code")
    return by_code(_TROUBLES, code, status)


def check_call(account: Account, to: PhoneNumber, code: str) -> Call:
    return _ask(account, "VerificationCheck", {"To": to.e164, "Code": code})


def is_right(status: int, body: bytes) -> bool | Failure:
    """404 stands for "used, expired or never sent", 429 for five wrong tries: both are a wrong code to the visitor."""
    content = read_json(body)
    if status in (200, 201):
        return content.get("status") == "approved"
    return False if status in (404, 429) else by_status(status)


def letters(account: Account, hook: Hook) -> tuple[Letter, ...] | None:
    """X-Twilio-Signature: HMAC-SHA1 with the auth token over the URL and the sorted form, in base64."""
    form = dict(parse_qsl(hook.body.decode("utf-8", "replace"), keep_blank_values=True))
    if not is_signed(hook.headers.get("x-twilio-signature", ""), signature(hook.url, form, account.secrets[""])):
        return None
    sender = form.get("From", "").removeprefix("whatsapp:")
    return letter(sender, form.get("Body", ""), form.get("MessageSid", ""))


def answer(account: Account, to: PhoneNumber, text: str) -> Call:
    """By Twilio's Messages, since Verify carries codes alone."""
    url = _MESSAGES if account.url == FACTS.url else account.url
    mark = "whatsapp:" if account.channel == "whatsapp" else ""
    own = PhoneNumber.parse(account.keys["number"])
    fields = {"To": mark + to.e164, "From": mark + own.e164, "Body": text}
    path = f"/2010-04-01/Accounts/{account.keys['account']}/Messages.json"
    return form_call(url + path, fields, Authorization=basic(account.keys["account"], account.secret))


def signature(url: str, form: Mapping[str, str], token: Secret) -> str:
    text = url + "".join(name + value for name, value in sorted(form.items()))
    return base64.b64encode(hmac.digest(token.octets, text.encode(), "sha1")).decode()


def _ask(account: Account, resource: str, fields: dict[str, str]) -> Call:
    url = f"{account.url}/v2/Services/{account.keys['service']}/{resource}"
    return form_call(url, fields, Authorization=basic(account.keys["account"], account.secret))


def _locale(message: Message) -> str:
    """Verify has no Javanese."""
    return "en" if message.language == "en" else "id"
