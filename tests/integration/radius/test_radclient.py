"""Debian's radclient logs in and is accounted, and what it must not do leaves no trace."""

from __future__ import annotations

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import delete, insert

from hotspot import clients, tables
from hotspot.mac import Mac
from radius.delay import SECONDS
from tests.integration.radius.conftest import Town
from tests.peers.process import wait_until
from tests.peers.radclient import SEAL, ask_many

SQUARE = "gw-alun-alun-besar"  # MikroTik, data slows
HOUSE = "gw-pendopo-wabup"  # CoovaChilli, data ends


def login(name: str, word: str, mac: str, scheme: str = "User-Password") -> tuple[str, ...]:
    return f"User-Name = {name}", f'{scheme} = "{word}"', f'Calling-Station-Id = "{mac}"', SEAL


def report(status: str, session: str, *more: str) -> tuple[str, ...]:
    return f"Acct-Status-Type = {status}", f'Acct-Session-Id = "{session}"', *more


def test_a_grant_is_accepted_by_pap_with_the_limits_of_mikrotik(town: Town) -> None:
    name, word = town.mint(SQUARE, "021122000001")

    heard = town.ask("auth", SQUARE, *login(name, word, "02:11:22:00:00:01"))

    assert heard.code == "Access-Accept"
    assert next(iter(heard.attributes)) == "Message-Authenticator"
    assert heard.attributes["Session-Timeout"] == "7200"
    assert heard.attributes["Idle-Timeout"] == "900"
    assert heard.attributes["Acct-Interim-Interval"] == "300"
    assert heard.attributes["Mikrotik-Rate-Limit"] == "2M/8M"
    assert bytes.fromhex(heard.attributes["Class"][2:]).startswith(b"hs1:")
    assert town.rows(tables.reservations, grant_id=name)[0]["mac"] == "021122000001"


def test_a_grant_is_accepted_by_chap_with_the_limits_of_coovachilli(town: Town) -> None:
    name, word = town.mint(HOUSE, "021122000002")

    heard = town.ask("auth", HOUSE, *login(name, word, "02-11-22-00-00-02", "CHAP-Password"))

    assert heard.code == "Access-Accept"
    assert heard.attributes["WISPr-Bandwidth-Max-Up"] == "4000000"
    assert heard.attributes["WISPr-Bandwidth-Max-Down"] == "12000000"
    assert heard.attributes["ChilliSpot-Max-Total-Octets"] == "3000000000"


@pytest.mark.parametrize(
    ("nas", "name", "word", "scheme"),
    [
        pytest.param(SQUARE, "02:11:22:00:00:0A", "", "User-Password", id="MikroTik, mac-as-username"),
        pytest.param(SQUARE, "02:11:22:00:00:0A", "02:11:22:00:00:0A", "CHAP-Password", id="MikroTik, CHAP"),
        pytest.param(HOUSE, "02-11-22-00-00-0A", "password", "User-Password", id="CoovaChilli, macauth"),
        pytest.param(HOUSE, "02112200000a", "02112200000a", "User-Password", id="hostapd, macaddr_acl=2"),
    ],
)
def test_a_remembered_mac_logs_in_as_each_kind_of_nas_spells_it(
    town: Town, nas: str, name: str, word: str, scheme: str
) -> None:
    """First unknown, and told so without delay; then remembered by the portal, and online without a page."""
    mac, key = Mac("02112200000a"), town.secrets.read("grant-key")
    words = login(name, word, "02-11-22-00-00-0A", scheme)
    began = time.monotonic()
    unknown = town.ask("auth", nas, *words)
    took = time.monotonic() - began
    row = {"client": "c" * 32, "way": "tap", "notice": "n", "language": "id", "since": town.now()}
    with town.store.writing() as connection:
        token = clients.memory_of(key, mac)
        connection.execute(insert(tables.remembered), row | {"token": token, "until": town.now() + 900})
    known = town.ask("auth", nas, *words)
    with town.store.writing() as connection:
        connection.execute(delete(tables.remembered))

    assert (unknown.code, unknown.attributes["Reply-Message"]) == ("Access-Reject", "unknown-client")
    assert took < SECONDS
    assert known.code == "Access-Accept"
    assert int(known.attributes["Session-Timeout"]) > 0


