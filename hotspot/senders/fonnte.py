"""Fonnte, which drives an ordinary WhatsApp account (unofficial: WhatsApp may close the account at any time).

Source: docs.fonnte.com. HTTP 200 comes with refusals too; ``status`` tells, and ``reason`` says why.
"""

from __future__ import annotations

import hashlib

from hotspot.phone_number import PhoneNumber
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
    by_status,
    form_call,
    is_signed,
    letter,
    read_json,
)

FACTS = Facts(needs=(), channels=("whatsapp",), url="https://api.fonnte.com", hook=("hook",))

_WORDS = (
    ("token", Trouble.AUTH),
    ("quota", Trouble.BALANCE),
    ("expired", Trouble.BALANCE),
    ("target", Trouble.BAD_NUMBER),
    ("rate", Trouble.RATE),
)


def call(account: Account, message: Message) -> Call:
    return answer(account, message.to, message.text)


def answer(account: Account, to: PhoneNumber, text: str) -> Call:
    """The token stands alone in the header, without "Bearer"."""
    fields = {"target": to.digits, "message": text, "countryCode": "0"}  # 0: the number is whole
    return form_call(f"{account.url}/send", fields, Authorization=account.secret)


def letters(account: Account, hook: Hook) -> tuple[Letter, ...] | None:
    """Fonnte signs nothing: its webhook's address carries a secret of ours as ``key``."""
    if not is_signed(hook.query.get("key", ""), account.secrets["hook"].reveal()):
        return None
    content = read_json(hook.body)
    own = content.get("inboxid") or hashlib.sha256(hook.body).hexdigest()
    return letter(content.get("sender"), content.get("message", ""), own)


def outcome(status: int, body: bytes) -> Outcome:
    content = read_json(body)
    if status == 200 and content.get("status") is True:
        ids = content.get("id")
        return Receipt(str(ids[0] if isinstance(ids, list) and ids else ids or ""))
    words = str(content.get("reason", "")).lower()
    for word, trouble in _WORDS:
        if word in words:
            return Failure(trouble)
    return by_status(status)
