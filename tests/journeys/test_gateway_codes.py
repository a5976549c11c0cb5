"""Codes at a door of our own: a changed MAC comes back by it, and one voucher is for one phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import insert

from hotspot.tables import batches, vouchers
from hotspot.vouchers import client_of, code, hash_of
from tests.peers.gateway_house import GATEWAY_NAME, PORTAL_URL, Museum, online, opened
from tests.peers.gateway_place import MACS, take_a_lease
from tests.peers.process import wait_until
from tests.peers.smart_client import told

WAYS = {"ways: [tap]": "ways: [tap, voucher, code]"}
NEW_MAC, OTHER_MAC = "02:00:5e:00:00:77", "02:00:5e:00:00:78"
DOOR = f"http://{GATEWAY_NAME}:3990/"
RACES = 3
_READ = "import sys, urllib.request as r; print(r.urlopen(sys.argv[1], timeout=10).read().decode())"
_SMART = """
import html, re, sys, urllib.parse as p, urllib.request as r

def asked(url, form=None):
    body = p.urlencode(form).encode() if form else None
    return r.urlopen(r.Request(url, body, {"User-Agent": "WISPR!test"}), timeout=15).read().decode()

def field(page, name):
    return html.unescape(re.search(f"<{name}>([^<]*)</{name}>", page)[1])

invited = asked(sys.argv[1])
login = {"UserName": sys.argv[2], "Password": "", "button": "Login", "FNAME": "0"}
inside = asked(field(invited, "LoginURL"), login)
print(invited, "<<>>", inside, "<<>>", asked(field(inside, "LogoffURL")))
"""
_CODE = re.compile(r'class="figure"[^>]*>([^<]+)<')


@pytest.fixture(scope="module")
def museum(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Museum]:
    with opened(tmp_path_factory.mktemp("codes"), WAYS) as built:
        take_a_lease(built.site.phones[1], built.folder)
        yield built


def test_a_phone_with_a_new_mac_comes_back_by_its_code_as_the_visitor_it_was(museum: Museum) -> None:
    phone = museum.phone
    connected = museum.come_in(phone, "tap").split()[0]
    wait_until(lambda: museum.sessions(stopped_at=None), "RADIUS has the Start")
    shown = _CODE.search(phone.python(_READ, connected))
    assert shown is not None, "the connected page shows the code"
    before = museum.sessions(stopped_at=None)[0]
    museum.command("kick", MACS[0])
    wait_until(lambda: not museum.sessions(stopped_at=None), "RADIUS has the Stop")

    phone.ip("link", "set", "wifi", "address", NEW_MAC)
    take_a_lease(phone, museum.folder)
    assert not online(museum, phone), "nobody knows this MAC"
    said = museum.come_in(phone, "code", shown[1].strip())

    assert f"{PORTAL_URL}/status?" in said, said[:500]
    assert online(museum, phone)
    wait_until(lambda: museum.sessions(stopped_at=None), "RADIUS has the Start")
    after = museum.sessions(stopped_at=None)[0]
    assert after.mac == NEW_MAC.replace(":", "") != before.mac
    assert after.client == before.client, "what was used of the day is still used"
    museum.command("kick", NEW_MAC)
    wait_until(lambda: not museum.sessions(stopped_at=None), "RADIUS has the Stop")


def test_of_two_phones_with_one_voucher_one_gets_in(museum: Museum) -> None:
    for serial in range(1, RACES + 1):
        text = _voucher(museum, serial)
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda phone, word=text: museum.come_in(phone, "voucher", word), museum.site.phones))

        inside = [phone for phone in museum.site.phones if online(museum, phone)]
        assert len(inside) == 1, f"race {serial}"
        wait_until(lambda: museum.sessions(stopped_at=None), "RADIUS has the Start")
        assert len(museum.sessions(stopped_at=None)) == 1
        museum.command("kick", museum.sessions(stopped_at=None)[0].acct_session_id)
        wait_until(lambda: not museum.sessions(stopped_at=None), "RADIUS has the Stop")


def test_a_smart_client_comes_in_with_a_voucher_and_logs_off(museum: Museum) -> None:
    """Its bearer read the notice in a browser before; WISPr leads by way of the box, and back to it."""
    phone, text = museum.site.phones[1], _voucher(museum, RACES + 1)
    assert f"{PORTAL_URL}/status?" in museum.come_in(phone, "voucher", text)
    wait_until(lambda: museum.sessions(stopped_at=None), "RADIUS has the Start")
    museum.command("kick", MACS[1])
    wait_until(lambda: not museum.sessions(stopped_at=None), "RADIUS has the Stop")
    phone.ip("link", "set", "wifi", "address", OTHER_MAC)
    take_a_lease(phone, museum.folder)

    invited, inside, left = (told(part) for part in phone.python(_SMART, DOOR, text).split("<<>>"))

    assert (invited["MessageType"], invited["ResponseCode"]) == ("100", "0")
    assert (inside["MessageType"], inside["ResponseCode"]) == ("120", "50")
    assert inside["LogoffURL"].startswith(f"{DOOR}logout?user=g")
    assert (left["MessageType"], left["ResponseCode"]) == ("130", "150")
    wait_until(lambda: museum.sessions(mac=OTHER_MAC.replace(":", "")), "RADIUS has the Start")


def _voucher(museum: Museum, serial: int) -> str:
    """For one device."""
    key, now = museum.home.secrets.read("voucher-key"), int(museum.home.now())
    text = code(key, f"salt-{serial}", serial)
    terms = {
        "id": serial, "label": "uji", "devices": 1, "valid_seconds": 86_400, "valid_from": now - 10,
        "valid_until": now + 864_000, "salt": f"salt-{serial}", "created_by": "uji", "created_at": now,
    }  # fmt: skip
    with museum.home.store() as store, store.writing() as connection:
        connection.execute(insert(batches).values(terms))
        row = {"batch": serial, "serial": serial, "spent_seconds": 0, "spent_octets": 0}
        hashes = {"hash": hash_of(key, text), "client": client_of(key, text)}
        connection.execute(insert(vouchers).values(row | hashes))
    return text
