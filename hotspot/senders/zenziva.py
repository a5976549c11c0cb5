"""Zenziva, by SMS or WhatsApp: a form with user key and pass key; its HTTP status says nothing, ``status`` does.

Source: Zenziva's documentation of the reguler and wareguler APIs.
"""

from __future__ import annotations

from hotspot.senders.driver import (
    Account,
    Call,
    Facts,
    Failure,
    Message,
    Outcome,
    Receipt,
    Trouble,
    by_status,
    form_call,
    read_json,
)

FACTS = Facts(needs=("account",), channels=("sms", "whatsapp"), url="https://console.zenziva.net")

_PATHS = {"sms": "/reguler/api/sendsms/", "whatsapp": "/wareguler/api/sendWA/"}
_WORDS = (
    ("userkey", Trouble.AUTH),
    ("passkey", Trouble.AUTH),
    ("credit", Trouble.BALANCE),
    ("saldo", Trouble.BALANCE),
    ("kuota", Trouble.BALANCE),
    ("number", Trouble.BAD_NUMBER),
    ("nomor", Trouble.BAD_NUMBER),
    ("tujuan", Trouble.BAD_NUMBER),
)


def call(account: Account, message: Message) -> Call:
    fields = {
        "userkey": account.keys["account"],
        "passkey": account.secret,
        "to": "0" + message.to.digits[2:] if message.to.digits.startswith("62") else message.to.digits,
        "message": message.text,
    }
    return form_call(account.url + _PATHS[account.channel], fields)


def outcome(status: int, body: bytes) -> Outcome:
    content = read_json(body)
    words = str(content.get("text", "")).lower()
    if status in (200, 201) and (str(content.get("status")) == "1" or words == "success"):
        return Receipt(str(content.get("messageId", "")))
    for word, trouble in _WORDS:
        if word in words:
            return Failure(trouble)
    return by_status(status)
