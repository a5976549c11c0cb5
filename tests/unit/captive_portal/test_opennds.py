"""openNDS 9.10: the text that its FAS levels 1 and 2 carry, and the token that lets a client through."""

from __future__ import annotations

import base64
from urllib.parse import parse_qs, urlsplit

import pytest

from captive_portal.nas import Arrival, News, opennds
from captive_portal.nas.kind import Refusal
from hotspot.secret import Secret
from tests.peers.fas import encrypt
from tests.unit.captive_portal.doors import opennds as door
from tests.unit.captive_portal.doors import query

HID = "0a05d7b27cc7a2b1ca704adcbd1d6e3ab2c19ece000586f03bceeabf24547e43"
RHID = "705e2000debce5f8a6f2deb870b1d809c1dd4c4e423604382d639c79a793786c"
FASKEY = Secret("kunci-fas")
IV = "0123456789abcdef"
TEXT = (
    f"hid={HID}, clientip=10.1.0.7, clientmac=02:11:22:33:44:55, client_type=cpd_can, "
    "gatewayname=Alun-alun%20Kutoarjo, gatewayurl=http%3a%2f%2fstatus.client, version=9.10.0, "
    "gatewayaddress=10.1.0.1:2050, gatewaymac=aabbccddeeff, originurl=http%3a%2f%2fexample.com%2f, "
    "clientif=wlan0, themespec=(null), (null)(null)(null)(null)"
)
# What the daemon's own PHP line gives under php-cli 8.2 for this faskey and iv (openssl enc gives the same).
FROM_PHP = "VnlJQ3ZNcUx4ZjNJVC90ZXY2YkdUV05FS2w1UWt5L3dzekIybXVYa0pLVT0="
PHP_TEXT = "hid=abc, clientip=10.1.0.7"


def level_1(text: str) -> str:
    return "fas=" + base64.b64encode(text.encode()).decode()


def level_2(text: str, key: Secret = FASKEY) -> str:
    return f"fas={encrypt(text, IV, key.reveal())}&iv={IV}"


@pytest.mark.parametrize(("level", "raw"), [(1, level_1(TEXT)), (2, level_2(TEXT))])
def test_a_visitor_is_read_at_both_levels(level: int, raw: str) -> None:
    arrival = opennds.arrive(query(raw), door(level))
    assert isinstance(arrival, Arrival)
    assert (arrival.mac.digits, arrival.ip, arrival.news) == ("021122334455", "10.1.0.7", News.NEW)
    assert arrival.keys == {"hid": HID}


def test_what_php_encrypted_is_read_and_written_alike() -> None:
    assert opennds.decrypt(FROM_PHP, IV, FASKEY) == PHP_TEXT
    assert encrypt(PHP_TEXT, IV, FASKEY.reveal()) == FROM_PHP


def test_the_token_is_the_hash_of_hid_and_faskey() -> None:
    assert opennds.token(HID, FASKEY) == RHID


def test_the_browser_is_sent_to_the_registered_gateway() -> None:
    url = opennds.release({"hid": HID}, door(), "gabc", "unused", "https://portal.example/status?grant=gabc&lang=id")
    parts = urlsplit(url)
    assert (parts.scheme, parts.netloc, parts.path) == ("http", "10.1.0.1:2050", "/opennds_auth/")
    fields = parse_qs(parts.query)
    assert fields["tok"] == [RHID]
    assert fields["redir"] == ["https://portal.example/status?grant=gabc&lang=id"]
    assert base64.b64decode(fields["custom"][0]) == b"gabc"


def test_a_gateway_named_in_the_text_is_not_believed() -> None:
    arrival = opennds.arrive(query(level_1(TEXT.replace("10.1.0.1:2050", "evil.example"))), door(1))
    assert isinstance(arrival, Arrival)
    assert "evil" not in opennds.release(arrival.keys, door(1), "gabc", "", "https://portal.example/status")


@pytest.mark.parametrize(
    "raw",
    [
        level_2(TEXT, Secret("another-key")),
        level_2(TEXT).replace(f"&iv={IV}", ""),
        level_2(TEXT).replace(IV, "short"),
        level_2(TEXT).replace(IV, "<script>aaaaaaaa"),
        level_1(TEXT) + f"&iv={IV}",
        "fas=%00%00&iv=" + IV,
        "fas=" + "A" * 2048 + "&iv=" + IV,
    ],
)
def test_what_the_faskey_does_not_open_is_refused(raw: str) -> None:
    assert opennds.arrive(query(raw), door(2)) is Refusal.BAD_SIGNATURE


def test_missing_parts_are_refused_with_their_reason() -> None:
    assert opennds.arrive(query(""), door(1)) is Refusal.NO_PARAMETERS
    assert opennds.arrive(query(level_1("hid=x, clientmac=02:11:22:33:44:55")), door(1)) is Refusal.BAD_CHALLENGE
    assert opennds.arrive(query(level_1(f"hid={HID}, clientmac=<script>")), door(1)) is Refusal.BAD_CLIENT


def test_a_client_that_is_online_already_is_told_so() -> None:
    arrival = opennds.arrive(query("clientip=10.1.0.7&gatewayname=a&status=authenticated"), door())
    assert isinstance(arrival, Arrival)
    assert arrival.news is News.ONLINE