def test_whoever_guesses_waits_for_the_answer_and_nobody_waits_for_him(town: Town) -> None:
    name, word = town.mint(SQUARE, "02112200000b")
    began = time.monotonic()
    with ThreadPoolExecutor() as pool:
        guess = pool.submit(town.ask, "auth", SQUARE, *login(name, "wrong", "02:11:22:00:00:0b"))
        owner = town.ask("auth", SQUARE, *login(name, word, "02:11:22:00:00:0b"))
        let_in = time.monotonic() - began
        told = guess.result()

    assert (told.code, owner.code) == ("Access-Reject", "Access-Accept")
    assert let_in < SECONDS <= time.monotonic() - began
    wait_until(lambda: town.rows(tables.refusals, reason="password"), "the refusal is written down")


def test_a_lost_accept_is_asked_for_again_and_promises_the_same(town: Town) -> None:
    name, word = town.mint(SQUARE, "021122000003")
    first, again = (town.ask("auth", SQUARE, *login(name, word, "02:11:22:00:00:03")) for _ in range(2))

    assert first.attributes["Class"] == again.attributes["Class"]
    assert len(town.rows(tables.reservations, grant_id=name)) == 1


@pytest.mark.parametrize(
    ("nas", "mac", "facts", "reason"),
    [
        (HOUSE, "02:11:22:00:00:04", {}, "grant-elsewhere"),
        (SQUARE, "02:11:22:00:00:05", {}, "grant-elsewhere"),
        (SQUARE, "not a mac", {}, "grant-elsewhere"),
        (SQUARE, "02:11:22:00:00:04", {"expires_at": 1}, "grant-expired"),
        (SQUARE, "02:11:22:00:00:04", {"way": "voucher"}, "way"),
    ],
)
def test_any_other_use_of_a_grant_is_refused(
    town: Town, nas: str, mac: str, facts: dict[str, object], reason: str
) -> None:
    name, word = town.mint(SQUARE, "021122000004", **facts)

    heard = town.ask("auth", nas, *login(name, word, mac))

    assert (heard.code, heard.attributes["Reply-Message"]) == ("Access-Reject", reason)
    assert set(heard.attributes) == {"Message-Authenticator", "Reply-Message"}
    assert town.rows(tables.reservations, grant_id=name) == []


def test_a_closed_site_refuses_with_its_reason(town: Town) -> None:
    name, word = town.mint("gw-romansa-kuliner", "021122000006")

    heard = town.ask("auth", "gw-romansa-kuliner", *login(name, word, "02:11:22:00:00:06"))

    assert heard.attributes["Reply-Message"] == "closed"


def test_a_wrong_password_and_an_unknown_grant_and_a_stranger_are_refused_by_name(town: Town) -> None:
    name, word = town.mint(SQUARE, "021122000007")
    unknown, right = town.mint(SQUARE, "021122000007")
    with town.store.writing() as connection:
        connection.execute(tables.grants.delete().where(tables.grants.c.id == unknown))
    cases = {"password": (name, word[::-1]), "grant-unknown": (unknown, right), "unknown-client": ("bob", "x")}

    for reason, (user, given) in cases.items():
        assert town.ask("auth", SQUARE, *login(user, given, "02:11:22:00:00:07")).attributes["Reply-Message"] == reason


