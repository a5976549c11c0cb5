"""What two phones try at a gateway, each trial a sentence of what came of it."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator

from bench.gateway.gates import DOWN, Gate
from tests.peers.gateway_place import MACS, NETWORK, OUTSIDE, OUTSIDE6, PHONES6, connected, fetched, inside
from tests.peers.internet import ECHO, PAGE, PROBES, SOURCE, TLS, answer
from tests.peers.namespace import Namespace
from tests.peers.process import wait_until
from tests.peers.resolver import asked

_OPEN, _REFUSED, _SILENT = "open", "refused at once", "silence"
_NEIGHBOURS_PORT = 8000


def probes_before(gate: Gate) -> str:
    """Redirected is a 30x with a place to go; a success answer of the gateway's own would be a lie."""
    led = sum(_leads_away(gate.site.phones[0], host, path) for host, path in PROBES)
    return f"{led} of {len(PROBES)} redirected"


def tls_before(gate: Gate) -> str:
    return _reach(gate.site.phones[0], OUTSIDE, TLS)


def names_before(gate: Gate) -> str:
    """A name server beyond the gateway answers everybody whom the gateway lets ask."""
    try:
        asked(gate.site.phones[0], OUTSIDE, "example.org")
    except TimeoutError:
        return _SILENT
    except OSError:
        return _REFUSED
    return _OPEN


def ipv6_before(gate: Gate) -> str:
    return _reach(gate.site.phones[0], OUTSIDE6, TLS)


def neighbour(gate: Gate) -> str:
    """Both on one bridge, as two access points on one cable are."""
    one, two = gate.site.phones
    found = []
    for address in (gate.addresses[1], PHONES6[1]):
        with _listening(two, address):
            found.append(_reach(one, address, _NEIGHBOURS_PORT))
    return f"IPv4 {found[0]}, IPv6 {found[1]}"


def probes_online(gate: Gate) -> str:
    """Lets the first phone in for the trials that follow."""
    gate.let_in(0)
    right = sum(
        fetched(gate.site.phones[0], OUTSIDE, host, path).partition(b"\r\n\r\n")[2]
        == answer(host, path).partition(b"\r\n\r\n")[2]
        for host, path in PROBES
    )
    return f"{right} of {len(PROBES)} get their owner's answer"


def ipv6_online(gate: Gate) -> str:
    return _reach(gate.site.phones[0], OUTSIDE6, TLS)


def copied_mac(gate: Gate) -> str:
    """At another port, while the owner is there: his MAC with his address, then his MAC with another one."""
    two, own = gate.site.phones[1], gate.addresses[0]
    results = []
    with _talking(gate.site.phones[0]):
        for address in (own, "10.70.7.200"):
            with _disguised(two, gate, MACS[0], address):
                results.append(_best_of(two))
    return f"with its address {results[0]}, with another {results[1]}"


def copied_address(gate: Gate) -> str:
    """The owner's address with a MAC of its own; the owner may lose what is meant for him."""
    one, two = gate.site.phones
    with _talking(one), _disguised(two, gate, MACS[1], gate.addresses[0]):
        got, owner = _best_of(two), _best_of(one)
    return f"{got}; its owner meanwhile {owner}"


def counters(gate: Gate) -> str:
    """A download's octets at the phone's interface, headers of layer 2 taken off, beside the gateway's count."""
    phone = gate.site.phones[0]
    with _acquainted(gate):
        time.sleep(gate.fresh)
        before, told = _received(phone), gate.down(0)
        _download(phone, 5)
        time.sleep(gate.fresh)
        crossed, counted = _received(phone) - before, gate.down(0) - told
    return f"{counted:,} of {crossed:,} octets ({100 * counted / crossed - 100:+.2f} %)"


def speed(gate: Gate) -> str:
    """Told to hold 8 Mbit/s for each client; at once, and after a minute."""
    first = _download(gate.site.phones[0], 5)
    _download(gate.site.phones[0], 45)
    later = _download(gate.site.phones[0], 5)
    return ", ".join(f"{rate / DOWN:.0%} {when}" for rate, when in ((first, "at once"), (later, "after a minute")))


def cut(gate: Gate) -> str:
    """A download under way while its phone is logged out."""
    wait_until(lambda: _reach(gate.site.phones[0], OUTSIDE, TLS) == _OPEN, "the owner is back after his copies", 120)
    with connected(gate.site.phones[0], OUTSIDE, SOURCE) as line:
        _take(line, 1)
        gate.log_out(0)
        begun, last = time.monotonic(), time.monotonic()
        line.settimeout(0.5)
        with contextlib.suppress(OSError):
            while time.monotonic() - begun < 5:
                if not line.recv(65_536):
                    break
                last = time.monotonic()
    return "goes on" if last - begun > 4 else f"ends after {last - begun:.1f} s"


