"""The contract of a message provider's driver: what it sends, what an answer means; the drivers are pure."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol
from urllib.parse import urlencode

from hotspot.phone_number import PhoneNumber
from hotspot.secret import Secret

LONGEST_LETTER = 2000  # characters


@dataclass(frozen=True)
class Account:
    """One account at a provider, from sites.yaml; ``secrets`` by the suffix that the driver names."""

    id: str
    channel: str
    url: str
    keys: Mapping[str, str]
    secrets: Mapping[str, Secret] = field(default_factory=dict)

    @property
    def secret(self) -> str:
        return self.secrets[""].reveal()


@dataclass(frozen=True)
class Message:
    """A code for one number, with the sentence that carries it for providers that take any text."""

    to: PhoneNumber
    code: str
    text: str
    language: str


@dataclass(frozen=True)
class Call:
    """One POST request; its body and headers hold secrets and a number, so it never prints itself."""

    url: str
    headers: Mapping[str, str]
    body: bytes

    def __repr__(self) -> str:
        return "<call>"


class Trouble(StrEnum):
    """Why a message did not go; the word is a metric's ``reason``."""

    BAD_NUMBER = "bad-number"
    RATE = "rate"
    AUTH = "auth"
    BALANCE = "balance"
    TEMPORARY = "temporary"


@dataclass(frozen=True)
class Receipt:
    """The provider took it; its own number for the message, for its support."""

    id: str


@dataclass(frozen=True)
class Failure:
    trouble: Trouble


Outcome = Receipt | Failure


@dataclass(frozen=True)
class Facts:
    """Which keys of sites.yaml a driver needs, what it sends by, and where its provider listens.

    ``hook`` are the secrets beside the account's own (suffixes of ``sender-<id>``) by which we know that what
    visitors wrote comes from the provider; None where it passes nothing on.
    """

    needs: tuple[str, ...]
    channels: tuple[str, ...]
    url: str
    hook: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Hook:
    """A request that says to come from a provider; header names in lower case, ``url`` as the provider called it."""

    url: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Letter:
    """What a visitor wrote to our number; ``id`` is the provider's, the same when it is delivered twice."""

    sender: PhoneNumber
    text: str
    id: str

    def __repr__(self) -> str:
        return "<letter>"


class Driver(Protocol):
    """A module of this package is a driver."""

    FACTS: Facts

    def call(self, account: Account, message: Message) -> Call: ...

    def outcome(self, status: int, body: bytes) -> Outcome: ...


class Listener(Protocol):
    """A driver whose provider passes on what visitors write."""

    def letters(self, account: Account, hook: Hook) -> tuple[Letter, ...] | None:
        """None when the signature is not the provider's."""

    def answer(self, account: Account, to: PhoneNumber, text: str) -> Call: ...


def json_call(url: str, content: Any, **headers: str) -> Call:
    body = json.dumps(content, ensure_ascii=False).encode()
    return Call(url, {"Content-Type": "application/json", **headers}, body)


def form_call(url: str, fields: Mapping[str, str], **headers: str) -> Call:
    return Call(url, {"Content-Type": "application/x-www-form-urlencoded", **headers}, urlencode(fields).encode())


def basic(user: str, password: str) -> str:
    """RFC 7617."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def is_signed(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


def hex_signature(secret: Secret, content: bytes) -> str:
    return hmac.digest(secret.octets, content, "sha256").hex()


def letter(sender: Any, text: Any, id: Any) -> tuple[Letter, ...]:  # noqa: A002 - the field's own name
    """One letter, or none when its sender is no telephone number (a group, a bot)."""
    try:
        return (Letter(PhoneNumber.parse(str(sender)), str(text)[:LONGEST_LETTER], str(id)[:128]),)
    except ValueError:
        return ()


def read_json(body: bytes) -> dict[str, Any]:
    """An object, or an empty one for anything else that came."""
    try:
        content = json.loads(body)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def by_status(status: int) -> Failure:
    """What the HTTP status alone tells of a refusal."""
    troubles = {401: Trouble.AUTH, 403: Trouble.AUTH, 402: Trouble.BALANCE, 429: Trouble.RATE}
    return Failure(troubles.get(status, Trouble.TEMPORARY))


def by_code(troubles: Mapping[int, Trouble], code: Any, status: int) -> Failure:
    """What the provider's own error number tells, else the HTTP status."""
    known = troubles.get(code) if isinstance(code, int) else None
    return Failure(known) if known else by_status(status)
