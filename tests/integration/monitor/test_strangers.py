"""Who speaks for the gateway, who sends router advertisements, and when that is an incident."""

from __future__ import annotations

from sqlalchemy import select

from hotspot.sites.model import Sensor
from hotspot.store import Store
from hotspot.tables import incidents
from monitor.rogue import Claim, Look, read_look
from monitor.strangers import ARP, RA, Strangers, neighbours, strangers

SENSOR = Sensor(site="alun-alun-besar", interface="s0", gateway="10.66.2.1", routers=("fe80::1",))
OURS, OTHER = Claim("arp", "10.66.2.1", "", "4c:5e:0c", "7"), Claim("arp", "10.66.2.1", "", "02:11:22", "9")


def test_two_stations_for_one_gateway_are_a_spoof_but_for_a_pair_by_vrrp() -> None:
    assert strangers([OURS], SENSOR) == {}
    assert "2 stations on s0 say that they are the gateway 10.66.2.1" in strangers([OURS, OTHER], SENSOR)[ARP]
    assert strangers([OURS, Claim("arp", "10.66.2.1", "", "00:00:5e", "3")], SENSOR) == {}


def test_a_router_that_sites_yaml_does_not_name_is_a_stranger() -> None:
    assert strangers([Claim("ra", "fe80::1", "fd00::")], SENSOR) == {}
    assert (
        "fe80::66 (02:11:22) for 2001:db8::"
        in strangers([Claim("ra", "fe80::66", "2001:db8::", "02:11:22")], SENSOR)[RA]
    )


def test_neighbours_are_the_switches_that_announce_themselves() -> None:
    assert neighbours([OURS, Claim("lldp", "sw-1", "ge1"), Claim("mndp", "core", "sfp1")]) == {
        ("sw-1", "ge1"),
        ("core", "sfp1"),
    }


def test_a_line_with_claims_is_read_and_a_broken_one_is_not() -> None:
    one = b'{"kind": "ra", "who": "fe80::66", "port": "", "maker": "", "mark": ""}'
    line = b'{"probe": "dhcp", "interface": "s0", "servers": [], "claims": [%s]}'

    assert read_look(line % one) == Look("s0", (), (Claim("ra", "fe80::66"),))
    assert read_look(line % b'{"kind": "ra"}') is None
    assert read_look(line % b'"ra"') is None


def test_one_incident_for_each_cause_that_ends_after_three_quiet_looks(store: Store) -> None:
    judge = Strangers((SENSOR,))
    bad, good = Look("s0", (), (OURS, OTHER)), Look("s0", (), (OURS,))
    with store.writing() as connection:
        assert set(judge.take(connection, bad, 100)) == {ARP}
        assert judge.take(connection, bad, 200) == {}
        for at in (300, 400, 500):
            judge.take(connection, good, at)
        assert judge.take(connection, Look("elsewhere", (), (OURS, OTHER)), 600) == {}
        rows = connection.execute(select(incidents)).all()

    assert [(row.cause, row.subject, row.opened_at, row.closed_at) for row in rows] == [(ARP, SENSOR.site, 100, 500)]
