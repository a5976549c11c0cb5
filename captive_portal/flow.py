"""A flow: one visitor's way from arrival to the tap, carried by the page itself as a signed token, not by a cookie."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeSerializer

from hotspot.mac import Mac
from hotspot.secret import Secret

LIFETIME = 600  # seconds; the challenge of a CoovaChilli lives as long
EARLY = 60  # seconds by which another of our machines may be ahead


@dataclass(frozen=True)
class Flow:
    """``id`` makes a double tap one grant; ``keys`` is what the kind of NAS needs to release the visitor."""

    id: str
    nas: str
    mac: Mac
    ip: str
    keys: Mapping[str, str]
    at: int


class Sealer:
    """Signs flows with the secret ``flow-key``; who holds a token can read it, nobody can change it."""

    def __init__(self, key: Secret) -> None:
        self._serializer = URLSafeSerializer(key.octets, salt="flow", signer_kwargs={"digest_method": hashlib.sha256})

    def seal(self, flow: Flow) -> str:
        content = [flow.id, flow.nas, flow.mac.digits, flow.ip, dict(flow.keys), flow.at]
        return str(self._serializer.dumps(content))

    def open(self, token: str, now: float) -> Flow | None:
        """None for anything that we did not sign; whether it is too old is :func:`has_expired`'s to say."""
        try:
            flow_id, nas, mac, ip, keys, at = self._serializer.loads(token)
        except (BadSignature, ValueError, TypeError):
            return None
        if at > now + EARLY:
            return None
        return Flow(flow_id, nas, Mac(mac), ip, keys, at)


def is_fresh(at: int, now: float) -> bool:
    """Whether a moment that another of our machines signed is not too long ago, nor ahead of us."""
    return -EARLY <= now - at <= LIFETIME


def has_expired(flow: Flow, now: float) -> bool:
    return now - flow.at > LIFETIME
