"""Three ways to forward a crowd through the same namespaces: ours, a plain NAT of the same kernel, openNDS."""

from __future__ import annotations

import contextlib
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.gateway.crowd import Visitor, leases, neighbours
from gateway.kernel import Kernel
from tests.peers import opennds
from tests.peers.gateway_place import NETWORK, Site, inside, site
from tests.peers.process import wait_until

MOST_OF_OPENNDS = 250  # its MaxClients where nothing else is said
_PATIENCE = 45.0

_MASQUERADE = """
table ip plain {
    chain leaving {
        type nat hook postrouting priority srcnat; policy accept;
        oifname "wan" masquerade
    }
}
"""
_FORWARD = """
table ip plain {
    chain forward {
        type filter hook forward priority filter; policy drop;
        iifname "lan" oifname "wan" accept
        ct state established,related accept
    }
}
"""

OPENNDS = """
GatewayInterface lan
gatewayname perbandingan
use_outdated_mhd 1
allow_preemptive_authentication 1
FirewallRuleSet authenticated-users {
    FirewallRule allow all
}
FirewallRuleSet users-to-router {
    FirewallRule allow udp port 53
    FirewallRule allow tcp port 53
    FirewallRule allow udp port 67
}
"""
OPENNDS_LEASES = "10.70.7.100,10.70.7.120,255.255.252.0,1h"


@dataclass(frozen=True)
class Door:
    """A site whose gateway lets these visitors pass."""

    name: str
    site: Site
    visitors: Sequence[Visitor]
    logins: float = 0.0  # a second, while they were let in


@dataclass(frozen=True)
class OpenNds:
    """What an operator does at a running openNDS; it looks at files of its own mount namespace."""

    process: subprocess.Popen[bytes]

    def say(self, *words: str, text: str = "") -> str:
        into = ["nsenter", "-t", str(self.process.pid), "--mount", "--net", *words]
        return subprocess.run(into, input=text, capture_output=True, text=True, check=False).stdout

    def knows_leases(self, text: str) -> None:
        self.say("tee", "/var/lib/misc/dnsmasq.leases", text=text)

    def insists(self, *words: str) -> str:
        """While it looks after its clients it hears no operator, so that he has to say it again."""
        said = ""
        for _ in range(10):
            said = self.say("ndsctl", *words)
            if said and "Failed" not in said:
                break
            time.sleep(1)
        return said

    def lets_in(self, address: str, *limits: str) -> None:
        said = self.insists("auth", address, *limits)
        if "authenticated" not in said:
            raise RuntimeError(f"openNDS did not let a visitor in: {said or 'it said nothing'}")


@contextlib.contextmanager
def ours(folder: Path, visitors: Sequence[Visitor]) -> Iterator[Door]:
    with _standing(folder, visitors) as place:
        kernel = Kernel(place.place)
        with inside(place.gate):
            kernel.install()
            kernel.admit(visitor.admission() for visitor in visitors)
        yield Door("ours", place, visitors)


@contextlib.contextmanager
def plain(folder: Path, visitors: Sequence[Visitor]) -> Iterator[Door]:
    """What forwards on this kernel at the least: a masquerade and an accept."""
    with _standing(folder, visitors) as place:
        _by_hand(place)
        _load(place, _FORWARD)
        yield Door("plain NAT", place, visitors)


@contextlib.contextmanager
def opennds_door(folder: Path, visitors: Sequence[Visitor], now: Callable[[], float]) -> Iterator[Door]:
    """As many as ``ndsctl auth`` lets in before our patience ends, up to its MaxClients."""
    with _standing(folder, visitors) as place, opennds_at(place, folder) as nds:
        nds.knows_leases(leases(visitors))
        begun, online = now(), []
        for visitor in visitors[:MOST_OF_OPENNDS]:
            nds.lets_in(str(visitor.address))
            online.append(visitor)
            if now() - begun > _PATIENCE:
                break
        yield Door("openNDS", place, online, logins=len(online) / (now() - begun))


@contextlib.contextmanager
def opennds_at(place: Site, folder: Path) -> Iterator[OpenNds]:
    _by_hand(place)
    with opennds.daemon(place.gate, folder, OPENNDS, OPENNDS_LEASES) as process:
        nds = OpenNds(process)
        wait_until(lambda: "Version" in nds.say("ndsctl", "status"), "openNDS answers its operator")
        yield nds


def opennds_version() -> str:
    said = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Version}", "opennds"], capture_output=True, text=True, check=True
    )
    return f"openNDS {said.stdout}"


@contextlib.contextmanager
def _standing(folder: Path, visitors: Sequence[Visitor]) -> Iterator[Site]:
    folder.mkdir()
    with site(folder) as place:
        subprocess.run(
            place.gate.command("ip", "-batch", "-"), input=neighbours(visitors, "lan"), text=True, check=True
        )
        yield place


def _by_hand(place: Site) -> None:
    """What our gateway does by itself at its installation."""
    place.gate.ip("addr", "add", str(NETWORK), "dev", "lan")
    place.gate.run("sysctl", "-qw", "net.ipv4.ip_forward=1")
    _load(place, _MASQUERADE)


def _load(place: Site, rules: str) -> None:
    subprocess.run(place.gate.command("nft", "-f", "-"), input=rules, text=True, check=True)
