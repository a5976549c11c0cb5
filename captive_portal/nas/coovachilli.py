"""CoovaChilli's UAM: a redirect signed with the uamsecret, a challenge, login by GET /logon.

Source: coova-chilli src/redir.c and doc/attributes (version 1.9).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from itertools import cycle

from captive_portal.nas.kind import Arrival, Door, News, Refusal, read_client, with_query
from captive_portal.query import Query
from hotspot.secret import Secret

_NEWS = {"success": News.ONLINE, "already": News.ONLINE, "failed": News.FAILED, "logoff": News.LEFT}
_CHALLENGE = re.compile(r"[0-9a-f]{32}", re.IGNORECASE)


def arrive(query: Query, door: Door) -> Arrival | Refusal:
    signed, mark, signature = query.raw.partition("&md=")
    if not mark and "res=" not in query.raw:
        return Refusal.NO_PARAMETERS
    if not hmac.compare_digest(signature[:32].encode(), md(f"{door.arrive_url}?{signed}", _secret(door)).encode()):
        return Refusal.BAD_SIGNATURE
    return _read(Query.parse(signed))  # what was added behind the signature is nobody's


def release(keys: Mapping[str, str], door: Door, grant_id: str, password: str, after: str) -> str:
    """``/logon`` with a CHAP response; the NAS sends the browser back with res=success, signed again."""
    challenge = new_challenge(bytes.fromhex(keys["challenge"]), _secret(door))
    fields = {"username": grant_id, "response": chap_response(password, challenge), "userurl": after}
    return with_query(f"{_box(door)}/logon", fields)


def entrance(door: Door) -> str:
    return f"{_box(door)}/prelogin"


def logout(door: Door, user: str) -> str:  # noqa: ARG001 - the contract; chilli asks nobody who they are
    return f"{_box(door)}/logoff"


def md(url: str, secret: Secret) -> str:
    """Upper-case MD5 over the URL's raw text, from the configured uamserver up to "&md=", and the secret."""
    return hashlib.md5(url.encode("latin-1") + secret.octets, usedforsecurity=False).hexdigest().upper()


def new_challenge(challenge: bytes, secret: Secret) -> bytes:
    """What both sides hash with, so that a challenge seen on the air is not enough."""
    return hashlib.md5(challenge + secret.octets, usedforsecurity=False).digest()


def chap_response(password: str, challenge: bytes) -> str:
    """RFC 1994 with identifier 0, which chilli takes when no other is named."""
    return hashlib.md5(b"\x00" + password.encode() + challenge, usedforsecurity=False).hexdigest()


def pap_password(password: str, challenge: bytes) -> str:
    """``password=`` instead of ``response=``, for a password that RADIUS keeps only as a hash, which no CHAP can prove.

    XOR with the new challenge, repeated over long passwords.
    """
    return bytes(a ^ b for a, b in zip(password.encode(), cycle(challenge), strict=False)).hex()


def _read(query: Query) -> Arrival | Refusal:
    client = read_client(query.get("mac"), query.get("ip"))
    if client is None:
        return Refusal.BAD_CLIENT
    news = _NEWS.get(query.get("res"), News.NEW)
    challenge = query.get("challenge")
    if news in (News.NEW, News.FAILED) and not _CHALLENGE.fullmatch(challenge):
        return Refusal.BAD_CHALLENGE
    says = query.get("reply") or query.get("reason")
    keys = {"challenge": challenge.lower()} if _CHALLENGE.fullmatch(challenge) else {}
    return Arrival(*client, news=news, keys=keys, user=query.get("uid"), says=says, proved=True)


def _box(door: Door) -> str:
    uam = door.nas.uam
    if uam is None:
        raise ValueError(f"NAS {door.nas.id} has no uam")
    host = f"[{uam.ip}]" if ":" in uam.ip else uam.ip
    return f"http://{host}:{uam.port}"


def _secret(door: Door) -> Secret:
    if door.secret is None:
        raise ValueError(f"NAS {door.nas.id} has no uamsecret")
    return door.secret
