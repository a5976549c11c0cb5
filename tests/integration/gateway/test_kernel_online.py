"""A client online: what it is let through, how fast, how exactly it is counted, how quickly it is stopped."""

from __future__ import annotations

import json
import socket
import time
from dataclasses import replace

import pytest

from gateway.admission import Octets
from tests.integration.gateway.conftest import MEGABIT, Door, admission, interface, uploading
from tests.peers.gateway_place import (
    INTERNET,
    MACS,
    NETWORK,
    OUTSIDE,
    OUTSIDE6,
    PHONES,
    PORTS,
    connected,
    fetched,
    inside,
)
from tests.peers.internet import ECHO, PAGE, PROBES, SINK, SOURCE
from tests.peers.namespace import Namespace

BOTH_FAMILIES = pytest.mark.parametrize("outside", [OUTSIDE, OUTSIDE6])


def down_rate(phone: Namespace, connection: socket.socket, seconds: float = 3) -> float:
    """Megabits a second that reach the phone's interface, the queue's first filling left aside.

    What the socket yields would be another figure: one lost segment holds back all that came after it.
    """
    _receive(connection, 0.7)
    before, start = interface(phone, "wifi", "rx_bytes"), time.monotonic()
    _receive(connection, seconds)
    octets = interface(phone, "wifi", "rx_bytes") - before
    return octets * 8 / (time.monotonic() - start) / MEGABIT


def _receive(connection: socket.socket, seconds: float) -> int:
    octets, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        octets += len(connection.recv(65_536))
    return octets


@BOTH_FAMILIES
def test_a_client_online_reaches_the_internet_and_its_neighbour_does_not(door: Door, outside: str) -> None:
    door.admit(admission(0))
    assert PAGE.encode() in fetched(door.site.phones[0], outside, "example.org")
    with pytest.raises(ConnectionRefusedError):
        connected(door.site.phones[1], outside, 443)


def test_each_probe_gets_exactly_its_owners_answer_once_online(door: Door) -> None:
    door.admit(admission(0))
    for (host, path), (status, body) in PROBES.items():
        answer = fetched(door.site.phones[0], OUTSIDE, host, path)
        assert answer.startswith(f"HTTP/1.1 {status} ".encode())
        assert answer.endswith(b"\r\n\r\n" + body.encode())


@pytest.mark.parametrize(("outside", "speed"), [(OUTSIDE, 2), (OUTSIDE6, 20)])
def test_download_keeps_within_ten_percent_of_the_policy(door: Door, outside: str, speed: int) -> None:
    door.admit(admission(0, down=speed * MEGABIT))
    with connected(door.site.phones[0], outside, SOURCE) as connection:
        assert speed * 0.9 <= down_rate(door.site.phones[0], connection) <= speed * 1.1


@pytest.mark.parametrize(("outside", "speed"), [(OUTSIDE, 20), (OUTSIDE6, 2)])
def test_upload_keeps_within_ten_percent_of_the_policy(door: Door, outside: str, speed: int) -> None:
    door.admit(admission(0, up=speed * MEGABIT))
    with uploading(door.site.phones[0], outside):
        time.sleep(0.7)
        before, start = interface(door.site.internet, "net", "rx_bytes"), time.monotonic()
        time.sleep(3)
        octets = interface(door.site.internet, "net", "rx_bytes") - before
    assert speed * 0.9 <= octets * 8 / (time.monotonic() - start) / MEGABIT <= speed * 1.1


def test_new_limits_hold_for_a_transfer_under_way(door: Door) -> None:
    door.admit(admission(0, down=20 * MEGABIT))
    with connected(door.site.phones[0], OUTSIDE, SOURCE) as connection:
        assert down_rate(door.site.phones[0], connection, 1) > 15
        door.admit(admission(0, down=3 * MEGABIT))
        assert down_rate(door.site.phones[0], connection, 2) < 3.3


def test_counters_equal_what_crossed_the_phones_interface(door: Door) -> None:
    phone = door.site.phones[0]
    _silence(door)
    before = {what: interface(phone, "wifi", what) for what in ("rx_bytes", "rx_packets", "tx_bytes", "tx_packets")}
    door.admit(admission(0, up=8 * MEGABIT, down=8 * MEGABIT))
    with uploading(phone, OUTSIDE), connected(phone, OUTSIDE, SOURCE) as connection:
        _receive(connection, 2)
    _until_quiet(door)
    crossed = {what: interface(phone, "wifi", what) - before[what] for what in before}
    counted = door.counters()[0x10]
    assert counted.down > MEGABIT
    assert counted.up > MEGABIT
    assert (counted.up_packets, counted.down_packets) == (crossed["tx_packets"], crossed["rx_packets"])
    assert counted.up == crossed["tx_bytes"] - 14 * crossed["tx_packets"]
    assert counted.down == crossed["rx_bytes"] - 14 * crossed["rx_packets"]