def test_a_wrong_secret_a_missing_seal_and_an_unknown_source_get_no_answer(town: Town) -> None:
    name, word = town.mint(SQUARE, "021122000008")
    asked = login(name, word, "02:11:22:00:00:08")

    assert town.ask("auth", SQUARE, *asked, secret="another secret", wait=0.3).code is None
    assert town.ask("auth", SQUARE, *asked[:-1], wait=0.3).code is None
    assert town.ask("acct", SQUARE, *report("Start", "s-wrong"), secret="another secret", wait=0.3).code is None
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.bind(("127.66.99.9", 0))
        stranger.settimeout(0.3)
        host, _, port = town.address("auth").partition(":")
        stranger.sendto(b"hello", (host, int(port)))
        with pytest.raises(TimeoutError):
            stranger.recv(4096)
    assert town.rows(tables.sessions, acct_session_id="s-wrong") == []
    assert town.rows(tables.reservations, grant_id=name) == []
    assert "from an address that no NAS in sites.yaml has" in town.log.read_text()


def test_a_session_is_booked_from_start_to_stop(town: Town) -> None:
    name, word = town.mint(SQUARE, "021122000009")
    heard = town.ask("auth", SQUARE, *login(name, word, "02:11:22:00:00:09"))
    who = f"User-Name = {name}", 'Calling-Station-Id = "02:11:22:00:00:09"', f"Class = {heard.attributes['Class']}"
    before = {row["hour"]: row["input_octets"] for row in town.rows(tables.usage_hours, nas=SQUARE)}

    for status, more in (
        ("Start", ("Framed-IP-Address = 10.1.2.3",)),
        ("Interim-Update", ("Acct-Session-Time = 30", "Acct-Input-Octets = 500", "Acct-Output-Octets = 9000")),
        (
            "Stop",
            (
                *("Acct-Session-Time = 60", "Acct-Input-Octets = 700", "Acct-Output-Octets = 7"),
                *("Acct-Output-Gigawords = 2", "Acct-Terminate-Cause = Idle-Timeout"),
            ),
        ),
    ):
        assert town.ask("acct", SQUARE, *report(status, "s-whole", *who, *more)).code == "Accounting-Response"

    (row,) = town.rows(tables.sessions, acct_session_id="s-whole")
    assert (row["grant_id"], row["way"], row["mac"], row["address"]) == (name, "tap", "021122000009", "10.1.2.3")
    assert (row["input_octets"], row["output_octets"], row["seconds"]) == (700, 2 * 2**32 + 7, 60)
    assert (row["counted_input"], row["counted_output"]) == (700, 2 * 2**32 + 7)
    assert (row["stop_cause"], row["stopped_at"] is not None, row["random_mac"]) == (4, True, True)
    assert row["device_day"] == town.rows(tables.reservations, grant_id=name)[0]["device_day"]
    (hour,) = town.rows(tables.usage_hours, nas=SQUARE)
    assert hour["input_octets"] - before.get(hour["hour"], 0) == 700
    assert "day-2026-11-24" in [key["period"] for key in town.rows(tables.pseudonym_keys)]


def test_the_minute_after_the_start_a_grant_is_still_good_and_then_no_more(town: Town) -> None:
    name, word = town.mint(SQUARE, "02112200000a")
    asked = login(name, word, "02:11:22:00:00:0a")
    token = town.ask("auth", SQUARE, *asked).attributes["Class"]
    town.ask("acct", SQUARE, *report("Start", "s-minute", f"Class = {token}"))
    try:
        assert town.ask("auth", SQUARE, *asked).attributes["Class"] == token
        town.set_time(town.now() + 62)
        assert town.ask("auth", SQUARE, *asked).attributes["Reply-Message"] == "grant-expired"
    finally:
        town.set_time("2026-11-24T15:05:00+07:00")


def test_a_session_without_our_class_is_one_row_all_the_same(town: Town) -> None:
    who = ("User-Name = someone", 'Calling-Station-Id = "02:11:22:00:00:0b"')
    for status in ("Start", "Interim-Update", "Stop", "Start"):
        town.ask("acct", SQUARE, *report(status, "s-classless", *who))

    (row,) = town.rows(tables.sessions, acct_session_id="s-classless")
    assert (row["class_token"], row["grant_id"], row["interim"]) == (None, None, 300)
    assert row["device_day"] is not None
    assert "month-2026-11" in [key["period"] for key in town.rows(tables.pseudonym_keys)]


