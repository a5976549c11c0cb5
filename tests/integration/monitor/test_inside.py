"""The doctor and the citizen inside a place's Wi-Fi: an address by DHCP, a captive gateway, and what can be broken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.peers.captive_place import PORTAL, SERVICE, captive_place
from tests.peers.namespace import ROOT, Namespace

DOCTOR = f"""
import json, sys
from pathlib import Path
from hotspot.sites import load
from hotspot.sites.model import Service
from hotspot.sites.probes import Citizen, Probes
from monitor.doctor.visit import Visit
from monitor.probes.captive import CHECKS
sites = load(Path(sys.argv[1]))
nas = sites.nas["gw-romansa-kuliner"].model_copy(update={{"login_url": "http://10.9.0.1/login"}})
service = Service(id="layanan", name={{"id": "Layanan"}}, url="http://{SERVICE}/", opd="kominfo")
probes = Probes(citizens=(Citizen(site=nas.site, interface="wifi", dns="10.9.0.1"),))
office = sites.office.model_copy(update={{"portal_url": "http://{PORTAL}"}})
town = sites.model_copy(update={{"services": (service,), "probes": probes, "office": office}})
checks = tuple(one for one in CHECKS if one.id in ("android", "android-old", "apple"))
visit = Visit(None, town, None, nas, 0.0, checks)
print(json.dumps({{one.check: [str(one.health), one.told] for one in (visit.clock(), *visit.inside())}}))
"""
CITIZEN = """
import json
from monitor.probes.citizen import walk
from monitor.probes.way import Way
first, second = (walk(Way("wifi", "10.9.0.1", 3)) for _ in range(2))
print(json.dumps([first.done, first.why, dict(first.took), second.was_in]))
"""


def seen(guest: Namespace, text: str, *words: str) -> Any:
    return json.loads(guest.python(text, *words).splitlines()[-1])


@pytest.mark.parametrize(
    ("broken", "ill"),
    [
        ((), {}),
        (
            ("open", "shut", "six", "late", "silent"),
            {
                "probe-hosts": "phones' checks pass before login: android, android-old",
                "walled-garden": "not reached before login: http://layanan.test/",
                "ipv6-leak": "the internet is open over IPv6 before login",
                "clock": "the NAS's clock is -72",
                "option-114": "DHCP does not say where the Captive Portal API is",
            },
        ),
        (("nameless",), {"dns-before-login": "portal.test: ", "walled-garden": "not reached before login"}),
    ],
    ids=["well", "open", "nameless"],
)
def test_the_doctor_sees_from_inside_what_is_broken_and_nothing_else(
    tmp_path: Path, broken: tuple[str, ...], ill: dict[str, str]
) -> None:
    with captive_place(tmp_path, *broken) as guest:
        found = seen(guest, DOCTOR, str(ROOT / "sites.yaml"))

    assert set(found) == {*("clock", "option-114", "dns-before-login", "probe-hosts", "walled-garden", "ipv6-leak")}
    assert {check for check, (health, _) in found.items() if health != "well"} == set(ill), found
    for check, told in ill.items():
        assert found[check][1].startswith(told), found[check]


def test_a_citizen_gets_an_address_the_page_the_login_and_the_internet_and_each_is_timed(tmp_path: Path) -> None:
    with captive_place(tmp_path) as guest:
        done, why, took, was_in = seen(guest, CITIZEN)

    assert (done, why, was_in) == (["address", "page", "login", "internet"], "", True)
    assert list(took) == done
    assert all(seconds >= 0 for seconds in took.values())


def test_without_a_dhcp_server_a_citizen_has_no_address_whatever_the_interface_says(tmp_path: Path) -> None:
    with captive_place(tmp_path) as guest:
        guest.ip("link", "set", "wifi", "down")
        guest.ip("link", "set", "wifi", "name", "old")
        guest.ip("link", "add", "wifi", "type", "veth", "peer", "name", "nobody")
        guest.ip("addr", "add", "10.9.0.100/24", "dev", "wifi")
        guest.ip("link", "set", "nobody", "up")
        guest.ip("link", "set", "wifi", "up")
        done, why, took, _ = seen(guest, CITIZEN)

    assert (done, why, took) == ([], "no DHCP server answers on this network", {})
