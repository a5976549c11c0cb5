"""What each probe concludes from what came back."""

from __future__ import annotations

import socket
import struct

import pytest

from hotspot.wire import Malformed
from monitor.probes import dns, status_server
from monitor.probes.captive import CHECKS
from monitor.probes.citizen import STEPS, Fetch, Laps, visit
from monitor.probes.echo import BUCKETS, RoundTrips, jitter
from monitor.probes.fetch import Answer, Unreachable
from monitor.probes.web import days_left, judge_check, judge_service

ANDROID = next(check for check in CHECKS if check.id == "android")
APPLE = next(check for check in CHECKS if check.id == "apple")
PAGE = (
    b'<form action="/search"><input type="hidden" name="q" value="x"><button>Search</button></form>'
    b'<form method="post" action="/connect"><input type="hidden" name="flow" value="f">'
    b'<button id="connect" name="way" value="tap">Go</button></form>'
)


def answer(status: int = 200, body: bytes = b"", **headers: str) -> Answer:
    return Answer(status, headers, body, 0.1, 1_000_000.0)


def test_a_service_is_well_with_a_page_a_redirect_or_a_login_and_not_with_an_error() -> None:
    assert [judge_service(answer(status)).ok for status in (200, 302, 401, 404, 502)] == [True] * 3 + [False] * 2
    assert judge_service(Unreachable("no route")).why == "no route"
    assert days_left(judge_service(answer()), 1_000_000.0 - 3 * 86400) == 3


def test_a_check_passes_only_with_the_very_answer_that_the_phone_expects() -> None:
    assert judge_check(ANDROID, answer(204)).ok
    assert judge_check(APPLE, answer(200, (APPLE.body or b"") + b"\n")).ok
    assert judge_check(ANDROID, answer(200, b"<html>")).why == "somebody else answers: 200"
    assert (
        judge_check(APPLE, answer(302, location="http://portal/")).why == "somebody else answers: 302 to http://portal/"
    )


def test_a_resolver_is_well_when_it_knows_an_address_and_its_answer_fits_the_question() -> None:
    asked = dns.question("wifi.example.go.id")
    row = b"\xc0\x0c" + struct.pack("!HHIH", dns.A, 1, 60, 4) + socket.inet_aton("10.66.0.2")
    head = asked[:2] + b"\x81\x80" + struct.pack("!HHHH", 1, 1, 0, 0)
    reply = dns.read_reply(asked, head + asked[12:] + row)

    assert reply.addresses == ("10.66.0.2",)
    assert dns.judge(reply, 0.1).ok
    assert dns.judge(dns.Reply(3, ()), 0.1).why == "the resolver knows no address: no such name"
    with pytest.raises(OSError, match="no answer to this question"):
        dns.read_reply(asked, b"\0\0" + head[2:] + asked[12:] + row)
    with pytest.raises(OSError, match="cut short"):
        dns.read_reply(asked, (head + asked[12:] + row)[:-9])


def test_radius_is_silent_or_answers_somebody_else() -> None:
    assert "silent" in status_server.judge(TimeoutError("no answer within 3 s"), 0).why
    assert "shared secret" in status_server.judge(Malformed("is the shared secret the same on both sides?"), 0).why


def test_jitter_is_between_neighbours_and_round_trips_are_counted_cumulatively() -> None:
    trips = RoundTrips()
    trips.add("ap", [0.00004, 0.001, 9.0])
    ((labels, counts, total),) = trips.rows()

    assert jitter([0.010, 0.012, 0.010]) == pytest.approx(0.002)
    assert jitter([0.010]) is None
    assert labels == ("ap",)
    assert (counts[0], counts[-2][1], counts[-1]) == (("5e-05", 1.0), 2.0, ("+Inf", 3.0))
    assert total == pytest.approx(9.00104)
    assert len(counts) == len(BUCKETS) + 1


def asking(*answers: Answer | Unreachable) -> tuple[Fetch, list[tuple[str, bytes | None]]]:
    left, asked = list(answers), []

    def ask(url: str, form: bytes | None) -> Answer | Unreachable:
        asked.append((url, form))
        return left.pop(0)

    return ask, asked


def test_a_citizen_presses_the_button_of_the_page_that_the_check_led_to() -> None:
    to_page, to_nas = answer(302, location="http://portal/arrive/x"), answer(302, location="http://nas/login?u=1")
    ask, asked = asking(to_page, answer(200, PAGE), to_nas, answer(200), answer(204))

    moments = iter((10.0, 11.0, 13.5, 14.0))
    laps = Laps(lambda: next(moments))
    assert visit(ask, laps=laps).done == STEPS
    assert laps.took == [("page", 1.0), ("login", 2.5), ("internet", 0.5)]
    assert asked[2] == ("http://portal/connect", b"flow=f&way=tap")
    assert asked[3][0] == "http://nas/login?u=1"


@pytest.mark.parametrize(
    ("answers", "failed", "why"),
    [
        ([Unreachable("no route")], "page", "no route"),
        ([answer(302, location="http://portal/")] * 10, "page", "redirects go round: more than 8"),
        ([answer(200, b"<p>Wi-Fi")], "page", "the page (200) has no button to connect"),
        ([answer(200, PAGE), answer(503)], "login", "the login ends at a page that says 503"),
        ([answer(200, PAGE), answer(), answer(302)], "login", "the gateway still sends us to the page"),
        ([answer(200, PAGE), answer(), Unreachable("no answer")], "internet", "no answer"),
        ([answer(200, PAGE), answer(), answer(500)], "internet", "the check is answered with 500"),
    ],
)
def test_a_journey_says_at_which_step_it_ended(answers: list[Answer | Unreachable], failed: str, why: str) -> None:
    ask, _asked = asking(*answers)
    journey = visit(ask)

    assert (journey.failed, journey.why) == (failed, why)


def test_who_is_still_online_from_the_last_visit_needs_no_page() -> None:
    assert visit(asking(answer(204))[0]).failed is None