def test_two_nases_may_use_the_same_session_id(town: Town) -> None:
    for nas in (SQUARE, HOUSE):
        town.ask("acct", nas, *report("Start", "s-shared", "User-Name = someone"))

    assert {row["nas"] for row in town.rows(tables.sessions, acct_session_id="s-shared")} == {SQUARE, HOUSE}


def test_a_boot_is_noted_for_its_own_nas_only(town: Town) -> None:
    assert town.ask("acct", HOUSE, "Acct-Status-Type = Accounting-On").code == "Accounting-Response"

    boots = {row["nas"]: row["boot_at"] for row in town.rows(tables.nas_facts)}
    assert boots[HOUSE] is not None
    assert boots.get(SQUARE) is None


def test_status_server_is_answered_on_both_ports_and_sealed(town: Town) -> None:
    auth, acct = town.ask("status", SQUARE, SEAL), town.ask("acct-status", SQUARE, SEAL)

    assert (auth.code, acct.code) == ("Access-Accept", "Accounting-Response")
    assert {next(iter(heard.attributes)) for heard in (auth, acct)} == {"Message-Authenticator"}


@pytest.mark.parametrize(
    "attributes",
    [
        ("Acct-Status-Type = 99", 'Acct-Session-Id = "s-unknown-kind"'),
        ("Acct-Status-Type = Start",),
        ("Acct-Status-Type = Start", 'Acct-Session-Id = "s-hostile"', 'User-Name = "a\\000b\\nroot"'),
        ("Acct-Status-Type = Stop", 'Acct-Session-Id = "s-huge"', "Acct-Output-Gigawords = 4294967295",
         "Acct-Output-Octets = 4294967295", f'User-Name = "{"x" * 253}"'),
    ],
)  # fmt: skip
def test_odd_reports_are_acknowledged_so_that_the_nas_does_not_repeat_them_for_ever(
    town: Town, attributes: tuple[str, ...]
) -> None:
    assert town.ask("acct", SQUARE, *attributes).code == "Accounting-Response"


def test_many_reports_at_once_are_all_answered_and_all_kept(town: Town) -> None:
    source = f"Packet-Src-IP-Address = {town.sites.nas[HOUSE].address}"
    packets = [[source, *report("Start", f"s-many-{number}", f"User-Name = u{number}")] for number in range(300)]

    answered, lost = ask_many("acct", town.address("acct"), town.secret(HOUSE), packets, parallel=100)

    assert (answered, lost) == (300, 0)
    kept = {row["acct_session_id"] for row in town.rows(tables.sessions)}
    assert kept >= {f"s-many-{number}" for number in range(300)}


def test_each_login_has_one_line_and_no_person_is_in_the_log(town: Town) -> None:
    name, word = town.mint(SQUARE, "02112200000c")
    town.ask("auth", SQUARE, *login(name, word[::-1], "02:11:22:00:00:0c"))
    town.ask("auth", SQUARE, *login(name, word, "02:11:22:00:00:0c"))
    wait_until(lambda: "a login was accepted" in town.log.read_text(), "the login is logged")
    said = town.log.read_text()
    lines = [json.loads(line) for line in said.splitlines() if '"a login was' in line]

    assert {line["reason"] for line in lines} >= {"password", None}
    accepted = lines[-1]
    assert (accepted["nas"], accepted["way"], accepted["client"]) == (SQUARE, "tap", "02:11:22:**:**:**")
    assert accepted["attributes"].startswith("Calling-Station-Id ")
    assert accepted["left_out"] >= 0
    assert not any(one in said for one in (name, word, "02:11:22:00:00:0c", "127.66.2.1"))
