"""WhatsApp's own Cloud API: a code as an authentication template with a copy button.

Source: Meta's documentation "Authentication templates" (copy code) and "Error codes" of the Cloud API.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hotspot.phone_number import PhoneNumber
from hotspot.senders.driver import (
    Account,
    Call,
    Facts,
    Hook,
    Letter,
    Message,
    Outcome,
    Receipt,
    Trouble,
    by_code,
    hex_signature,
    is_signed,
    json_call,
    letter,
    read_json,
)

FACTS = Facts(
    needs=("account", "template", "version"),
    channels=("whatsapp",),
    url="https://graph.facebook.com",
    hook=("app", "verify"),
)

_TROUBLES = {
    190: Trouble.AUTH,  # access token expired
    10: Trouble.AUTH,
    200: Trouble.AUTH,
    131005: Trouble.AUTH,
    131042: Trouble.BALANCE,  # payment issue of the business account
    4: Trouble.RATE,
    80007: Trouble.RATE,
    130429: Trouble.RATE,
    131048: Trouble.RATE,
    131056: Trouble.RATE,  # too many to this one number
    131021: Trouble.BAD_NUMBER,  # the sender itself
    131026: Trouble.BAD_NUMBER,  # not on WhatsApp, or cannot receive it
    131030: Trouble.BAD_NUMBER,
    133010: Trouble.AUTH,  # our own number is not registered
}


def call(account: Account, message: Message) -> Call:
    """The template's text is Meta's own in each language; the button's parameter is the code again."""
    code = [{"type": "text", "text": message.code}]
    template = {
        "name": account.keys["template"],
        "language": {"code": account.keys.get("template_language", "id")},
        "components": [
            {"type": "body", "parameters": code},
            {"type": "button", "sub_type": "url", "index": "0", "parameters": code},
        ],
    }
    content = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": message.to.digits}
    url = f"{account.url}/{account.keys['version']}/{account.keys['account']}/messages"
    return json_call(
        url, content | {"type": "template", "template": template}, Authorization=f"Bearer {account.secret}"
    )


def letters(account: Account, hook: Hook) -> tuple[Letter, ...] | None:
    """Signed over the raw body with the app's secret; receipts of our own messages come by the same way."""
    signature = "sha256=" + hex_signature(account.secrets["app"], hook.body)
    if not is_signed(hook.headers.get("x-hub-signature-256", ""), signature):
        return None
    return tuple(found for value in _values(read_json(hook.body)) for found in _letters(value))


def answer(account: Account, to: PhoneNumber, text: str) -> Call:
    """Any text may be sent within a day of the visitor's own."""
    content = {"messaging_product": "whatsapp", "to": to.digits, "type": "text", "text": {"body": text}}
    url = f"{account.url}/{account.keys['version']}/{account.keys['account']}/messages"
    return json_call(url, content, Authorization=f"Bearer {account.secret}")


def greet(account: Account, query: Mapping[str, str]) -> str | None:
    """Meta asks once, when the address is entered there, whether it is ours."""
    known = is_signed(query.get("hub.verify_token", ""), account.secrets["verify"].reveal())
    return query.get("hub.challenge", "")[:64] if known and query.get("hub.mode") == "subscribe" else None


def outcome(status: int, body: bytes) -> Outcome:
    content = read_json(body)
    messages = content.get("messages")
    if status == 200 and isinstance(messages, list) and messages and isinstance(messages[0], dict):
        return Receipt(str(messages[0].get("id", "")))
    error = content.get("error")
    code = error.get("code") if isinstance(error, dict) else None
    return by_code(_TROUBLES, code, status)


def _values(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for entry in _rows(content.get("entry")):
        for change in _rows(entry.get("changes")):
            if isinstance(value := change.get("value"), dict):
                yield value


def _letters(value: dict[str, Any]) -> Iterator[Letter]:
    for message in _rows(value.get("messages")):
        if isinstance(text := message.get("text"), dict):
            yield from letter(message.get("from"), text.get("body", ""), message.get("id"))


def _rows(found: Any) -> list[dict[str, Any]]:
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
