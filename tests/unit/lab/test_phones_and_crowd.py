"""What a phone sees in a page, and who comes when."""

from __future__ import annotations

import random
from datetime import datetime

from hotspot.sites import Sites
from lab.crowd import day_of_visits, random_mac
from lab.html import Page
from lab.mishaps import mishaps
from lab.month import days_of
from lab.town import client_net

PAGE = """<!doctype html><html><head><title> Wi-Fi gratis </title>
<meta http-equiv=Refresh content="3; URL='/next?a=1&amp;b=2'"></head><body>
<form action="/search"><input name=q value=x><button id=go>Go</button></form>
<form method=POST action=/connect>
  <input type=hidden name=flow value="a&amp;b"><input type=checkbox name=news value=1>
  <input type=radio name=lang value=id checked><input type=radio name=lang value=en>
  <button id=connect name=way value=tap>Sambung</button><button id=later name=way value=no>Nanti</button>
</form></body></html>"""


def test_a_phone_sends_what_a_browser_would_send() -> None:
    form = Page(PAGE).form_with("connect")
    assert form is not None
    assert (form.action, form.method) == ("/connect", "post")
    assert form.fields == [("flow", "a&b"), ("lang", "id")]
    assert form.buttons["connect"] == ("way", "tap")


def test_a_page_without_the_button_has_no_such_form() -> None:
    assert Page("<form><button id=other></button></form>").form_with("connect") is None


def test_a_quick_refresh_is_followed_and_a_slow_one_is_not() -> None:
    assert Page(PAGE).refresh == "/next?a=1&b=2"
    assert Page('<meta http-equiv="refresh" content="60; url=/again">').refresh is None
    assert Page('<meta http-equiv="refresh" content="2">').refresh is None


def test_backslashes_of_an_octal_challenge_survive_the_refresh() -> None:
    page = Page(r'<meta http-equiv="refresh" content="0; url=http://p/arrive/x?chap-id=\371&error=">')
    assert page.refresh == r"http://p/arrive/x?chap-id=\371&error="


def test_the_same_seed_brings_the_same_people_and_another_seed_others(sites: Sites) -> None:
    site = sites.site["alun-alun-besar"]
    days = [day_of_visits(site, "2026-10-05", sites.timezone, per_day=40, seed=seed) for seed in (1, 1, 2)]
    assert days[0] == days[1]
    assert days[0] != days[2]


def test_nearly_all_come_while_the_site_is_open_and_some_phones_come_again(sites: Sites) -> None:
    site = sites.site["museum-tosan-aji"]
    month = [
        plan
        for day in days_of("2026-10", sites.timezone)
        for plan in day_of_visits(site, day, sites.timezone, per_day=30, seed=3)
    ]
    open_at = [site.hours.daily.is_open(plan.at, sites.timezone) for plan in month]
    assert 0.94 < sum(open_at) / len(month) < 1
    known = [plan.mac for plan in month if not plan.mac.is_random]
    assert len(known) > 100
    assert len(set(known)) == 12
    assert len({plan.mac for plan in month if plan.mac.is_random}) == len(month) - len(known)
    assert 700 < len(month) < 1150


def test_a_made_up_mac_is_unicast_and_locally_administered() -> None:
    macs = [random_mac(random.Random(seed)) for seed in range(200)]
    assert all(mac.is_random and not mac.octets[0] & 1 for mac in macs)


def test_a_month_has_all_its_local_days(sites: Sites) -> None:
    days = days_of("2026-02", sites.timezone)
    assert (days[0], days[-1], len(days)) == ("2026-02-01", "2026-02-28", 28)


def test_mishaps_happen_while_the_site_is_open(sites: Sites) -> None:
    hours, zone = sites.site["romansa-kuliner"].hours.daily, sites.timezone
    days = days_of("2026-10", zone)
    found = mishaps("gw-romansa-kuliner", hours, days, zone, share=0.5, seed=5)
    assert 8 < len(found) < 24
    assert all(hours.is_open(mishap.at, zone) for mishap in found)
    assert {datetime.fromtimestamp(mishap.at, zone).strftime("%Y-%m") for mishap in found} == {"2026-10"}


def test_each_nas_has_a_client_network_of_its_own() -> None:
    assert client_net("127.66.3.1") == "127.130.3"
    assert client_net("127.200.3.1") == "127.8.3"
