"""Debian's openNDS as the gateway between a phone and an internet, in network namespaces of a test's own.

It runs with private copies of /etc, /run, /tmp and /var/lib/misc, because it edits /etc/hosts and /etc/dnsmasq.conf.
Its iptables calls go to iptables-legacy: with newer kernels it trips over chains that it made by nft itself.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.peers.namespace import Namespace, join, namespace
from tests.peers.process import program, running, wait_until

GATEWAY, INTERNET = "10.91.1.1", "10.92.1.2"
PORTAL_PORT, PAGE_PORT = 8080, 8081
MUCH = 1_000_000  # octets of /much on its page

_START = """
set -e
mount -t tmpfs tmpfs /run
mkdir -p /run/nds/bin /run/tmpfiles.d
cp "$1" /run/nds/opennds.conf
ln -s "$2" /run/nds/bin/iptables
cp -a /etc /run/nds/etc
mount --bind /run/nds/etc /etc
cp /run/nds/opennds.conf /etc/opennds/opennds.conf
[ -z "$4" ] || . "$4"
mount -t tmpfs tmpfs /var/lib/misc
mount -t tmpfs tmpfs /tmp
export PATH=/run/nds/bin:$PATH
dnsmasq --conf-file=/dev/null --interface=lan --bind-interfaces --no-resolv --no-hosts --keep-in-foreground \\
    --dhcp-range="$3" --dhcp-authoritative &
leases=$!
opennds -f -d 2 -c /run/nds/opennds.conf &
gate=$!
trap 'kill $gate $leases' TERM
wait $gate || true
kill $leases
"""

_CONFIGURATION = """
GatewayInterface lan
gatewayname gw-uji
use_outdated_mhd 1
fasport {port}
{more}
fasremoteip {internet}
faspath /arrive/{nas}
fas_secure_enabled {level}
faskey {faskey}
FirewallRuleSet authenticated-users {{
    FirewallRule allow all
}}
FirewallRuleSet users-to-router {{
    FirewallRule allow udp port 53
    FirewallRule allow udp port 67
}}
"""

_LEASE = """#!/bin/sh
[ "$1" = bound ] || exit 0
ip addr add "$ip/24" dev "$interface"
ip route replace default via "$router"
"""


@dataclass(frozen=True)
class Place:
    """A phone behind openNDS, and an internet with room for the portal and one page of its own."""

    phone: Namespace
    internet: Namespace
    box: subprocess.Popen[bytes]


@contextlib.contextmanager
def opennds(
    folder: Path, nas: str, faskey: str, level: int = 1, *, port: int = PORTAL_PORT, more: str = "", prepare: str = ""
) -> Iterator[Place]:
    """``more``: lines of its configuration; ``prepare``: shell lines that it is started after."""
    with namespace() as phone, namespace() as gate, namespace() as internet:
        join((phone, "wifi", ""), (gate, "lan", f"{GATEWAY}/24"))
        join((gate, "wan", "10.92.1.1/24"), (internet, "net", f"{INTERNET}/24"))
        gate.ip("route", "add", "default", "via", INTERNET)
        internet.ip("route", "add", "10.91.1.0/24", "via", "10.92.1.1")
        gate.run("sysctl", "-qw", "net.ipv4.ip_forward=1")
        named = {"nas": nas, "faskey": faskey, "level": level, "internet": INTERNET, "port": port, "more": more}
        settings = _CONFIGURATION.format(**named)
        with daemon(gate, folder, settings, "10.91.1.50,10.91.1.60,1h", prepare) as box, _page(folder, internet):
            _take_a_lease(folder, phone)
            yield Place(phone, internet, box)


@contextlib.contextmanager
def daemon(
    gate: Namespace, folder: Path, settings: str, leases: str, prepare: str = ""
) -> Iterator[subprocess.Popen[bytes]]:
    """Start openNDS and a DHCP server for it on the interface ``lan`` of a gateway that stands already."""
    program("opennds", "opennds")
    program("dnsmasq", "dnsmasq")
    legacy, written = program("iptables-legacy", "iptables"), folder / "opennds.conf"
    written.write_text(settings)
    before = folder / "prepare"
    before.write_text(prepare)
    words = ("gateway", str(written), legacy, leases, str(before))
    start = gate.command("unshare", "--mount", "sh", "-c", _START, *words)
    with running(start, folder / "opennds.log") as process:
        wait_until(lambda: _listens(gate), f"openNDS listens; see {folder}/opennds.log", 40)
        yield process


def inside(process: subprocess.Popen[bytes], *words: str) -> str:
    """Run a program as openNDS' box would: with its files and its network."""
    enter = [program("nsenter", "util-linux"), "-t", str(process.pid), "-m", "-n"]
    done = subprocess.run([*enter, *words], capture_output=True, text=True, check=False, timeout=60)
    return done.stdout + done.stderr


def browser_in(place: Namespace, folder: Path) -> Path:
    """An executable that starts Chromium inside a namespace; a browser's driver takes it as its own."""
    wrapper = folder / "chromium-inside"
    inside = " ".join(place.command(program("chromium", "chromium")))
    wrapper.write_text(f'#!/bin/sh\nexec {inside} "$@"\n')
    wrapper.chmod(0o755)
    return wrapper


@contextlib.contextmanager
def _page(folder: Path, internet: Namespace) -> Iterator[None]:
    """The internet's own page, on the port that captive checks use and on one that nobody redirects."""
    (folder / "www").mkdir()
    (folder / "www" / "index.html").write_text("<title>The internet</title><h1>The internet</h1>")
    (folder / "www" / "much").write_bytes(bytes(MUCH))
    with contextlib.ExitStack() as stack:
        for port in (80, PAGE_PORT):
            serve = [sys.executable, "-m", "http.server", str(port), "-b", INTERNET, "-d", str(folder / "www")]
            stack.enter_context(running(internet.command(*serve), folder / f"www-{port}.log"))
        yield


def _listens(gate: Namespace) -> bool:
    return ":2050" in gate.run("ss", "-ltn")


def _take_a_lease(folder: Path, phone: Namespace) -> None:
    script = folder / "lease"
    script.write_text(_LEASE)
    script.chmod(0o755)
    phone.run(program("udhcpc", "udhcpc"), "-i", "wifi", "-q", "-n", "-f", "-s", str(script))
