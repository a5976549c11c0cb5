"""Each check of the doctor in a house where just that is broken, and in one where it is not."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from hotspot.secret import Secret
from hotspot.wire import Attr, Code, Reply, Request, encode, integer, parse
from hotspot.wire.numbers import Attr as Numbers
from monitor.doctor import place, portal, radius
from monitor.doctor.finding import Finding, Health, summary, unseen
from monitor.probes import dhcp, dns, status_server
from monitor.probes.captive import CHECKS
from monitor.probes.fetch import Answer, Unreachable
from monitor.probes.result import Result

SECRET, NOW = Secret("rahasia-uji-enam-belas"), 1_780_000_000.0
ANDROID, APPLE = (next(check for check in CHECKS if check.id == name) for name in ("android", "apple"))


@contextmanager
def answering(reply: Callable[[Request], tuple[Code, Secret, list[tuple[int, bytes]]]]) -> Iterator[int]:
    """A RADIUS server or NAS on loopback that answers one packet; yields its port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        wire.bind(("127.0.0.1", 0))
        wire.settimeout(5)

        def serve() -> None:
            datagram, asker = wire.recvfrom(4096)
            asked = parse(datagram)
            assert isinstance(asked, Request)
            code, secret, attributes = reply(asked)
            wire.sendto(encode(Reply(code, tuple(attributes)), asked, secret.octets, sealed=True), asker)

        thread = threading.Thread(target=serve)
        thread.start()
        yield wire.getsockname()[1]
        thread.join()


def ask_status(code: Code, secret: Secret) -> Finding:
    with answering(lambda _asked: (code, secret, [])) as port:
        return radius.judge_port("auth", status_server.ask(("127.0.0.1", port), SECRET, "gw"))


def test_radius_answers_under_the_secret_or_under_another_or_not_at_all() -> None:
    assert ask_status(Code.ACCESS_ACCEPT, SECRET).health is Health.WELL
    assert "shared secret" in ask_status(Code.ACCESS_ACCEPT, Secret("a-different-secret-here")).told
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as nobody:
        nobody.bind(("127.0.0.1", 0))
        found = status_server.ask(nobody.getsockname(), SECRET, "gw", patience=0.1)
    assert radius.judge_port("acct", found).told.startswith("RADIUS is silent: no answer within 0.1 s; see systemctl")


def change(code: Code, secret: Secret = SECRET, cause: int | None = None) -> Finding:
    attributes = [integer(Numbers.ERROR_CAUSE, cause)] if cause else []
    with answering(lambda _asked: (code, secret, attributes)) as port:
        return radius.judge_change(radius.ask_change(radius.Door("127.0.0.1", port), SECRET, NOW))


def test_a_change_of_authorisation_is_believed_refused_ignored_or_obeyed_without_sense() -> None:
    assert change(Code.DISCONNECT_NAK, cause=503).health is Health.WELL
    assert change(Code.DISCONNECT_NAK).health is Health.WELL, "RouterOS gives no cause"
    assert "takes itself for another NAS" in change(Code.DISCONNECT_NAK, cause=403).told
    assert "another secret" in change(Code.DISCONNECT_NAK, Secret("a-different-secret-here"), 503).told
    assert "prove nothing" in change(Code.DISCONNECT_ACK).told
    assert "does not answer" in radius.judge_change(TimeoutError("no answer within 3 s")).told
    assert "no coa_port" in radius.judge_change(None).told


def test_the_request_names_a_session_that_nobody_has_and_the_time() -> None:
    seen: list[Request] = []

    def reply(asked: Request) -> tuple[Code, Secret, list[tuple[int, bytes]]]:
        seen.append(asked)
        return Code.DISCONNECT_NAK, SECRET, []

    with answering(reply) as port:
        radius.ask_change(radius.Door("127.0.0.1", port), SECRET, NOW)
    assert (seen[0].words(Attr.ACCT_SESSION_ID) or "").startswith("doctor-")
    assert seen[0].number(Attr.EVENT_TIMESTAMP) == NOW


def test_a_nas_is_heard_lately_long_ago_or_never() -> None:
    assert radius.judge_heard(20).health is Health.WELL
    assert "2.0 hours ago" in radius.judge_heard(7200).told
    assert "never" in radius.judge_heard(None).told


def test_a_wrong_secret_is_counted_by_radius_for_this_nas_alone() -> None:
    page = (
        'hotspot_radius_requests_total{code="access-request",nas="gw",result="accepted"} 7.0\n'
        'hotspot_radius_requests_total{code="accounting-request",nas="other",result="wrong-secret"} 3.0\n'
    )
    assert radius.judge_secret(page, "gw").told == "all 7 packets since RADIUS started fit the secret"
    assert radius.judge_secret(page, "other").told.startswith("3 packets came under another secret")
    assert radius.judge_secret(page, "third").health is Health.UNSEEN
    assert radius.judge_secret(None, "gw").health is Health.UNSEEN


