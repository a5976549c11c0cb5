"""The door between two phones and an internet: checks redirected, login, the API's truth about each phone."""

from __future__ import annotations

import contextlib
import json
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, replace
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from gateway.capport import MEDIA_TYPE, PATH
from gateway.exchange import MOST_OF_ONE
from gateway.kernel import Kernel
from hotspot.mac import Mac
from hotspot.nas.linux import signature
from tests.integration.gateway.doorstep import BOX, GRANT, NAME, PORTAL_URL, SECRET, VENUE, WORD, Desk, doorstep
from tests.peers.certificate import certificate
from tests.peers.gateway_place import (
    LOGIN_PORT,
    MACS,
    NETWORK,
    NETWORK6,
    OUTSIDE,
    OUTSIDE6,
    PHONES,
    PHONES6,
    PORTAL,
    PORTAL6,
    Site,
    connected,
    fetched,
    inside,
    settle,
    site,
)
from tests.peers.internet import PROBES
from tests.peers.namespace import Namespace

OWN = f"{NETWORK.ip}:{LOGIN_PORT}"
LOGIN = f"/login?user={GRANT}&password={WORD}&after={PORTAL_URL}/status"
FAMILIES = pytest.mark.parametrize(
    ("outside", "own", "phones"),
    [(OUTSIDE, str(NETWORK.ip), PHONES), (OUTSIDE6, str(NETWORK6.ip), PHONES6)],
    ids=["IPv4", "IPv6"],
)


@dataclass(frozen=True)
class Door:
    site: Site
    desk: Desk
    tls: ssl.SSLContext

    @property
    def phone(self) -> Namespace:
        return self.site.phones[0]

    @property
    def neighbour(self) -> Namespace:
        return self.site.phones[1]

    def captive(self, phone: Namespace, own: str = str(NETWORK.ip), accept: str = MEDIA_TYPE) -> tuple[str, str]:
        """Head and body of the API's answer, the certificate verified as a phone would."""
        with connected(phone, own, 443) as wire, self.tls.wrap_socket(wire, server_hostname=NAME) as line:
            line.sendall(f"GET {PATH} HTTP/1.1\r\nHost: {NAME}\r\nAccept: {accept}\r\n\r\n".encode())
            head, _, body = b"".join(iter(lambda: line.recv(65_536), b"")).decode().partition("\r\n\r\n")
        return head, body


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    file = certificate(tmp_path / "tls.pem", NAME)
    with site(tmp_path) as place:
        kernel = Kernel(replace(place.place, api_port=BOX.api_port))
        with inside(place.gate):
            kernel.install()
        for phone, address, address6 in zip(place.phones, PHONES, PHONES6, strict=True):
            settle(phone, address, address6)
        with doorstep(place, kernel, file) as desk:
            yield Door(place, desk, ssl.create_default_context(cafile=str(file)))


def location(answer: bytes) -> str:
    head = answer.decode().partition("\r\n\r\n")[0]
    assert head.startswith("HTTP/1.1 302 Found\r\n"), head
    return next(line.removeprefix("Location: ") for line in head.split("\r\n") if line.startswith("Location: "))


def papers(answer: bytes) -> dict[str, str]:
    """What the portal is told of the visitor, after its proof was checked."""
    signed, _, proof = location(answer).partition("&sig=")
    assert proof == signature(signed, SECRET)
    return {name: values[0] for name, values in parse_qs(urlsplit(signed).query).items()}


@FAMILIES
def test_every_systems_check_is_led_to_the_portal_with_the_phones_own_papers(
    door: Door, outside: str, own: str, phones: tuple[str, str]
) -> None:
    for host, path in PROBES:
        told = papers(fetched(door.phone, outside, host, path))
        assert (told["mac"], told["ip"]) == (Mac.parse(MACS[0]).digits, phones[0])
    told = papers(fetched(door.neighbour, outside, "captive.apple.com", "/hotspot-detect.html"))
    assert (told["mac"], ip_address(told["ip"])) == (Mac.parse(MACS[1]).digits, ip_address(phones[1]))


@FAMILIES
def test_what_is_encrypted_is_reset_at_once(door: Door, outside: str, own: str, phones: tuple[str, str]) -> None:
    with pytest.raises(ConnectionRefusedError):
        connected(door.phone, outside, 443, seconds=1)


def test_a_login_opens_the_internet_and_every_check_then_gets_its_owners_answer(door: Door) -> None:
    assert location(fetched(door.phone, str(NETWORK.ip), OWN, LOGIN, LOGIN_PORT)) == f"{PORTAL_URL}/status"

    for (host, path), (status, body) in PROBES.items():
        answer = fetched(door.phone, OUTSIDE, host, path).decode()
        assert answer.startswith(f"HTTP/1.1 {status} ")
        assert answer.partition("\r\n\r\n")[2] == body
    assert "news" not in papers(fetched(door.neighbour, OUTSIDE, "captive.apple.com"))


