"""The configuration of dnsmasq as text: addresses for visitors, names, the garden's addresses for the ruleset (pure).

What dnsmasq 2.90 can announce of the Captive Portal API (RFC 8910) is DHCPv4 option 114 and DHCPv6 option 103. Its
router advertisements have no option 37, and neither have those of radvd 2.19, which Debian 12 ships: IPv6-only phones
that ask no DHCPv6 (Android) are led by the redirect of port 80.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import ip_address
from pathlib import Path

from gateway.ruleset import TABLE
from hotspot.sites.gateway import Gateway

LEASE = "1h"  # a square's visitors come and go; its addresses should be free again soon
_CAPTIVE_PORTAL4, _CAPTIVE_PORTAL6 = 114, 103
_QUERIES_AT_ONCE = 1000
_NAMES_KEPT = 10_000


def render(box: Gateway, names: Iterable[str], leases: Path, api: str | None = None) -> str:
    """``names`` is the garden; ``api`` is announced where a certificate makes it true.

    An API that phones cannot verify is worse than none: iOS asks it *instead* of making its own check.
    """
    hosts = tuple(name for name in names if not _is_address(name))
    lines = (*_service(box, leases), *_names(box, hosts), *_four(box, api), *_six(box, api))
    return "# Written by hotspot-gateway at each start; put nothing of your own here.\n" + "\n".join(lines) + "\n"


def _service(box: Gateway, leases: Path) -> Iterator[str]:
    """On the visitors' side alone. Queries are not logged, and neither is who got which address."""
    yield f"interface={box.lan}"
    yield from ("except-interface=lo", "bind-dynamic", "no-resolv", "no-hosts", "no-poll")
    yield from ("quiet-dhcp", "quiet-dhcp6", "quiet-ra")
    yield f"dhcp-leasefile={leases}"


def _names(box: Gateway, hosts: tuple[str, ...]) -> Iterator[str]:
    """Every name is answered before login too, or no check would get as far as the redirect; how many, the ruleset
    limits. Names that lead into private networks are let pass: the portal's may, and finding one would be logged.
    """
    yield from (f"server={resolver}" for resolver in box.resolvers)
    yield from ("domain-needed", "bogus-priv", "edns-packet-max=1232")
    yield f"cache-size={_NAMES_KEPT}"
    yield f"dns-forward-max={_QUERIES_AT_ONCE}"
    yield "filter-rr=NULL"  # carries nothing but tunnels
    yield "local=/use-application-dns.net/"  # Firefox: ask the network's resolver, which fills the garden
    if hosts:
        yield f"nftset=/{'/'.join(hosts)}/4#inet#{TABLE}#garden4,6#inet#{TABLE}#garden6"
    if box.name:
        yield f"host-record={box.name},{box.network.ip}" + (f",{box.network6.ip}" if box.network6 else "")


def _four(box: Gateway, api: str | None) -> Iterator[str]:
    """All but its own address, which dnsmasq keeps. A phone's name is not taken up: neighbours could ask for it."""
    network = box.network.network
    yield f"dhcp-range={network[1]},{network[-2]},{network.netmask},{LEASE}"
    yield f"dhcp-lease-max={network.num_addresses - 3}"
    yield from ("dhcp-authoritative", "dhcp-rapid-commit", "dhcp-ignore-names", "no-ping")
    yield f"dhcp-option=option:router,{box.network.ip}"
    yield f"dhcp-option=option:dns-server,{box.network.ip}"
    if api:
        yield f'dhcp-option={_CAPTIVE_PORTAL4},"{api}"'


def _six(box: Gateway, api: str | None) -> Iterator[str]:
    """Addresses by router advertisement (SLAAC), everything else by stateless DHCPv6; Android knows only the former."""
    if box.network6 is None:
        return
    yield "enable-ra"
    yield f"dhcp-range={box.network6.network[0]},ra-stateless,64,{LEASE}"
    yield f"dhcp-option=option6:dns-server,[{box.network6.ip}]"
    if api:
        yield f'dhcp-option=option6:{_CAPTIVE_PORTAL6},"{api}"'


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
