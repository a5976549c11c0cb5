"""A MAC address is read in every spelling met in the field (research: RFC 3580 section 3.20, 3.21; MikroTik DHCP)."""

from __future__ import annotations

import pytest

from hotspot.mac import Mac

SPELLINGS = [
    "30:39:26:86:cc:ea",
    "30:39:26:86:CC:EA",
    "30-39-26-86-CC-EA",
    "3039.2686.ccea",
    "30392686ccea",
    "30392686CCEA",
    "3039-2686-ccea",
    " 30:39:26:86:CC:EA ",
    "1:30:39:26:86:cc:ea",
]


@pytest.mark.parametrize("text", SPELLINGS)
def test_every_spelling_is_the_same_address(text: str) -> None:
    assert Mac.parse(text).digits == "30392686ccea"


def test_a_dhcp_client_identifier_without_leading_zeros_is_read() -> None:
    assert Mac.parse("1:0:e1:c:38:c8:f8").colons == "00:e1:0c:38:c8:f8"


REFUSED = [
    "",
    "30:39:26:86:cc",
    "30:39:26:86:cc:ea:00",
    "30:39-26:86:cc:ea",
    "3g:39:26:86:cc:ea",
    "30;39;26;86;cc;ea",
    "30392686cce",
    "2:0:e1:c:38:c8:f8",
    "30:39:26:86:cc:ea\n:x",
    "\uff13\uff10:39:26:86:cc:ea",
    "hotspot1",
]


@pytest.mark.parametrize("text", REFUSED)
def test_everything_else_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(ValueError, match="not a MAC address; write it like") as refusal:
        Mac.parse(text)

    assert not text or text not in str(refusal.value)


@pytest.mark.parametrize("ssid", ["Purworejo-Gratis", "a:b:c", "aa:bb:cc:dd:ee:ff", "\N{FIRE}", ""])
def test_a_station_id_is_cut_after_the_address_and_not_at_a_colon_of_the_ssid(ssid: str) -> None:
    assert Mac.from_station_id(f"00-10-A4-23-19-C0:{ssid}").dashes == "00-10-A4-23-19-C0"


def test_a_hotspot_servers_name_is_no_address() -> None:
    with pytest.raises(ValueError, match="not a MAC address"):
        Mac.from_station_id("hotspot1")


@pytest.mark.parametrize(
    ("text", "random"), [("02:00:00:00:00:01", True), ("da:a1:19:00:00:01", True), ("30:39:26:86:cc:ea", False)]
)
def test_a_made_up_address_is_told_by_its_second_lowest_bit(text: str, random: bool) -> None:
    assert Mac.parse(text).is_random is random


def test_printing_one_shows_its_makers_half_only() -> None:
    mac = Mac.parse("30:39:26:86:cc:ea")

    assert f"{mac}" == "30:39:26:**:**:**"
    assert "86cc" not in repr(mac)