def _silence(door: Door) -> None:
    """Nothing but the test's own packets on the phone's cable: known neighbours, one family."""
    phone, lan = door.site.phones[0], json.loads(door.site.gate.run("ip", "-j", "link", "show", "dev", "lan"))
    for place, device in ((phone, "wifi"), (door.site.gate, "lan"), (door.site.gate, PORTS[0])):
        place.run("sysctl", "-qw", f"net.ipv6.conf.{device}.disable_ipv6=1")
    phone.ip("neigh", "replace", str(NETWORK.ip), "lladdr", lan[0]["address"], "dev", "wifi", "nud", "permanent")
    door.site.gate.ip("neigh", "replace", PHONES[0], "lladdr", MACS[0], "dev", "lan", "nud", "permanent")


def _until_quiet(door: Door) -> None:
    """On a busy machine the last packets of a transfer come late."""
    last: object = None
    for _ in range(20):
        now = (door.counters(), interface(door.site.phones[0], "wifi", "rx_packets"))
        if now == last:
            return
        last = now
        time.sleep(1)


@BOTH_FAMILIES
def test_a_cut_stops_an_established_download_at_once(door: Door, outside: str) -> None:
    door.admit(admission(0, down=4 * MEGABIT))
    with connected(door.site.phones[0], outside, SOURCE) as connection:
        _receive(connection, 0.5)
        last = door.cut(0x10)
        _ends(connection)
    assert last[0x10].down > 100_000
    assert door.counters() == {}


def _ends(connection: socket.socket) -> None:
    """Within two seconds nothing arrives any more; the phone is told of it when it next has something to send."""
    start = time.monotonic()
    connection.settimeout(1)
    with pytest.raises((ConnectionResetError, TimeoutError)):
        _receive(connection, 5)
    assert time.monotonic() - start < 2


@BOTH_FAMILIES
def test_a_cut_stops_an_established_upload_at_once(door: Door, outside: str) -> None:
    door.admit(admission(0))
    with connected(door.site.phones[0], outside, SINK) as connection:
        connection.sendall(bytes(100_000))
        door.cut(0x10)
        start = time.monotonic()
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            while time.monotonic() - start < 5:
                connection.sendall(bytes(1000))
                time.sleep(0.05)
    assert time.monotonic() - start < 2


def test_a_cut_stops_a_stream_of_datagrams(door: Door) -> None:
    door.admit(admission(0))
    with inside(door.site.phones[0]):
        stream = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with stream:
        stream.settimeout(1)
        stream.connect((INTERNET, ECHO))
        stream.send(b"before")
        assert stream.recv(100) == b"before"
        door.cut(0x10)
        with pytest.raises(OSError, match="No route to host"):
            _exchange(stream)


def _exchange(stream: socket.socket) -> None:
    """The first send may be the one that is refused; the second one hears of it."""
    for _ in range(2):
        stream.send(b"after")
        stream.recv(100)


def test_a_cut_counts_what_was_sent_and_forgets_the_client(door: Door) -> None:
    door.admit(admission(0), admission(1))
    fetched(door.site.phones[0], OUTSIDE, "example.org")
    assert door.cut(0x10, 0x99)[0x10].down_packets > 2
    assert door.counters() == {0x11: Octets()}
    assert door.cut(0x10) == {}


def test_a_client_whose_safety_net_ran_out_is_stopped_by_the_kernel_alone(door: Door) -> None:
    door.admit(admission(0, seconds=2))
    with connected(door.site.phones[0], OUTSIDE, SOURCE) as connection:
        _receive(connection, 1.5)
        _ends(connection)
    assert door.cut(0x10)[0x10].down > 0


def test_admitting_again_renews_the_safety_net_and_keeps_the_counters(door: Door) -> None:
    door.admit(admission(0, seconds=2))
    with connected(door.site.phones[0], OUTSIDE, SOURCE) as connection:
        _receive(connection, 1)
        before = door.counters()[0x10].down
        door.admit(admission(0, seconds=600))
        _receive(connection, 2)
        assert door.counters()[0x10].down > before > 0


def test_a_client_that_comes_back_under_another_mark_is_counted_there(door: Door) -> None:
    door.admit(admission(0))
    door.admit(replace(admission(0), mark=0x55))
    fetched(door.site.phones[0], OUTSIDE, "example.org")
    assert door.counters()[0x55].up_packets > 2
    assert door.counters()[0x10] == Octets()
