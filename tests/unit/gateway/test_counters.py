"""What nft and tc print, as nft 1.0.6 and iproute2 6.1 do."""

from __future__ import annotations

import json
from ipaddress import ip_address

from gateway import counters
from gateway.admission import Octets
from gateway.elements import Online
from hotspot.mac import Mac

CLASSES = """\
class htb 4853:10 root leaf 10: prio 0 rate 2Mbit ceil 2Mbit burst 16Kb cburst 16Kb\x20
 Sent 151414 bytes 101 pkt (dropped 3, overlimits 36 requeues 0)\x20
 backlog 0b 0p requeues 0
 lended: 36 borrowed: 0 giants: 0
 tokens: 1024000 ctokens: 1024000

class htb 4853:ffff root leaf ffff: prio 0 rate 10Gbit ceil 10Gbit burst 6250000b cburst 6250000b\x20
 Sent 18446744073709 bytes 4294967297 pkt (dropped 0, overlimits 0 requeues 0)\x20
 backlog 0b 0p requeues 0
 lended: 0 borrowed: 0 giants: 0
 tokens: 1024000 ctokens: 1024000

class htb 1:10 root prio 0 rate 2Mbit ceil 2Mbit burst 16Kb cburst 16Kb\x20
 Sent 99 bytes 1 pkt (dropped 3, overlimits 36 requeues 0)\x20
"""

TABLE = json.dumps(
    {
        "nftables": [
            {"metainfo": {"version": "1.0.6"}},
            {"table": {"family": "inet", "name": "hotspot", "handle": 2}},
            {"map": {"name": "clients", "elem": [[{"elem": {"val": "02:00:5e:00:00:21", "expires": 70}}, 16]]}},
            {
                "set": {
                    "name": "bound4",
                    "elem": [
                        {"elem": {"val": {"concat": ["02:00:5e:00:00:21", "10.70.7.21"]}, "expires": 70}},
                        {"elem": {"val": {"concat": ["02:00:5e:00:00:99", "10.70.7.99"]}, "expires": 70}},
                    ],
                }
            },
            {"set": {"name": "garden4", "elem": ["192.0.2.1", "192.0.2.2"]}},
            {"set": {"name": "garden6"}},
        ]
    }
)


def test_a_class_counts_the_ethernet_header_and_we_do_not() -> None:
    assert counters.sent(CLASSES)[0x10] == (151_414 - 14 * 101, 101)


def test_an_interface_without_ethernet_has_no_header_to_take_off() -> None:
    assert counters.sent(CLASSES, header=0)[0x10] == (151_414, 101)


def test_counters_have_more_than_32_bits_and_foreign_classes_are_not_ours() -> None:
    assert counters.sent(CLASSES, header=0).keys() == {0x10, 0xFFFF}
    assert counters.sent(CLASSES, header=0)[0xFFFF] == (18_446_744_073_709, 4_294_967_297)


def test_no_class_is_nobody() -> None:
    assert counters.sent("") == {}


def test_both_directions_come_together_even_when_one_is_missing() -> None:
    assert counters.together({1: (10, 1), 2: (20, 2)}, {2: (200, 20), 3: (300, 30)}) == {
        1: Octets(10, 0, 1, 0),
        2: Octets(20, 200, 2, 20),
        3: Octets(0, 300, 0, 30),
    }


def test_who_is_online_is_read_back_with_addresses_and_what_is_left_of_the_time() -> None:
    mac = Mac.parse("02:00:5e:00:00:21")
    assert counters.online(TABLE) == {0x10: Online(0x10, mac, (ip_address("10.70.7.21"),), 70)}


def test_the_garden_is_read_back_full_or_empty() -> None:
    assert counters.garden(TABLE, "garden4") == ("192.0.2.1", "192.0.2.2")
    assert counters.garden(TABLE, "garden6") == ()


def test_the_remark_of_the_table_is_not_that_of_a_set() -> None:
    text = 'table inet hotspot {\n\tcomment "before 0,1 own "\n\tset a {\n\t\tcomment "no"\n\t}\n}\n'
    assert counters.remark(text) == "before 0,1 own "
    assert counters.remark('table inet hotspot {\n\tset a {\n\t\tcomment "no"\n\t}\n}\n') == ""
