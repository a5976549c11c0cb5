"""A flow: one visitor's way from arrival to the tap, carried by the page itself as a sealed token, not by a cookie."""

from __future__ import annotations

import hashlib
import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hotspot.mac import Mac
from hotspot.secret import Secret

LIFETIME = 600  # seconds; the challenge of a CoovaChilli lives as long
EARLY = 60  # seconds by which another of our machines may be ahead
LONGEST_TOKEN = 4096
_NONCE = 12  # octets; NIST SP 800-38D section 8.2: random ones serve 2^32 tokens of one key


@dataclass(frozen=True)
class Flow:
    """``id`` makes a double tap one grant; ``keys`` is what the kind of NAS needs to release the visitor.

    ``proved`` says that the NAS signed who arrived, so that whoever holds the flow has that MAC at that NAS.
    """

    id: str
    nas: str
    mac: Mac
    ip: str
    keys: Mapping[str, str]
    at: int
    proved: bool = False


class Sealer:
    """Encrypts flows under the secret ``flow-key``: tokens stand in addresses, and the MAC within is personal data.

    AES-GCM of the ``cryptography`` library: who holds a token can neither read nor change it.
    """

    def __init__(self, key: Secret) -> None:
        self._cipher = AESGCM(hashlib.sha256(b"flow:" + key.octets).digest())

    def seal(self, flow: Flow) -> str:
        content = [flow.id, flow.nas, flow.mac.digits, flow.ip, dict(flow.keys), flow.at, int(flow.proved)]
        nonce = os.urandom(_NONCE)
        text = json.dumps(content, separators=(",", ":")).encode()
        return urlsafe_b64encode(nonce + self._cipher.encrypt(nonce, text, None)).rstrip(b"=").decode()

    def open(self, token: str, now: float) -> Flow | None:
        """None for anything that we did not seal; whether it is too old is :func:`has_expired`'s to say."""
        try:
            sealed = urlsafe_b64decode(token[:LONGEST_TOKEN].encode() + b"==")
            text = self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], None)
        except (ValueError, InvalidTag):  # binascii.Error and UnicodeEncodeError are ValueErrors too
            return None
        flow_id, nas, mac, ip, keys, at, proved = json.loads(text)
        if at > now + EARLY:
            return None
        return Flow(flow_id, nas, Mac(mac), ip, keys, at, bool(proved))


def is_fresh(at: int, now: float) -> bool:
    """Whether a moment that another of our machines signed is not too long ago, nor ahead of us."""
    return -EARLY <= now - at <= LIFETIME


def has_expired(flow: Flow, now: float) -> bool:
    return now - flow.at > LIFETIME
