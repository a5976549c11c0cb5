"""What each NAS tells the portal through the visitor's browser: names, their order, when a challenge changes."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from hotspot.sites import Sites
from lab.html import Page
from lab.nas.box import Box
from lab.nas.coovachilli import CoovaChilli
from lab.nas.http import Request, Response
from lab.nas.mikrotik import SILENCE, Mikrotik
from lab.nas.weather import Weather
from lab.truth import Truth
from lab.world import World
from tests.conftest import FixedClock
from tests.peers.house import House, build

HOST = "connectivitycheck.gstatic.com"


@pytest.fixture
def home(tmp_path: Path) -> House:
    return build(tmp_path, rate=0)


@pytest.fixture
def world(home: House, clock: FixedClock, tmp_path: Path) -> Iterator[World]:
    truth = Truth(tmp_path / "truth.jsonl")
    nowhere = ("127.0.0.1", 9)
    yield World(home.sites, home.secrets, clock, truth, nowhere, nowhere, weather=Weather(requests=1.0), hurry=True)
    truth.close()


@pytest.fixture
def mikrotik(world: World) -> Mikrotik:
    return Mikrotik(world.sites.nas["gw-alun-alun-besar"], world)


@pytest.fixture
def chilli(world: World) -> CoovaChilli:
    return CoovaChilli(world.sites.nas["gw-museum-tosan-aji"], world)


def asked(box: Box, target: str, host: str = HOST, method: str = "GET", body: str = "") -> Response:
    request = Request(method, target, {"host": host}, body, "127.0.0.1")
    return asyncio.run(box.answer(box.client("127.0.0.1"), request))


def own(box: Box) -> str:
    return "{}:{}".format(*box.web)


def test_mikrotik_sends_the_browser_on_with_the_variables_of_its_login_page(mikrotik: Mikrotik, sites: Sites) -> None:
    target = Page(asked(mikrotik, "/generate_204?a=1&b=2").body).refresh
    assert target is not None
    parts = urlsplit(target)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    names = ["mac", "ip", "link-login-only", "link-orig", "chap-id", "chap-challenge", "error"]
    assert [name for name, _ in pairs] == names
    values = dict(pairs)
    assert parts.path == "/arrive/gw-alun-alun-besar"
    assert (values["mac"], values["ip"], values["error"]) == ("02:C1:7F:00:00:01", "127.0.0.1", "")
    assert values["link-login-only"] == mikrotik.nas.login_url
    assert values["link-orig"] == f"http://{HOST}/generate_204?a=1&b=2"
    assert (values["chap-id"].count("\\"), values["chap-challenge"].count("\\")) == (1, 16)


def test_a_mikrotik_challenge_stands_until_it_is_an_hour_old(mikrotik: Mikrotik, clock: FixedClock) -> None:
    first = asked(mikrotik, "/").body
    clock.at += 3600
    assert asked(mikrotik, "/").body == first
    clock.at += 1
    assert asked(mikrotik, "/").body != first


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_mikrotik_names_a_silent_radius_in_its_error(mikrotik: Mikrotik, method: str) -> None:
    """Without an uplink nothing is even asked; the words are those of RouterOS' errors.txt."""
    mikrotik.is_cut = True
    form = "username=g1&password=sandi"
    target = "/login" if method == "POST" else f"/login?{form}"
    body = asked(mikrotik, target, own(mikrotik), method, form if method == "POST" else "").body
    assert body.count(f"error={SILENCE}") == 1


def test_mikrotik_has_a_login_page_and_no_icon(mikrotik: Mikrotik) -> None:
    assert asked(mikrotik, "/", own(mikrotik)).location == mikrotik.nas.login_url
    assert asked(mikrotik, "/favicon.ico", own(mikrotik)).status == 404
    assert Page(asked(mikrotik, "/login", own(mikrotik)).body).refresh is not None


def test_chilli_signs_its_redirect_with_everything_in_its_own_order(chilli: CoovaChilli) -> None:
    location = asked(chilli, "/a b".replace(" ", "%20")).location
    assert location is not None
    pairs = [part.partition("=")[::2] for part in urlsplit(location).query.split("&")]
    names = "res uamip uamport challenge called mac ip nasid sessionid userurl md".split()  # noqa: SIM905 - as documented
    assert [name for name, _ in pairs] == names
    values = {name: unquote(value) for name, value in pairs}
    assert (values["res"], values["uamport"], values["nasid"]) == ("notyet", "3990", "gw-museum-tosan-aji")
    assert (values["mac"], values["ip"]) == ("02-C1-7F-00-00-01", "127.0.0.1")
    assert values["userurl"] == f"http://{HOST}/a%20b"
    assert location.startswith(f"{chilli.world.sites.office.portal_url}/arrive/gw-museum-tosan-aji?res=")
    url = location[: location.index("&md=")].encode()
    assert values["md"] == hashlib.md5(url + chilli.uam_secret).hexdigest().upper()  # noqa: S324 - the protocol's


def test_a_chilli_challenge_is_renewed_after_ten_minutes_and_accepted_for_twenty(
    chilli: CoovaChilli, clock: FixedClock
) -> None:
    def challenge(location: str | None) -> str:
        return dict(parse_qsl(urlsplit(str(location)).query))["challenge"]

    first = challenge(asked(chilli, "/").location)
    clock.at += 600
    assert challenge(asked(chilli, "/prelogin", own(chilli)).location) == first
    clock.at += 1
    assert challenge(asked(chilli, "/prelogin", own(chilli)).location) != first
    clock.at += 1201
    late = asked(chilli, f"/logon?username=g1&response={'0' * 32}", own(chilli)).location
    assert "res=notyet" in str(late)


def test_chilli_says_that_radius_did_not_answer(chilli: CoovaChilli) -> None:
    chilli.is_cut = True
    asked(chilli, "/")
    location = str(asked(chilli, f"/logon?username=g1&response={'0' * 32}", own(chilli)).location)
    assert "res=failed&reason=timeout&uamip=" in location


def test_chilli_logs_nobody_in_by_names_in_other_letters(chilli: CoovaChilli) -> None:
    asked(chilli, "/")
    location = str(asked(chilli, f"/logon?UserName=g1&Response={'0' * 32}", own(chilli)).location)
    assert "res=notyet" in location
