"""Any other provider, or a gateway of the regency's own: JSON by POST with a bearer token; 2xx means taken."""

from __future__ import annotations

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
    content = {
        "to": message.to.e164,
        "message": message.text,
        "code": message.code,
        "language": message.language,
        "channel": account.channel,
        "purpose": "login",
    }
    return json_call(account.url, content, Authorization=f"Bearer {account.secret}")


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
