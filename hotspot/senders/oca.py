"""Telkom's OCA SMS Premium: a sentence with the code, sent by the state-owned operator.

Source: OCA Indonesia's documentation, /sms/v2/send-otp.
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
    json_call,
    read_json,
)

# Its secret is the whole Authorization header, which differs by contract.
FACTS = Facts(needs=("sender",), channels=("sms",), url="https://webapigw.ocatelkom.co.id")

_TROUBLES = {"39": Trouble.BAD_NUMBER}


def call(account: Account, message: Message) -> Call:
    content = {
        "sender_id": account.keys["sender"],
        "recipient_number": message.to.digits,
        "message_body": message.text,
    }
    return json_call(f"{account.url}/sms/v2/send-otp", content, Authorization=account.secret)


def outcome(status: int, body: bytes) -> Outcome:
    content = read_json(body)
    if status == 200 and content.get("success") is True:
        return Receipt(str(content.get("msg_id", "")))
    errors = content.get("errors")
    for error in errors if isinstance(errors, list) else []:
        code = str(error.get("code")) if isinstance(error, dict) else ""
        if code in _TROUBLES:
            return Failure(_TROUBLES[code])
    return by_status(status)
