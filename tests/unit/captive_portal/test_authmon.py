"""What openNDS' authmon asks and is told, in its own words."""

from __future__ import annotations

import base64
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from captive_portal import authmon
from captive_portal.authmon import Clients, Entry, Inside, Left, Other, View
from hotspot.mac import Mac

GATE = "0a05d7b27cc7a2b1ca704adcbd1d6e3ab2c19ece000586f03bceeabf24547e43"
RHID = "705e2000debce5f8a6f2deb870b1d809c1dd4c4e423604382d639c79a793786c"
GONE = (
    "method=idle_deauth, clientmac=02:11:22:33:44:55, bytes_incoming=5000000000, bytes_outgoing=1000, "
    "session_start=1780025600, session_end=1780026600, token=1a2b3c4d, custom=ZzE="
)


def said(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_it_asks_with_none_and_acknowledges_with_a_list() -> None:
    assert authmon.read("view", GATE, said("none")) == View(GATE, (), asks=True)
    assert authmon.read("view", GATE, said(f"* {RHID} nonsense")) == View(GATE, (RHID,), asks=False)
    assert authmon.read("view", GATE, said("*")) == View(GATE, (), asks=False)


def test_an_empty_list_is_a_star_because_nothing_at_all_stops_it() -> None:
    assert authmon.listed([]) == "*"


def test_an_entry_is_one_word_that_its_shell_unfolds() -> None:
    answer = authmon.listed([Entry(RHID, 120, 2000, 8000, 0, 0, "gabc")])

    assert answer.count(" ") == 1
    assert unquote(answer) == f"* {RHID} 120 2000 8000 0 0 Z2FiYw=="


def test_it_is_given_four_at_a_time_and_less_than_it_cuts() -> None:
    answer = authmon.listed([Entry(RHID, 1440, 10**6, 10**6, 10**9, 10**9, "g" * 17)] * 9)

    assert answer.count(RHID) == 4
    assert len(answer) - 2 < 1024


def test_who_left_is_counted_as_the_client_sees_it() -> None:
    left = authmon.read("deauthed", GATE, said(GONE))

    assert left == Left(GATE, Mac("021122334455"), cause=4, upload=1000, download=5_000_000_000)


@pytest.mark.parametrize(
    ("method", "cause"), [("client", 1), ("timeout", 5), ("ndsctl", 6), ("upquota", 10), ("shutdown", 11)]
)
def test_each_end_has_radius_own_cause(method: str, cause: int) -> None:
    left = authmon.read("deauthed", GATE, said(GONE.replace("idle", method)))

    assert isinstance(left, Left)
    assert left.cause == cause


@pytest.mark.parametrize("broken", ["method=", "<script>", "02:11", "-5", "9" * 30, "५"])
def test_an_end_that_makes_no_sense_is_none(broken: str) -> None:
    for part in ("idle_deauth", "02:11:22:33:44:55", "5000000000"):
        assert authmon.read("deauthed", GATE, said(GONE.replace(part, broken))) is None


def test_everybody_inside_is_counted_in_whole_kibibytes() -> None:
    told = authmon.read("custom", GATE, said("clients 02:11:22:33:44:55 3 4000,02:11:22:33:44:66 0 0,"))

    assert told == Clients(
        GATE, (Inside(Mac("021122334455"), 3072, 4_096_000), Inside(Mac("021122334466"), upload=0, download=0))
    )
    assert authmon.read("custom", GATE, said("clients ")) == Clients(GATE, ())
    assert authmon.leaving([Mac("021122334455")]) == "* 02:11:22:33:44:55"
    assert authmon.leaving([]) == "*"


@pytest.mark.parametrize(
    "broken", ["clients 02:11 1 1", "clients 02:11:22:33:44:55 -1 1", "clients 02:11:22:33:44:55 1"]
)
def test_a_list_that_makes_no_sense_is_none(broken: str) -> None:
    assert authmon.read("custom", GATE, said(broken)) is None


def test_other_words_are_acknowledged_and_strangers_are_not() -> None:
    assert authmon.read("clear", GATE, said("none")) == Other(GATE)
    assert authmon.read("view", "gw", said("none")) is None
    assert authmon.read("view", GATE, "%%%") is None
    assert authmon.read("custom", GATE, said("clientele")) == Other(GATE)
    assert authmon.read("view", GATE, "A" * 20000) is None


@given(st.sampled_from(["view", "deauthed", "custom", "clear", ""]), st.text(max_size=80), st.text(max_size=300))
def test_whatever_is_posted_gets_an_answer(what: str, gateway: str, payload: str) -> None:
    for gate in (gateway, GATE):
        authmon.read(what, gate, payload)
        authmon.read(what, gate, said(payload.encode("utf-8", "replace").decode()))
