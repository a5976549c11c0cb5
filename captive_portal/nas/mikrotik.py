"""MikroTik HotSpot: unsigned parameters, a challenge in octal escapes, login by GET with a hashed password.

Source: MikroTik's manual "HotSpot customisation" (servlet variables, http-chap, errors.txt).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from urllib.parse import urljoin

from captive_portal.nas.kind import Arrival, Door, News, Refusal, read_client, with_query
from captive_portal.query import Query

_OCTAL = re.compile(rb"\\([0-7]{3})")


def arrive(query: Query, door: Door) -> Arrival | Refusal:  # noqa: ARG001 - the contract; nothing here is signed
    if not query.get("mac"):
        return Refusal.NO_PARAMETERS
    client = read_client(query.get("mac"), query.get("ip"))
    if client is None:
        return Refusal.BAD_CLIENT
    keys = _challenge(query)
    if keys is None:
        return Refusal.BAD_CHALLENGE
    says = query.get("error")
    return Arrival(*client, news=News.FAILED if says else News.NEW, keys=keys, says=says)


def release(keys: Mapping[str, str], door: Door, grant_id: str, password: str, after: str) -> str:
    """To the login page of sites.yaml, whatever link-login-only said: a form that any page can make sends that."""
    if keys:
        password = chap_response(bytes.fromhex(keys["id"]), password, bytes.fromhex(keys["challenge"]))
    fields = {"username": grant_id, "password": password, "dst": after, "popup": "false"}
    return with_query(entrance(door), fields)


def entrance(door: Door) -> str:
    return str(door.nas.login_url)


def logout(door: Door, user: str) -> str:  # noqa: ARG001 - the contract; the router asks nobody who they are
    return urljoin(entrance(door), "/logout")


def chap_response(identifier: bytes, password: str, challenge: bytes) -> str:
    """The hotspot's http-chap: lower-case hex of MD5(chap-id, password, chap-challenge) over octets."""
    return hashlib.md5(identifier + password.encode() + challenge, usedforsecurity=False).hexdigest()


def octets(escaped: str) -> bytes:
    r"""``\371`` is one octet: the router writes octal escapes, which mean something in its JavaScript only."""
    return _OCTAL.sub(lambda match: bytes([int(match[1], 8) & 255]), escaped.encode("latin-1", "replace"))


def _challenge(query: Query) -> dict[str, str] | None:
    """Empty where the router wants plain passwords (http-pap), None where the challenge makes no sense."""
    written = query.get("chap-id"), query.get("chap-challenge")
    if written == ("", ""):
        return {}
    identifier, challenge = (octets(text) for text in written)
    if len(identifier) != 1 or len(challenge) != 16:
        return None
    return {"id": identifier.hex(), "challenge": challenge.hex()}
