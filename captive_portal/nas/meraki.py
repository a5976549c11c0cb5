"""Meraki's sign-on splash page: POST to the login_url of the redirect, whose query names the visitor.

Source: Cisco Meraki's guide to external captive portals; never tried on one. Of ``login_url`` only the query is taken,
and only where the rest is what sites.yaml says.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from captive_portal.nas.kind import Arrival, Door, Posting, Refusal
from captive_portal.nas.usual import Usual, same_place
from captive_portal.nas.usual import entrance as entrance_of
from captive_portal.query import Query

LONGEST = 1024
FORM = Usual(
    mac="client_mac",
    ip="client_ip",
    user="username",
    password="password",  # noqa: S106 - a field's name
    after="success_url",
    failed=lambda query: query.get("error_message"),
)
entrance, logout = FORM.entrance, FORM.logout


def arrive(query: Query, door: Door) -> Arrival | Refusal:
    arrival, login = FORM.arrive(query, door), query.get("login_url")
    if isinstance(arrival, Refusal):
        return arrival
    asked = urlsplit(login).query if same_place(login, door) else ""
    if not asked or len(asked) > LONGEST or not (asked.isascii() and asked.isprintable()):
        return Refusal.BAD_CHALLENGE
    return Arrival(arrival.mac, arrival.ip, news=arrival.news, keys={"query": asked}, says=arrival.says)


def release(keys: Mapping[str, str], door: Door, grant_id: str, password: str, after: str) -> Posting:
    form = FORM.release({}, door, grant_id, password, after)
    return Posting(f"{entrance_of(door)}?{keys['query']}", form.fields)
