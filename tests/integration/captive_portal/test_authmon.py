"""openNDS at level 3 from arrival to the end on both databases, authmon played in its own words."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from sqlalchemy import insert, select

from captive_portal.nas.opennds import token
from hotspot.command import Settings
from hotspot.secret import Secret
from hotspot.sites import Nas, Sites
from hotspot.sites.door import Fas
from hotspot.store import Store
from hotspot.tables import admissions, reservations, sessions
from hotspot.wishes import Act, wish
from tests.conftest import FixedClock, as_service
from tests.integration.captive_portal.conftest import HID, MORNING, Portal, portal_on
from tests.peers.fas import encrypt

GATE, SITE, NAME, IV = "gw-nds", "alun-alun-kutoarjo", "alun-7f3a91c0%20Node%3A0211", "0123456789abcdef"
HASH, RHID = hashlib.sha256(NAME.encode()).hexdigest(), token(HID, Secret("kunci-fas"))


@pytest.fixture
def portal(settings: Settings, town: Sites, either_store: Store, clock: FixedClock) -> Iterator[Portal]:
    nas = Nas(id=GATE, site=SITE, kind="opennds", address="127.66.6.2", fas=Fas(gateway="127.66.6.2:2050", level=3))
    others = tuple(one for one in town.nases if one.id != GATE)
    kept = {name: getattr(town, name) for name in Sites.model_fields}
    store = as_service(either_store, "portal")
    yield portal_on(settings, Sites.model_construct(**kept | {"nases": (*others, nas)}), store, clock)
    if store is not either_store:
        store.close()


def arrival() -> str:
    text = f"hid={HID}, clientip=10.1.0.7, clientmac=02:11:22:33:44:55, gatewayname={NAME}, authdir=opennds_auth"
    return f"/arrive/{GATE}?fas={encrypt(text, IV, 'kunci-fas')}&iv={IV}"


def asked(portal: Portal, what: str, payload: str, gateway: str = HASH, nas: str = GATE) -> str:
    form = {"auth_get": what, "gatewayhash": gateway, "payload": base64.b64encode(payload.encode()).decode()}
    return portal.client.post(f"/arrive/{nas}", data=form).text


def promise(portal: Portal, either_store: Store) -> str:
    """As RADIUS writes it."""
    with portal.store.reading() as connection:
        grant = str(connection.execute(select(admissions.c.grant_id)).scalar_one())
    row = {"class_token": "hs1:" + "0" * 32, "grant_id": grant, "nas": GATE, "site": SITE, "mac": "021122334455"}
    row |= {"way": "tap"}
    times = {"reserved_at": int(MORNING), "ends_at": int(MORNING) + 7200, "interim": 300}
    with either_store.writing() as connection:
        connection.execute(insert(reservations), row | times)
    return grant


def test_a_phone_is_fetched_let_in_and_told_of_when_it_leaves(portal: Portal, either_store: Store) -> None:
    waiting = portal.tap(portal.flow(arrival()))
    assert waiting.startswith("http://127.0.0.1:8080/status?")
    assert asked(portal, "view", "none") == "*"  # RADIUS has promised nothing yet

    grant = promise(portal, either_store)
    custom = base64.b64encode(grant.encode()).decode()
    assert unquote(asked(portal, "view", "none")) == f"* {RHID} 120 2000 8000 0 0 {custom}"
    assert asked(portal, "view", f"* {RHID}") == "ack"
    assert asked(portal, "view", "none") == "*"

    gone = "method=client_deauth, clientmac=02:11:22:33:44:55, bytes_incoming=5000, bytes_outgoing=100, session_start=1"
    assert asked(portal, "deauthed", gone) == "ack"
    with portal.store.reading() as connection:
        row = connection.execute(select(admissions)).mappings().one()
    assert (row["fetched_at"], row["left_at"]) == (int(MORNING), int(MORNING))
    assert (row["left_cause"], row["upload"], row["download"]) == (1, 100, 5000)


def test_what_is_used_is_told_each_minute_and_whom_to_end_is_answered(portal: Portal, either_store: Store) -> None:
    portal.tap(portal.flow(arrival()))
    grant = promise(portal, either_store)
    asked(portal, "view", f"* {RHID}")
    assert asked(portal, "custom", "clients ") == "*"  # it was let in this very moment
    portal.clock.at += 60
    assert asked(portal, "custom", "clients 02:11:22:33:44:55 2 70,02:11:22:33:44:66 0 0,") == "*"
    with portal.store.reading() as connection:
        row = connection.execute(select(admissions)).mappings().one()
    assert (row["upload"], row["download"], row["left_at"]) == (2048, 71680, None)

    stay = {"uid": "u", "generation": 0, "nas": GATE, "site": SITE, "acct_session_id": grant, "mac": "021122334455"}
    stay |= {"grant_id": grant}
    stay |= dict.fromkeys(("seconds", "input_octets", "output_octets", "counted_input", "counted_output"), 0)
    stay |= dict.fromkeys(("started_at", "last_seen_at", "first_received_at", "changed_at"), int(MORNING))
    with either_store.writing() as connection:
        number = connection.execute(insert(sessions), stay | {"interim": 300}).inserted_primary_key
        wish(connection, number[0] if number else 0, Act.END, reason="x", by="office", now=portal.clock.at)
    assert asked(portal, "custom", "clients 02:11:22:33:44:55 2 70,02:11:22:33:44:66 0 0,") == "* 02:11:22:33:44:55"
    assert asked(portal, "custom", "clients 02:11:22:33:44:55 2 70,", "f" * 64) == "*"  # a stranger's

    assert asked(portal, "custom", "clients ") == "*"  # the box was started anew
    with portal.store.reading() as connection:
        row = connection.execute(select(admissions)).mappings().one()
    assert (row["left_at"], row["left_cause"], row["download"]) == (portal.clock.at, 2, 71680)


def test_who_does_not_know_the_gateways_name_learns_and_changes_nothing(portal: Portal, either_store: Store) -> None:
    portal.tap(portal.flow(arrival()))
    promise(portal, either_store)
    stranger = "f" * 64

    assert asked(portal, "view", "none", stranger) == "*"
    asked(portal, "view", f"* {RHID}", stranger)
    assert RHID in asked(portal, "view", "none")


@pytest.mark.parametrize("nas", ["gw-alun-alun-besar", "gw-box", "gw-none"])
def test_a_nas_that_fetches_nothing_is_told_nothing(portal: Portal, nas: str) -> None:
    assert portal.client.post(f"/arrive/{nas}", data={"auth_get": "view", "gatewayhash": HASH}).status_code == 403


def test_a_level_3_arrival_with_another_key_is_refused(portal: Portal) -> None:
    bad = encrypt("hid=x, clientmac=02:11:22:33:44:55", IV, "kunci-lain")

    assert portal.client.get(f"/arrive/{GATE}?fas={bad}&iv={IV}").status_code == 400
