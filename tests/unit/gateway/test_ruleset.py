"""The ruleset as text: what is in it, for which place."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Interface, IPv6Interface

from gateway.place import Place
from gateway.ruleset import erase, garden, render

PLACE = Place(
    "br-lan", "eth0", IPv4Interface("10.70.7.1/22"), IPv6Interface("2001:db8:70::1/64"), 8880, ("wifi.example",)
)


def test_it_replaces_all_three_tables_in_one_transaction() -> None:
    text = render(PLACE, bridged=True)
    assert text.startswith(erase())
    for family in ("inet", "arp", "bridge"):
        assert text.count(f"table {family} hotspot {{") == 1
        assert f"delete table {family} hotspot\n" in text


def test_it_names_the_interfaces_and_networks_of_the_place() -> None:
    text = render(PLACE)
    assert 'iifname "br-lan" goto from_client' in text
    assert "ip saddr != 10.70.4.0/22 drop" in text
    assert "ip6 saddr != 2001:db8:70::/64 drop" in text
    assert "dnat ip to 10.70.7.1:8880" in text
    assert "dnat ip6 to [2001:db8:70::1]:8880" in text
    assert "$" not in text


def test_a_garden_of_addresses_needs_no_resolver() -> None:
    text = render(replace(PLACE, garden=("wifi.example", "10.66.0.2", "2001:db8::2")))

    assert text.endswith(garden(("10.66.0.2",), ("2001:db8::2",)))
    assert "add element" not in render(PLACE)


def test_a_lan_that_is_no_bridge_needs_no_bridge_table() -> None:
    assert "table bridge hotspot {" not in render(PLACE, bridged=False)


def test_a_routed_place_translates_no_addresses() -> None:
    assert 'ip saddr 10.70.4.0/22 oifname "eth0" masquerade' in render(PLACE)
    assert "masquerade" not in render(replace(PLACE, nat=False))


def test_a_lan_without_ipv6_refuses_it() -> None:
    text = render(replace(PLACE, network6=None))
    assert "meta nfproto ipv6 goto refused" in text
    assert "dnat ip6" not in text


def test_ports_of_other_bridges_are_let_be() -> None:
    text = render(PLACE, bridged=True, elsewhere=("eth0", "veth9"))
    assert text.count('iifname { "eth0", "veth9" } accept') == 2
    assert "accept" in render(PLACE, bridged=True)


def test_the_remark_is_kept_with_the_table() -> None:
    assert 'comment "before 0,0 own 10.70.7.1/22"' in render(PLACE, remark="before 0,0 own 10.70.7.1/22")


def test_a_refusal_resets_tcp_and_names_the_reason_for_the_rest() -> None:
    chain = render(PLACE).split("chain refused {")[1].split("}")[0]
    assert [line.strip() for line in chain.strip().splitlines()] == [
        "meta l4proto tcp reject with tcp reset",
        "reject with icmpx admin-prohibited",
    ]


def test_a_garden_that_is_known_is_carried_over() -> None:
    text = garden(("192.0.2.1", "192.0.2.2"), ("2001:db8::1",))
    assert text.splitlines() == [
        "add element inet hotspot garden4 { 192.0.2.1, 192.0.2.2 }",
        "add element inet hotspot garden6 { 2001:db8::1 }",
    ]
    assert garden((), ()) == ""
