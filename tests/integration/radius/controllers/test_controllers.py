"""Each API of a controller over real TLS: letting in, seeing, ending, counting; lost sessions, wrong certificates."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hotspot.allowance import Limits
from hotspot.command import OperatorError
from hotspot.mac import Mac
from hotspot.secret import Secret
from hotspot.sites.controller import Controller as Facts
from radius.controllers import CONTROLLERS, Controller, Denied, Guest, Silent
from radius.controllers.https import Https
from tests.peers.controller import ACCOUNT, KEY, OMADA_ID, PASSWORD, Told, controller

PHONE, OTHER, AP = Mac("021122334455"), Mac("021122334466"), "74acb9000001"
LIMITS = Limits(seconds=5430, idle=900, octets=None, up=2_000_000, down=8_000_000, interim=300)
APIS = sorted(CONTROLLERS)


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    with controller(tmp_path_factory.mktemp("controller")) as told:
        yield told


@pytest.fixture
def told(peer: Told) -> Told:
    peer.stations, peer.orders, peer.logins, peer.broken, peer.raw, peer.session = {}, [], 0, 0, None, ""
    return peer


def asked(api: str, told: Told, password: str | None = None, trust: Path | None = None) -> Controller:
    facts = Facts.model_validate({"api": api, "url": told.url, "account": ACCOUNT, "id": OMADA_ID})
    secret = Secret(password or (KEY if api == "official" else PASSWORD))
    return CONTROLLERS[api](facts, secret, Https(facts.url, str(trust or told.certificate), patience=2))


@pytest.mark.parametrize("api", APIS)
def test_a_guest_is_let_in_seen_counted_and_ended(told: Told, api: str) -> None:
    phone = told.station(PHONE.colons)
    told.station(OTHER.colons, guest=False)
    mine = asked(api, told)
    before = mine.look(PHONE)
    assert before is not None
    assert not before.is_in

    mine.admit(Guest(PHONE, AP, LIMITS))
    phone.up, phone.down = 1000, 5_000_000_000
    after = mine.look(PHONE)
    everybody = {seen.mac: seen for seen in mine.clients() if seen.is_in}
    assert after is not None
    assert everybody == {PHONE: after}
    assert (after.is_in, after.upload, after.download, after.address) == (True, 1000, 5_000_000_000, "10.1.0.7")

    mine.end(PHONE)
    ended = mine.look(PHONE)
    assert ended is not None
    assert not ended.is_in


def test_unifi_is_always_told_minutes_and_the_access_point(told: Told) -> None:
    for api in ("legacy", "os"):
        told.station(PHONE.colons)
        asked(api, told).admit(Guest(PHONE, AP, LIMITS))
        asked(api, told).admit(Guest(PHONE, AP, Limits(1, 1, 1_500_001, 500, 500, 60)))

        assert told.orders[-2:] == [
            {"cmd": "authorize-guest", "mac": PHONE.colons, "minutes": 91, "up": 2000, "down": 8000,
             "ap_mac": "74:ac:b9:00:00:01"},
            {"cmd": "authorize-guest", "mac": PHONE.colons, "minutes": 1, "up": 2, "down": 2, "bytes": 2,
             "ap_mac": "74:ac:b9:00:00:01"},
        ]  # fmt: skip


def test_unifis_documented_api_is_told_the_limits_from_the_clients_side(told: Told) -> None:
    told.station(PHONE.colons)
    asked("official", told).admit(Guest(PHONE, AP, Limits(7200, 900, 2_000_000_000, 2_000_000, 8_000_000, 300)))

    assert told.orders == [
        {"action": "AUTHORIZE_GUEST_ACCESS", "timeLimitMinutes": 120, "rxRateLimitKbps": 8000, "txRateLimitKbps": 2000,
         "dataUsageLimitMBytes": 2000}
    ]  # fmt: skip


@pytest.mark.parametrize("api", ["legacy", "os", "open"])
def test_a_session_that_is_over_is_begun_anew_once(told: Told, api: str) -> None:
    told.station(PHONE.colons)
    mine = asked(api, told)
    mine.admit(Guest(PHONE, AP, LIMITS))
    told.forget_sessions()

    mine.end(PHONE)

    assert told.logins == 2


@pytest.mark.parametrize("api", APIS)
def test_a_wrong_password_or_key_lets_nobody_in(told: Told, api: str) -> None:
    told.station(PHONE.colons)
    with pytest.raises(Silent):
        asked(api, told, password="salah").admit(Guest(PHONE, AP, LIMITS))

    assert told.orders == []


@pytest.mark.parametrize("api", APIS)
def test_who_is_no_guest_of_the_network_is_not_let_in(told: Told, api: str) -> None:
    told.station(PHONE.colons, guest=False)
    with pytest.raises(Denied):
        asked(api, told).admit(Guest(PHONE, AP, LIMITS))

    assert told.orders == []


@pytest.mark.parametrize("api", ["legacy", "os", "official"])
def test_a_phone_that_the_controller_does_not_see_yet_is_worth_another_try(told: Told, api: str) -> None:
    with pytest.raises(Silent):
        asked(api, told).admit(Guest(PHONE, AP, LIMITS))


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("raw", [b"<html>", b"[" * 9000, b"null", b"[]", b'"x"', b'{"data": 7}', b"\xff\xfe"])
def test_an_answer_that_is_no_answer_is_silence(told: Told, api: str, raw: bytes) -> None:
    told.raw = raw
    with pytest.raises(Silent):
        asked(api, told).admit(Guest(PHONE, AP, LIMITS))


@pytest.mark.parametrize("api", APIS)
def test_a_broken_controller_is_silence(told: Told, api: str) -> None:
    told.broken = 502
    with pytest.raises(Silent):
        asked(api, told).clients()


def test_a_certificate_of_another_name_or_authority_is_refused(told: Told, tmp_path: Path) -> None:
    told.station(PHONE.colons)
    with controller(tmp_path, "unifi.example") as other:
        for peer, trust in ((other, other.certificate), (told, other.certificate)):
            with pytest.raises(Silent, match="its certificate is not to be trusted"):
                asked("legacy", peer, trust=trust).look(PHONE)
        assert other.logins == 0
    with pytest.raises(Silent, match="its certificate is not to be trusted"):
        Https(told.url, None).ask("GET", "/", {})


def test_a_trust_file_that_is_none_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "x.pem").write_text("no certificate")
    with pytest.raises(OperatorError, match="not a certificate in PEM form"):
        Https("https://localhost", str(tmp_path / "x.pem"))