def locked_again(gate: Gate) -> str:
    return _reach(gate.site.phones[0], OUTSIDE, TLS)


TRIALS: tuple[tuple[str, Callable[[Gate], str]], ...] = (
    ("before login: the systems' checks", probes_before),
    ("before login: TLS to the internet", tls_before),
    ("before login: a name server outside", names_before),
    ("before login: IPv6, where the box routes it", ipv6_before),
    ("before login: the neighbour's address", neighbour),
    ("online: the systems' checks", probes_online),
    ("online: IPv6", ipv6_online),
    ("online: 8 Mbit/s a client held", speed),
    ("online: octets counted", counters),
    ("online: a copy of its MAC at another port", copied_mac),
    ("online: a copy of its address", copied_address),
    ("logged out: a download under way", cut),
    ("logged out: TLS to the internet", locked_again),
)


def _reach(phone: Namespace, address: str, port: int) -> str:
    begun = time.monotonic()
    try:
        connected(phone, address, port, 3).close()
    except TimeoutError:
        return _SILENT
    except OSError:
        return _REFUSED if time.monotonic() - begun < 1 else _SILENT
    return _OPEN


def _leads_away(phone: Namespace, host: str, path: str) -> bool:
    try:
        head = fetched(phone, OUTSIDE, host, path)
    except OSError:
        return False
    return head[9:11] == b"30" and b"\nlocation:" in head.lower()


def _best_of(phone: Namespace) -> str:
    """Whether any of some tries gets the internet's page."""
    for _ in range(4):
        with contextlib.suppress(OSError):
            if PAGE.encode() in fetched(phone, OUTSIDE, "example.org"):
                return _OPEN
    return "nothing"


@contextlib.contextmanager
def _listening(phone: Namespace, address: str) -> Iterator[None]:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with inside(phone):
        listener = socket.create_server((address, _NEIGHBOURS_PORT), family=family)
    with listener:
        yield


@contextlib.contextmanager
def _acquainted(gate: Gate) -> Iterator[None]:
    """Phone and gateway need not ask for each other, for an ARP's octets are nobody's traffic."""
    phone, box = gate.site.phones[0], gate.site.gate
    lan = json.loads(box.run("ip", "-j", "link", "show", "dev", "lan"))[0]["address"]
    ends = ((phone, "wifi", str(NETWORK.ip), lan), (box, "lan", gate.addresses[0], MACS[0]))
    for state in ("permanent", "reachable"):
        for place, device, address, mac in ends:
            place.ip("neigh", "replace", address, "lladdr", mac, "dev", device, "nud", state)
        if state == "permanent":
            yield


@contextlib.contextmanager
def _talking(phone: Namespace) -> Iterator[None]:
    """A phone in use: a datagram each tenth of a second."""
    done = threading.Event()
    with inside(phone):
        line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    def talk() -> None:
        while not done.wait(0.1):
            with contextlib.suppress(OSError):
                line.sendto(b"?", (OUTSIDE, ECHO))

    thread = threading.Thread(target=talk)
    thread.start()
    try:
        time.sleep(0.5)
        yield
    finally:
        done.set()
        thread.join()
        line.close()


@contextlib.contextmanager
def _disguised(phone: Namespace, gate: Gate, mac: str, address: str) -> Iterator[None]:
    _dress(phone, mac, address)
    try:
        yield
    finally:
        _dress(phone, MACS[1], gate.addresses[1])
        time.sleep(1)  # the owner's next word shows the bridge again where he is


def _dress(phone: Namespace, mac: str, address: str) -> None:
    phone.ip("-4", "addr", "flush", "dev", "wifi")
    phone.ip("link", "set", "wifi", "address", mac)
    phone.ip("addr", "add", f"{address}/{NETWORK.network.prefixlen}", "dev", "wifi")
    phone.ip("route", "replace", "default", "via", str(NETWORK.ip))


def _download(phone: Namespace, seconds: float) -> float:
    """Bit/s."""
    with connected(phone, OUTSIDE, SOURCE) as line:
        _take(line, 0.5)
        begun = time.monotonic()
        octets = _take(line, seconds)
        return octets * 8 / (time.monotonic() - begun)


def _take(line: socket.socket, seconds: float) -> int:
    octets, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        octets += len(line.recv(65_536))
    return octets


def _received(phone: Namespace) -> int:
    rows = json.loads(phone.run("ip", "-j", "-s", "link", "show", "dev", "wifi"))
    counts = rows[0]["stats64"]["rx"]
    return int(counts["bytes"]) - 14 * int(counts["packets"])
