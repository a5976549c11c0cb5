"""A phone that knows RFC 8908: told by DHCP where to ask, it hears the truth before, during and after its visit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.peers.certificate import certificate
from tests.peers.gateway_house import GATEWAY_NAME, NAS, PORTAL_URL, Museum, dnsmasq, museum
from tests.peers.gateway_place import MACS, take_a_lease
from tests.peers.namespace import Namespace
from tests.peers.process import program

_ASK = """
import ssl, sys, urllib.request as r
ask = r.Request(sys.argv[1], headers={"Accept": "application/captive+json"})
print(r.urlopen(ask, context=ssl.create_default_context(cafile=sys.argv[2]), timeout=10).read().decode())
"""
_VISIT = """
import ssl, sys, urllib.request as r
page = r.urlopen(sys.argv[1], context=ssl.create_default_context(cafile=sys.argv[2]), timeout=10)
print(page.geturl())
"""


def announced(phone: Namespace, folder: Path) -> str:
    """What a renewed lease says in option 114."""
    script = folder / "announced"
    script.write_text('#!/bin/sh\n[ "$1" = bound ] && echo "$opt114"\nexit 0\n')
    script.chmod(0o755)
    words = ["-i", "wifi", "-q", "-n", "-f", "-O", "114", "-s", str(script)]
    return bytes.fromhex(phone.run(program("udhcpc", "udhcpc"), *words)).decode()


def test_the_announced_api_tells_each_phone_of_itself(tmp_path: Path) -> None:
    with museum(tmp_path) as built:
        own = certificate(built.state / "secrets" / "gateway-certificate", GATEWAY_NAME)
        with built.open(), dnsmasq(built):
            for phone in built.site.phones:
                take_a_lease(phone, tmp_path)
            _one_visit(built, own, announced(built.phone, tmp_path))


def _one_visit(built: Museum, own: Path, api: str) -> None:
    first, second = built.site.phones

    def told(phone: Namespace) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(phone.python(_ASK, api, str(own)))
        return answer

    assert told(first) == {"captive": True, "user-portal-url": f"https://{GATEWAY_NAME}/"}
    page = first.python(_VISIT, told(first)["user-portal-url"], str(own))
    assert page.startswith(f"{PORTAL_URL}/arrive/{NAS}?mac={MACS[0].replace(':', '')}&")

    built.tap(first)

    after = told(first)
    assert after["captive"] is False
    assert 0 < after["seconds-remaining"] <= 7200
    assert told(second)["captive"] is True

    assert built.command("kick", MACS[0]).returncode == 0
    assert told(first)["captive"] is True
