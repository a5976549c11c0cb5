"""Installing, restarting and removing: nobody online notices, nothing is left, a thousand clients are no work."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from ipaddress import IPv4Interface, ip_address
from pathlib import Path

import pytest

from gateway import ruleset
from gateway.admission import Admission
from gateway.kernel import Kernel
from gateway.neighbours import read
from gateway.place import Place
from hotspot.command import OperatorError
from hotspot.mac import Mac
from tests.integration.gateway.conftest import MEGABIT, Door, admission
from tests.peers.gateway_place import (
    LOGIN_PORT,
    MACS,
    NETWORK,
    NETWORK6,
    OUTSIDE,
    OUTSIDE6,
    PHONES,
    PHONES6,
    PORTAL,
    PORTS,
    Site,
    connected,
    fetched,
    inside,
    settle,
    site,
)
from tests.peers.internet import SOURCE, TLS
from tests.peers.namespace import Namespace, join, namespace
from tests.peers.process import program


@pytest.mark.parametrize("outside", [OUTSIDE, OUTSIDE6])
def test_a_download_goes_on_while_the_process_is_restarted(door: Door, outside: str) -> None:
    door.admit(admission(0, down=8 * MEGABIT))
    with connected(door.site.phones[0], outside, SOURCE) as connection:
        connection.recv(100)
        before = door.counters()[0x10]
        for _ in range(2):
            door = door.restarted()
            end, octets = time.monotonic() + 1, 0
            while time.monotonic() < end:
                octets += len(connection.recv(65_536))
            assert octets * 8 > 6 * MEGABIT
        assert door.counters()[0x10].down > before.down + 2 * MEGABIT
        assert door.cut(0x10)[0x10].down > 2 * MEGABIT


def test_a_restart_puts_new_rules_around_the_standing_sets(door: Door) -> None:
    """A table's handle is another one when it was replaced; a set of another form is a reason for that."""
    door.admit(admission(0))
    gate = door.site.gate
    handle = _handle(gate)
    other = replace(door, kernel=Kernel(replace(door.site.place, login_port=LOGIN_PORT + 1)))

    other.install()
    assert _handle(gate) == handle != ""
    assert str(LOGIN_PORT + 1) in gate.run("nft", "list", "chain", "inet", "hotspot", "input")

    gate.run("nft", "flush table inet hotspot; delete set inet hotspot knocked")
    gate.run("nft", "add set inet hotspot knocked { type ipv4_addr; }")
    other.install()
    assert _handle(gate) != handle
    assert fetched(door.site.phones[0], OUTSIDE, "example.org").startswith(b"HTTP/1.1 200")


def _handle(gate: Namespace) -> str:
    return gate.run("nft", "-a", "list", "table", "inet", "hotspot").split("\n", 1)[0].rpartition("# handle ")[2]


def test_the_new_process_ends_what_the_old_one_admitted(door: Door) -> None:
    door.admit(admission(0), admission(1))
    again = door.restarted()
    assert set(again.counters()) == {0x10, 0x11}
    again.cut(0x10)
    with pytest.raises(ConnectionRefusedError):
        connected(door.site.phones[0], OUTSIDE, TLS)
    connected(door.site.phones[1], OUTSIDE, TLS).close()


def test_what_the_name_server_put_into_the_garden_outlives_a_restart(door: Door) -> None:
    door.site.gate.run("nft", "add", "element", "inet", "hotspot", "garden4", f"{{ {PORTAL} }}")
    door.restarted()
    connected(door.site.phones[0], PORTAL, TLS).close()


def test_a_safety_net_is_not_renewed_by_a_restart(door: Door) -> None:
    door.admit(admission(0, seconds=3))
    time.sleep(1.5)
    door.restarted()
    time.sleep(2.5)
    with pytest.raises(ConnectionRefusedError):
        connected(door.site.phones[0], OUTSIDE, TLS)


def everything(place: Namespace) -> dict[str, str]:
    """All that a gateway may have left behind."""
    switches = [
        f"net.ipv4.conf.{device}.{name}" for device in ("lan", "wan") for name in ("forwarding", "proxy_arp_pvlan")
    ]
    switches += ["net.ipv6.conf.all.forwarding", "net.ipv6.conf.wan.accept_ra", "net.ipv6.conf.lan.accept_ra"]
    return {
        "rules": place.run("nft", "list", "ruleset"),
        "classes": place.run("tc", "qdisc", "show") + place.run("tc", "class", "show", "dev", "wan"),
        "addresses": place.run("ip", "-br", "addr", "show", "lan"),
        "switches": place.run("sysctl", *switches),
    }


@pytest.mark.parametrize("restarts", [0, 2])
def test_removing_leaves_nothing_behind(tmp_path: Path, restarts: int) -> None:
    with site(tmp_path) as place:
        before = everything(place.gate)
        door = Door(place, Kernel(place.place))
        door.install()
        for _ in range(restarts):
            door = door.restarted()
        door.admit(admission(0))
        assert everything(place.gate) != before
        Door(place, Kernel(place.place)).remove()
        assert everything(place.gate) == before


def test_an_address_that_was_there_before_stays(tmp_path: Path) -> None:
    with site(tmp_path) as place:
        place.gate.ip("addr", "add", str(NETWORK), "dev", "lan")
        door = Door(place, Kernel(place.place))
        door.install()
        door.remove()
        left = place.gate.run("ip", "-br", "addr", "show", "lan")
        assert str(NETWORK) in left
        assert str(NETWORK6) not in left


def test_removing_what_was_never_installed_is_no_error(tmp_path: Path) -> None:
    with site(tmp_path) as place:
        Door(place, Kernel(place.place)).remove()


