"""The Captive Portal API (RFC 8908) at a door of our own: right before the tap, after it and after the end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.peers.certificate import certificate
from tests.peers.gateway_house import GATEWAY_NAME, Museum, dnsmasq, museum
from tests.peers.gateway_place import MACS, take_a_lease
from tests.peers.namespace import Namespace
from tests.peers.process import program

URL = f"https://{GATEWAY_NAME}/captive"

_ASK = """
import ssl, sys, urllib.request as r
trust = ssl.create_default_context(cafile=sys.argv[2])
ask = r.Request(sys.argv[1], headers={"Accept": "application/captive+json"})
with r.urlopen(ask, context=trust, timeout=10) as said:
    assert said.headers["Content-Type"] == "application/captive+json"
    print(said.read().decode())
"""


def test_each_phone_is_told_its_own_state_at_the_address_that_dhcp_announced(tmp_path: Path) -> None:
    with museum(tmp_path) as site:
        file = site.state / "secrets" / "gateway-certificate"
        certificate(file, GATEWAY_NAME)
        with site.open(), dnsmasq(site):
            first, second = site.site.phones
            assert _announced(first, tmp_path) == URL
            take_a_lease(first, tmp_path)
            take_a_lease(second, tmp_path)
            assert _state(site, first)["captive"] is True

            site.tap(first)

            online = _state(site, first)
            assert online["captive"] is False
            assert 7100 < online["seconds-remaining"] <= 7200
            assert online["can-extend-session"] is True
            assert _state(site, second)["captive"] is True
            assert _page(first, online["venue-info-url"]).count("Museum Tosan Aji") > 0

            site.command("kick", MACS[0])
            assert _state(site, first)["captive"] is True


def _state(site: Museum, phone: Namespace) -> Any:
    return json.loads(phone.python(_ASK, URL, str(site.state / "secrets" / "gateway-certificate")))


def _page(phone: Namespace, url: str) -> str:
    ask = "import sys, urllib.request as r; print(r.urlopen(sys.argv[1], timeout=10).read().decode())"
    return phone.python(ask, url)


def _announced(phone: Namespace, folder: Path) -> str:
    """Option 114 as a DHCP client hears it; udhcpc shows options that it does not know in hex."""
    script = folder / "announced"
    script.write_text('#!/bin/sh\n[ "$1" = bound ] && echo "$opt114" > "$0.said" || true\n')
    script.chmod(0o755)
    phone.run(program("udhcpc", "udhcpc"), "-i", "wifi", "-q", "-n", "-f", "-O", "114", "-s", str(script))
    return bytes.fromhex(Path(f"{script}.said").read_text().strip()).decode()
