"""The text that dnsmasq is configured with; that dnsmasq does what it says is tested with dnsmasq."""

from __future__ import annotations

from pathlib import Path

from gateway.dnsmasq import render
from tests.unit.gateway.visitors import box

LEASES = Path("/var/lib/hotspot/gateway/leases")


def lines(*names: str, api: str | None = None, **more: object) -> list[str]:
    return render(box(**more), names, LEASES, api).splitlines()


def test_the_gardens_names_fill_the_rulesets_sets() -> None:
    assert "nftset=/wifi.example/pusaka.example/4#inet#hotspot#garden4,6#inet#hotspot#garden6" in lines(
        "wifi.example", "pusaka.example"
    )


def test_a_garden_without_names_fills_nothing() -> None:
    assert not [line for line in lines("10.66.0.2", "fd00::2") if line.startswith("nftset")]


def test_every_address_but_the_ends_is_given_out_on_the_visitors_side_alone() -> None:
    written = lines()

    assert "interface=lan" in written
    assert "dhcp-range=10.70.4.1,10.70.7.254,255.255.252.0,1h" in written
    assert "dhcp-lease-max=1021" in written
    assert "dhcp-option=option:router,10.70.7.1" in written


def test_nothing_is_logged_of_who_asked_for_what() -> None:
    written = lines()

    assert {"quiet-dhcp", "quiet-dhcp6", "quiet-ra", "dhcp-ignore-names"} <= set(written)
    assert not [line for line in written if line.startswith("log")]


def test_without_ipv6_nothing_of_it_is_announced() -> None:
    written = lines(api="https://x.example/captive")

    assert not [line for line in written if "option6" in line or line.startswith("enable-ra")]


def test_the_api_is_announced_where_it_is_true_in_both_protocols() -> None:
    six = {"network6": "fd70:4::1/64", "name": "gw-a.wifi.example"}
    written = lines(api="https://gw-a.wifi.example/captive", **six)

    assert 'dhcp-option=114,"https://gw-a.wifi.example/captive"' in written
    assert 'dhcp-option=option6:103,"https://gw-a.wifi.example/captive"' in written
    assert "dhcp-range=fd70:4::,ra-stateless,64,1h" in written
    assert "host-record=gw-a.wifi.example,10.70.7.1,fd70:4::1" in written
    assert not [line for line in lines(**six) if "114" in line or "103" in line]