def test_what_a_dead_process_left_to_the_safety_net_is_counted_and_cleared_by_the_next(door: Door) -> None:
    door.admit(admission(0, seconds=2))
    fetched(door.site.phones[0], OUTSIDE, "example.org")
    time.sleep(2.5)
    again = door.restarted()
    assert again.cut(*again.counters())[0x10].up_packets > 2
    assert again.counters() == {}


def test_a_lan_that_is_renumbered_changes_its_address_and_leaves_none_of_the_two(tmp_path: Path) -> None:
    with site(tmp_path) as place:
        before = everything(place.gate)
        Door(place, Kernel(replace(place.place, network6=None))).install()
        other = IPv4Interface("10.70.99.1/24")
        Door(place, Kernel(replace(place.place, network=other))).install()
        there = place.gate.run("ip", "-br", "addr", "show", "lan")
        assert str(other) in there
        assert str(NETWORK) not in there
        Door(place, Kernel(replace(place.place, network=other))).remove()
        assert everything(place.gate) == before


def test_the_right_net_admin_is_all_that_it_takes(tmp_path: Path) -> None:
    """As nobody, with no other right than the hardened unit leaves."""
    text = (
        "import sys; sys.path.insert(0, '.'); from tests.integration.gateway.conftest import as_a_service as go; go()"
    )
    rights = ["--reuid", "65534", "--regid", "65534", "--clear-groups", "--inh-caps", "+net_admin"]
    rights += ["--ambient-caps", "+net_admin", "--bounding-set", "-all,+net_admin"]
    with site(tmp_path) as place:
        out = place.gate.run(program("setpriv", "util-linux"), *rights, sys.executable, "-B", "-c", text)
    assert out.splitlines() == ["installed", "admitted 1", "cut 1", "removed"]


def test_another_tables_rules_are_left_alone(door: Door) -> None:
    door.site.gate.run("nft", "add", "table", "inet", "somebody")
    door.restarted()
    door.remove()
    assert "table inet somebody" in door.site.gate.run("nft", "list", "ruleset")


def test_an_interface_that_is_not_there_is_told_by_name(door: Door) -> None:
    lost = Kernel(replace(door.site.place, wan="wan9"))
    with inside(door.site.gate), pytest.raises(OperatorError, match="no network interface wan9"):
        lost.install()


def test_a_ruleset_that_cannot_be_loaded_leaves_the_old_one(door: Door) -> None:
    door.admit(admission(0))
    before = door.site.gate.run("nft", "-s", "list", "chain", "inet", "hotspot", "forward")
    broken = ruleset.render(door.site.place) + "table inet hotspot { chain broken { jump nowhere; }\n}\n"
    with inside(door.site.gate):
        done = subprocess.run(["nft", "-f", "-"], input=broken, text=True, capture_output=True, check=False)
    assert done.returncode != 0
    assert door.site.gate.run("nft", "-s", "list", "chain", "inet", "hotspot", "forward") == before
    connected(door.site.phones[0], OUTSIDE, TLS).close()


def test_a_lan_without_a_bridge_and_without_ipv6_works_too(tmp_path: Path) -> None:
    with namespace() as phone, namespace() as gate, namespace() as internet:
        join((phone, "wifi", ""), (gate, "lan", ""))
        join((gate, "wan", "203.0.113.1/24"), (internet, "net", "203.0.113.2/24"))
        plain = Site((phone, phone), gate, internet, Place("lan", "wan", NETWORK, None, LOGIN_PORT, ()))
        door = Door(plain, Kernel(plain.place))
        door.install()
        phone.ip("link", "set", "wifi", "address", MACS[0])
        settle(phone, PHONES[0])
        with pytest.raises(ConnectionRefusedError):
            connected(phone, "203.0.113.2", 9)
        door.admit(admission(0))
        with pytest.raises(ConnectionRefusedError):
            connected(phone, "203.0.113.2", 9)  # by the internet itself, for nothing listens there
        assert door.counters()[0x10].down == 40  # its word of refusal came by


def test_the_neighbour_table_tells_mac_addresses_and_port(door: Door) -> None:
    fetched_by = door.site.phones[1]
    for address in (OUTSIDE, OUTSIDE6):
        with pytest.raises(ConnectionRefusedError):
            connected(fetched_by, address, TLS)
    with inside(door.site.gate):
        found = read("lan")
    mac = Mac.parse(MACS[1])
    assert found.macs[ip_address(PHONES[1])] == mac
    assert ip_address(PHONES6[1]) in found.addresses(mac)
    assert found.ports[mac] == PORTS[1]


def test_a_thousand_clients_are_admitted_read_and_cut_in_batches(door: Door) -> None:
    clients = [
        Admission(mark, Mac(f"0200000{mark:05x}"), (ip_address(int(NETWORK.network[mark])),), MEGABIT, 2 * MEGABIT, 600)
        for mark in range(0x10, 0x10 + 1000)
    ]
    assert _cpu_ms(lambda: door.admit(*clients)) < 1500
    assert _cpu_ms(lambda: door.admit(*clients)) < 2000
    assert _cpu_ms(door.counters) < 200
    assert len(door.counters()) == 1000
    assert _cpu_ms(door.install) < 2000
    assert _cpu_ms(lambda: door.cut(*(client.mark for client in clients))) < 1500
    assert door.counters() == {}


def _cpu_ms(step: Callable[[], object]) -> float:
    """Of this process and of the programs that it ran and waited for; bounds are wide, the figures are the bench's."""
    before = os.times()
    step()
    after = os.times()
    return 1000 * sum(after[field] - before[field] for field in range(4))
