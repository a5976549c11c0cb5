"""Our own Linux box (the room ``gateway``): a redirect signed and dated by it, login by GET with the grant's password.

The password travels in clear on the visitor's own network, as with every hotspot; it is bound to one MAC and NAS.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from captive_portal.nas.kind import Arrival, Door, News, Refusal, read_client, with_query
from captive_portal.query import Query
from hotspot.nas.linux import signature
from hotspot.secret import Secret
from hotspot.sites.gateway import Gateway

_LONGEST_TIME = 12  # digits


def arrive(query: Query, door: Door) -> Arrival | Refusal:
    signed, mark, proof = query.raw.partition("&sig=")
    if not mark and not query.get("mac"):
        return Refusal.NO_PARAMETERS
    if not hmac.compare_digest(proof.encode("latin-1", "replace"), _proof(signed, door)):
        return Refusal.BAD_SIGNATURE
    return _read(Query.parse(signed))


def release(keys: Mapping[str, str], door: Door, grant_id: str, password: str, after: str) -> str:  # noqa: ARG001
    return with_query(f"{_box(door).login_url}/login", {"user": grant_id, "password": password, "after": after})


def entrance(door: Door) -> str:
    return f"{_box(door).login_url}/"


def logout(door: Door, user: str) -> str:
    """With the name of the stay, which only its own page knows: another site's link or picture ends nobody's visit."""
    return with_query(f"{_box(door).login_url}/logout", {"user": user})


def _read(query: Query) -> Arrival | Refusal:
    client = read_client(query.get("mac"), query.get("ip"))
    at = query.get("at")
    if client is None or not (at.isascii() and at.isdigit() and len(at) <= _LONGEST_TIME):
        return Refusal.BAD_CLIENT
    written = query.get("news")
    news = News(written) if written in set(News) else News.NEW
    return Arrival(*client, news=news, user=query.get("user"), says=query.get("says"), at=int(at), proved=True)


def _proof(signed: str, door: Door) -> bytes:
    return signature(f"{door.arrive_url}?{signed}", _secret(door)).encode()


def _box(door: Door) -> Gateway:
    if door.nas.gateway is None:
        raise ValueError(f"NAS {door.nas.id} has no gateway")
    return door.nas.gateway


def _secret(door: Door) -> Secret:
    if door.secret is None:
        raise ValueError(f"NAS {door.nas.id} has no uam secret")
    return door.secret