def test_sessions_report_in_between_or_do_not() -> None:
    assert radius.judge_interim(radius.Stays(old=3, reported=3, open=4)).health is Health.WELL
    assert "1 of 3 sessions" in radius.judge_interim(radius.Stays(old=3, reported=2, open=4)).told
    assert radius.judge_interim(radius.Stays(old=0, reported=0, open=2)).health is Health.UNSEEN


def test_the_nass_clock_is_right_wrong_or_not_told() -> None:
    assert portal.judge_clock(NOW + 2, NOW).health is Health.WELL
    assert "+25200 s off" in portal.judge_clock(NOW + 7 * 3600, NOW).told
    assert portal.judge_clock(None, NOW).health is Health.UNSEEN


def answer(status: int = 200, body: bytes = b"", **headers: str) -> Answer:
    return Answer(
        status, {name.replace("_", "-"): value for name, value in headers.items()}, body, 0.1, NOW + 60 * 86400
    )


def test_a_certificate_is_trusted_ending_incomplete_or_none() -> None:
    url = "https://wifi.example.go.id"
    assert portal.judge_certificate(url, answer(), NOW).told == "phones trust it for 60 more days"
    assert "ends in 5 days" in portal.judge_certificate(url, answer(), NOW + 55 * 86400).told
    broken = Unreachable("its certificate is not trusted: unable to get local issuer certificate", distrusted=True)
    assert "send the whole chain" in portal.judge_certificate(url, broken, NOW).told
    assert "has no TLS" in portal.judge_certificate("http://wifi.example.go.id", answer(), NOW).told


def api(said: object, content_type: str = portal.API_TYPE) -> Finding:
    return portal.judge_api(answer(200, json.dumps(said).encode(), content_type=content_type))


def test_the_api_is_what_rfc_8908_and_android_want() -> None:
    assert api({"captive": True, "user-portal-url": "https://p/"}).told == "it says captive: true"
    assert "demands https" in api({"captive": True, "user-portal-url": "http://p/"}).told
    assert "without user-portal-url" in api({"captive": True}).told
    assert "does not say whether" in api({}).told
    assert "no JSON object" in api([1]).told
    assert "not 200 as application/captive+json" in api({}, "application/json").told
    assert "octets" in api({"captive": False, "x": "y" * 5000}).told
    assert "does not answer" in portal.judge_api(Unreachable("no route")).told


def offer(*options: tuple[int, bytes]) -> bytes:
    return bytes(236) + b"\x63\x82\x53\x63" + b"".join(bytes([k, len(v)]) + v for k, v in options) + b"\xff"


def test_dhcp_names_the_api_or_denies_that_there_is_one() -> None:
    expected = "https://wifi.example.go.id/api/captive/gw"
    assert place.judge_option(offer((53, b"\x02"), (114, expected.encode())), expected).health is Health.WELL
    assert f"give option 114 the text {expected}" in place.judge_option(offer((53, b"\x02")), expected).told
    assert "no login page" in place.judge_option(offer((114, place.UNRESTRICTED.encode())), expected).told
    assert "https with a name" in place.judge_option(offer((114, b"http://10.0.0.1/")), expected).told
    assert "no DHCP server" in place.judge_option(None, expected).told
    assert dhcp.options(offer((114, b"x"))[:241]) == {}


def test_a_check_that_passes_before_login_is_a_leak() -> None:
    redirect = answer(302, location="http://portal/")
    assert place.judge_leaks({ANDROID: redirect, APPLE: redirect}).health is Health.WELL
    assert "android" in place.judge_leaks({ANDROID: answer(204), APPLE: redirect}).told
    assert "no phone finds the page" in place.judge_leaks({ANDROID: Unreachable("silence")}).told


def test_the_garden_is_open_and_the_rest_is_shut() -> None:
    url = "https://igd.example.go.id"
    assert place.judge_garden({url: answer()}, "portal").health is Health.WELL
    assert url in place.judge_garden({url: Unreachable("silence")}, "portal").told
    assert url in place.judge_garden({url: answer(302, location="http://portal/x")}, "portal").told
    assert place.judge_ipv6(reached=False).health is Health.WELL
    assert "open over IPv6" in place.judge_ipv6(reached=True).told


def test_the_portals_name_is_known_before_login_or_not() -> None:
    assert place.judge_name("p", dns.Reply(0, ("10.0.0.1",))).health is Health.WELL
    assert "no such name" in place.judge_name("p", dns.Reply(3, ())).told
    assert "does not answer" in place.judge_name("p", TimeoutError("timed out")).told


def test_a_finding_is_a_line_for_people_and_a_row_for_the_office() -> None:
    found = unseen("clock", "the NAS tells no time")

    assert found.line() == "unseen  clock                   the NAS tells no time"
    assert found.row() == {"check": "clock", "health": "unseen", "told": "the NAS tells no time"}
    assert summary([found]) == "1 checks: 0 well, 0 ill, 1 not to be seen from here"
    assert radius.judge_port("auth", Result(ok=True)).health is Health.WELL
