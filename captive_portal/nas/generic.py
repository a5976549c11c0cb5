"""A NAS of no kind known here: the client's MAC in the redirect, unsigned, and a login by GET with a plain password.

The password is a grant's: good for minutes, for one MAC at one NAS.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urljoin

from captive_portal.nas.kind import Arrival, Door, News, Refusal, read_client, with_query
from captive_portal.query import Query


def arrive(query: Query, door: Door) -> Arrival | Refusal:  # noqa: ARG001 - the contract; nothing here is signed
    if not query.get("mac"):
        return Refusal.NO_PARAMETERS
    client = read_client(query.get("mac"), query.get("ip"))
    if client is None:
        return Refusal.BAD_CLIENT
    says = query.get("error")
    return Arrival(*client, news=News.FAILED if says else News.NEW, says=says)


def release(keys: Mapping[str, str], door: Door, grant_id: str, password: str, after: str) -> str:  # noqa: ARG001
    """To the login page of sites.yaml; ``dst`` is where most of them lead on to."""
    return with_query(entrance(door), {"username": grant_id, "password": password, "dst": after})


def entrance(door: Door) -> str:
    return str(door.nas.login_url)


def logout(door: Door, user: str) -> str:  # noqa: ARG001
    return urljoin(entrance(door), "/logout")
