"""Any other provider, or a gateway of the regency's own: JSON by POST with a bearer token; 2xx means taken."""

from __future__ import annotations

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
    hex_signature,
    is_signed,
    json_call,
    letter,
    read_json,
)

FACTS = Facts(needs=("url",), channels=("sms", "whatsapp"), url="", hook=("hook",))


def call(account: Account, message: Message) -> Call:
    content = {"code": message.code, "language": message.language, "purpose": "login"}
    return _send(account, message.to, message.text, content)


def answer(account: Account, to: PhoneNumber, text: str) -> Call:
    return _send(account, to, text, {"purpose": "answer"})


def letters(account: Account, hook: Hook) -> tuple[Letter, ...] | None:
    """``X-Signature-256: sha256=<hex>``, HMAC-SHA256 over the raw body of {"from", "text", "id"}."""
    expected = "sha256=" + hex_signature(account.secrets["hook"], hook.body)
    if not is_signed(hook.headers.get("x-signature-256", ""), expected):
        return None
    content = read_json(hook.body)
    return letter(content.get("from"), content.get("text", ""), content.get("id", ""))


def outcome(status: int, body: bytes) -> Outcome:
    """A refusal may name its trouble as one of our words in ``error``."""
    content = read_json(body)
    if 200 <= status < 300:
        return Receipt(str(content.get("id", "")))
    error = str(content.get("error", ""))
    return Failure(Trouble(error)) if error in set(Trouble) else by_status(status)


def _send(account: Account, to: PhoneNumber, text: str, more: dict[str, str]) -> Call:
    content = {"to": to.e164, "message": text, "channel": account.channel, **more}
    return json_call(account.url, content, Authorization=f"Bearer {account.secret}")
