"""An account with each provider, and a message to hand in."""

from __future__ import annotations

from hotspot.phone_number import PhoneNumber
from hotspot.secret import Secret
from hotspot.senders import DRIVERS, Account, Message

KEYS = {
    "account": "AC-1056",
    "service": "VA77",
    "sender": "WIFIPWR",
    "template": "kode_wifi",
    "template_language": "id",
    "version": "v23.0",
    "number": "+62 811 2345 678",
}
SECRETS = {"": "kunci-penyedia", "app": "rahasia-aplikasi", "verify": "kata-tanya", "hook": "rahasia-kait"}
MESSAGE = Message(PhoneNumber("+6281234567890"), "482193", "482193 adalah kode Wi-Fi Anda.", "id")


def account(driver: str, channel: str = "", url: str = "") -> Account:
    facts = DRIVERS[driver].FACTS
    secrets = {suffix: Secret(text) for suffix, text in SECRETS.items()}
    where = url or facts.url or "https://sms.example.go.id/send"
    return Account("a", channel or facts.channels[0], where, KEYS, secrets)