def test_a_phone_without_ipv4_logs_in_by_the_doors_name(door: Door) -> None:
    """A browser's form-action knows no IPv6 address, so the portal leads such a box's visitors to its name."""
    told = papers(fetched(door.phone, OUTSIDE6, "captive.apple.com", "/hotspot-detect.html"))
    assert told["ip"] == PHONES6[0]
    host, port = BOX.login_url.removeprefix("http://").split(":")

    welcome = fetched(door.phone, str(NETWORK6.ip), f"{host}:{port}", LOGIN, int(port))

    assert location(welcome) == f"{PORTAL_URL}/status"
    answer = fetched(door.phone, OUTSIDE6, "captive.apple.com", "/hotspot-detect.html")
    assert answer.startswith(b"HTTP/1.1 200 OK")


def test_a_wrong_word_opens_nothing_and_leaving_closes(door: Door) -> None:
    refused = fetched(door.phone, str(NETWORK.ip), OWN, LOGIN.replace(WORD, "wrong"), LOGIN_PORT)
    assert (papers(refused)["news"], papers(refused)["says"]) == ("failed", "closed")
    papers(fetched(door.phone, OUTSIDE, "captive.apple.com"))

    fetched(door.phone, str(NETWORK.ip), OWN, LOGIN, LOGIN_PORT)
    left = papers(fetched(door.phone, str(NETWORK.ip), OWN, f"/logout?user={GRANT}", LOGIN_PORT))
    assert (left["news"], left["user"]) == ("left", GRANT)
    papers(fetched(door.phone, OUTSIDE, "captive.apple.com"))


@FAMILIES
def test_the_api_is_right_before_and_after_the_login_and_for_the_neighbour(
    door: Door, outside: str, own: str, phones: tuple[str, str]
) -> None:
    head, body = door.captive(door.phone, own)
    urls = {"user-portal-url": f"https://{NAME}/", "venue-info-url": VENUE}
    assert json.loads(body) == {"captive": True, **urls}
    assert f"Content-Type: {MEDIA_TYPE}\r\n" in head
    assert "Cache-Control: private, no-store" in head

    fetched(door.phone, str(NETWORK.ip), OWN, LOGIN, LOGIN_PORT)
    here = {"captive": False, **urls, "seconds-remaining": 600, "can-extend-session": True}
    assert json.loads(door.captive(door.phone, own)[1]) == here
    assert json.loads(door.captive(door.neighbour, own)[1])["captive"] is True

    fetched(door.phone, str(NETWORK.ip), OWN, f"/logout?user={GRANT}", LOGIN_PORT)
    assert json.loads(door.captive(door.phone, own)[1])["captive"] is True


def test_a_browser_at_the_apis_address_is_led_to_the_portal(door: Door) -> None:
    head, _ = door.captive(door.phone, accept="text/html")

    assert f"Location: {PORTAL_URL}/arrive/gw-a?mac=" in head


def test_a_portal_without_a_name_is_reached_by_its_address(door: Door) -> None:
    with inside(door.site.gate):
        Kernel(replace(door.site.place, garden=(PORTAL, PORTAL6))).install()

    for address in (PORTAL, PORTAL6):
        assert b"The internet" in fetched(door.phone, address, "anything")


def test_the_door_has_no_side_to_the_internet(door: Door) -> None:
    for port in (LOGIN_PORT, BOX.api_port):
        with pytest.raises(OSError, match=r"refused|unreachable|timed out"):
            connected(door.site.internet, str(NETWORK.ip), port, seconds=1)


def test_who_says_nothing_is_sent_away_and_meanwhile_others_are_served(door: Door) -> None:
    with contextlib.ExitStack() as stack:
        silent = [
            stack.enter_context(connected(door.neighbour, str(NETWORK.ip), LOGIN_PORT)) for _ in range(MOST_OF_ONE)
        ]
        one_more = stack.enter_context(connected(door.neighbour, str(NETWORK.ip), LOGIN_PORT))
        one_more.settimeout(1)
        assert one_more.recv(1) == b""
        papers(fetched(door.phone, OUTSIDE, "captive.apple.com"))
        for connection in silent:
            connection.settimeout(10)
            assert connection.recv(1) == b""  # five seconds are enough for any phone
    papers(fetched(door.neighbour, OUTSIDE, "captive.apple.com"))


def test_what_is_no_request_is_not_answered_as_one(door: Door) -> None:
    with connected(door.phone, str(NETWORK.ip), LOGIN_PORT) as wire, pytest.raises((ConnectionError, AssertionError)):
        wire.sendall(b"GET /" + b"a" * 100_000)
        assert wire.recv(1)
    assert fetched(door.phone, OUTSIDE, "x", "/ HTTP/9.9").startswith(b"HTTP/1.1 400 Bad Request\r\n")
    papers(fetched(door.phone, OUTSIDE, "captive.apple.com"))
