"""Whatever stands in an address, a kind answers with an arrival or a refusal and never falls over."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from captive_portal.nas import KINDS, Arrival, Door, Refusal, coovachilli
from captive_portal.query import Query
from hotspot.nas.linux import signature
from hotspot.secret import Secret
from tests.peers.fas import encrypt
from tests.unit.captive_portal import doors

NAMES = [
    "mac",
    "ip",
    "chap-id",
    "chap-challenge",
    "error",
    "res",
    "challenge",
    "uid",
    "reply",
    "md",
    "fas",
    "iv",
    "status",
    "at",
    "news",
    "sig",
    "id",
    "ap",
    "clientMac",
    "apMac",
    "client_mac",
    "uip",
    "login_url",
    "statusCode",
    "errmsg",
    "ga_cmac",
    "ga_orig_url",
]
LATIN = st.text(st.characters(max_codepoint=255), max_size=60)
QUERIES = st.lists(st.tuples(st.sampled_from(NAMES), LATIN)).map(lambda pairs: "&".join(f"{k}={v}" for k, v in pairs))
DOORS = {
    "mikrotik": doors.mikrotik(),
    "coovachilli": doors.coovachilli(),
    "opennds-1": doors.opennds(1),
    "opennds-2": doors.opennds(2),
    "linux": doors.linux(),
    **{kind: doors.external(kind) for kind in doors.LOGIN},
    **{kind: doors.controlled(kind) for kind in ("unifi", "omada")},
}
IV = "0123456789abcdef"


def answers(raw: str, door: Door) -> None:
    outcome = KINDS[door.nas.kind].arrive(Query.parse(raw), door)
    assert isinstance(outcome, (Arrival, Refusal))
    if isinstance(outcome, Arrival):
        assert all(value.isascii() for value in outcome.keys.values())


@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
@settings(deadline=None)
@given(raw=st.one_of(LATIN, QUERIES))
def test_any_query_gets_an_arrival_or_a_refusal(door: Door, raw: str) -> None:
    answers(raw, door)


@settings(deadline=None)
@given(raw=QUERIES)
def test_a_signed_coovachilli_may_send_anything(raw: str) -> None:
    door = doors.coovachilli()
    answers(f"{raw}&md={coovachilli.md(f'{door.arrive_url}?{raw}', Secret('rahasia-uam'))}", door)


@settings(deadline=None)
@given(raw=QUERIES)
def test_a_box_of_ours_that_was_broken_into_may_send_anything(raw: str) -> None:
    door = doors.linux()
    answers(f"{raw}&sig={signature(f'{door.arrive_url}?{raw}', Secret('rahasia-pintu'))}", door)


@settings(deadline=None)
@given(text=st.text(max_size=200))
def test_an_opennds_that_knows_the_faskey_may_send_anything(text: str) -> None:
    answers(f"fas={encrypt(text, IV, 'kunci-fas')}&iv={IV}", doors.opennds(2))
    answers(f"fas={base64.b64encode(text.encode()).decode()}", doors.opennds(1))
