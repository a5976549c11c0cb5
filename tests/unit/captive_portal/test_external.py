"""External portals: what each vendor's redirect says, and the form or the wait that follows."""

from __future__ import annotations

import pytest

from captive_portal.failure import recognise
from captive_portal.nas import KINDS, Arrival, News, Posting, Refusal
from tests.unit.captive_portal import doors

AFTER = "https://portal.example/status?grant=gabc"
EVIL = "evil.example"
REDIRECTS = {
    "ruckus": f"sip={EVIL}&mac=74ACB9000001&client_mac=021122334455&uip=10.1.0.7&ssid=x&url=http%3A%2F%2Fa%2F",
    "aruba": f"cmd=login&mac=02:11:22:33:44:55&ip=10.1.0.7&essid=x&apname=ap&switchip={EVIL}&url=http%3A%2F%2Fa%2F",
    "cisco-wlc": f"switch_url=https://{EVIL}/login.html&ap_mac=74:ac:b9:00:00:01&client_mac=02:11:22:33:44:55&wlan=x",
    "cambium": f"ga_ssid=x&ga_srvr={EVIL}&ga_cmac=02-11-22-33-44-55&ga_cip=10.1.0.7&ga_Qv=q1",
    "meraki": "login_url=https%3A%2F%2Fn1.network-auth.example%2Fsplash%2Flogin%3Fmauth%3DMM-1%26a%3Db"
    "&client_mac=02:11:22:33:44:55&client_ip=10.1.0.7",
}
FORMS = {
    "ruckus": {"ip": "10.1.0.7", "username": "gabc", "password": "482913"},
    "aruba": {"cmd": "authenticate", "user": "gabc", "password": "482913"},
    "cisco-wlc": {
        "username": "gabc",
        "password": "482913",
        "buttonClicked": "4",
        "err_flag": "0",
        "redirect_url": AFTER,
    },
    "meraki": {"username": "gabc", "password": "482913", "success_url": AFTER},
}


def arrived(kind: str, raw: str) -> Arrival:
    arrival = KINDS[kind].arrive(doors.query(raw), doors.external(kind))
    assert isinstance(arrival, Arrival), arrival
    return arrival


def posted(kind: str, raw: str) -> Posting:
    posting = KINDS[kind].release(arrived(kind, raw).keys, doors.external(kind), "gabc", "482913", AFTER)
    assert isinstance(posting, Posting)
    return posting


@pytest.mark.parametrize("kind", sorted(FORMS))
def test_the_form_says_what_the_vendor_wants(kind: str) -> None:
    assert posted(kind, REDIRECTS[kind]).fields == FORMS[kind]


def test_cambium_gets_every_parameter_of_its_own_back() -> None:
    fields = posted("cambium", REDIRECTS["cambium"] + "&other=1").fields

    assert (fields["ga_user"], fields["ga_pass"], fields["ga_Qv"], fields["ga_ssid"]) == ("gabc", "482913", "q1", "x")
    assert "other" not in fields


@pytest.mark.parametrize("kind", sorted(REDIRECTS))
def test_the_form_goes_where_sites_yaml_says(kind: str) -> None:
    url = posted(kind, REDIRECTS[kind]).url

    assert url.partition("?")[0] == doors.LOGIN[kind]
    assert EVIL not in url


def test_merakis_visitor_is_named_by_the_query_of_its_own_host_alone() -> None:
    assert posted("meraki", REDIRECTS["meraki"]).url.endswith("/splash/login?mauth=MM-1&a=b")
    for login in ("https%3A%2F%2Fevil.example%2Fsplash%2Flogin%3Fmauth%3D1", "javascript%3Aalert(1)", ""):
        raw = f"login_url={login}&client_mac=021122334455"
        assert KINDS["meraki"].arrive(doors.query(raw), doors.external("meraki")) is Refusal.BAD_CHALLENGE


@pytest.mark.parametrize("kind", sorted(REDIRECTS))
def test_without_a_client_there_is_no_arrival(kind: str) -> None:
    door = doors.external(kind)
    broken = REDIRECTS[kind].replace("02", "<script>").replace("021122334455", "x")

    assert KINDS[kind].arrive(doors.query("url=x"), door) is Refusal.NO_PARAMETERS
    assert KINDS[kind].arrive(doors.query(broken), door) is Refusal.BAD_CLIENT


@pytest.mark.parametrize(
    ("kind", "more", "reason"),
    [
        ("cisco-wlc", "&statusCode=5", "refused"),
        ("cisco-wlc", "&statusCode=4", "blocked"),
        ("cisco-wlc", "&statusCode=3", "devices"),
        ("aruba", "&errmsg=Authentication%20failed", "refused"),
        ("aruba", "&errmsg=time-used", "time-used"),
        ("meraki", "&error_message=Access%20denied", "refused"),
    ],
)
def test_a_refusal_comes_back_in_the_vendors_words(kind: str, more: str, reason: str) -> None:
    arrival = arrived(kind, REDIRECTS[kind] + more)

    assert arrival.news is News.FAILED
    assert recognise(arrival.says).value == reason


def test_what_cannot_stand_in_a_form_is_not_carried() -> None:
    raw = REDIRECTS["cambium"] + "&ga_bad=%00%0d%0a&ga_long=" + "x" * 600 + "&ga_latin=%e9"

    assert not {"ga_bad", "ga_long", "ga_latin"} & set(arrived("cambium", raw).keys)


def test_more_parameters_than_any_access_point_sends_are_refused() -> None:
    raw = REDIRECTS["cambium"] + "".join(f"&ga_{number}=1" for number in range(20))

    assert KINDS["cambium"].arrive(doors.query(raw), doors.external("cambium")) is Refusal.BAD_CHALLENGE


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("unifi", "ap=74:ac:b9:00:00:01&id=02:11:22:33:44:55&t=1780025600&url=http%3A%2F%2Fa%2F&ssid=x"),
        ("omada", "clientMac=02-11-22-33-44-55&clientIp=10.1.0.7&apMac=74-AC-B9-00-00-01&ssidName=x&t=1&site=s"),
        ("omada", "clientMac=02-11-22-33-44-55&clientIp=10.1.0.7&gatewayMac=74-AC-B9-00-00-01&vid=3&t=1&site=s"),
    ],
)
def test_a_controllers_visitor_waits_on_our_page(kind: str, raw: str) -> None:
    door = doors.controlled(kind)
    arrival = KINDS[kind].arrive(doors.query(raw), door)

    assert isinstance(arrival, Arrival)
    assert (arrival.mac.digits, dict(arrival.keys), arrival.proved) == (
        "021122334455",
        {"place": "74acb9000001"},
        False,
    )
    assert KINDS[kind].release(arrival.keys, door, "gabc", "", AFTER) == AFTER


@pytest.mark.parametrize(("kind", "name", "point"), [("unifi", "id", "ap"), ("omada", "clientMac", "apMac")])
def test_a_controllers_redirect_without_sense_is_refused(kind: str, name: str, point: str) -> None:
    door = doors.controlled(kind)

    assert KINDS[kind].arrive(doors.query("t=1"), door) is Refusal.NO_PARAMETERS
    assert KINDS[kind].arrive(doors.query(f"{name}=<script>&{point}=74acb9000001"), door) is Refusal.BAD_CLIENT
    assert KINDS[kind].arrive(doors.query(f"{name}=021122334455"), door) is Refusal.BAD_CLIENT
