"""The whole nftables ruleset of a gateway as text: what a client may do before login, online and to its neighbours.

A client's MAC finds its mark (map ``clients``), the mark stays on its connections, and only marks in the map ``alive``
pass; that map's value is the client's HTB class, so passing and shaping are one look-up. Taking a mark away stops its
established connections with the next packet. The three tables (inet, arp, bridge) are always replaced as one
transaction; who is online and what dnsmasq resolved for the garden is carried over by the caller.
"""

from __future__ import annotations

import contextlib
from ipaddress import ip_address
from string import Template

from gateway.place import Place

TABLE = "hotspot"

# Before login a client gets about 1 Mbit/s each way, enough for the portal's page and useless for anything else.
# DNS is limited in queries: a phone's first burst passes, a tunnel through names gets a few kbit/s.
# An IPv6 address of a client online is advertised by nobody else; the target of an advertisement (RFC 4861 section 4.4)
# has no name in nft 1.0, so its sets hold it as a number.
_INET = Template("""\
table inet hotspot {
    comment "$remark"
    map clients { type ether_addr : mark; size 65535; flags timeout; }
    map alive { type mark : classid; size 65535; flags timeout; }
    set bound4 { type ether_addr . ipv4_addr; size 65535; flags timeout; }
    set owner6 { type ipv6_addr . ether_addr; size 65535; flags dynamic, timeout; timeout 1d; }
    set taken6 { type ipv6_addr; size 65535; flags dynamic, timeout; timeout 1d; }
    set claims6 { type ether_addr; size 65535; flags dynamic, timeout; timeout 1h; }
    set named6 { typeof @th,64,128; size 65535; flags timeout; }
    set named6_by { typeof @th,64,128 . ether saddr; size 65535; flags timeout; }
    set garden4 { type ipv4_addr; size 65535; }
    set garden6 { type ipv6_addr; size 65535; }
    set sent { type ether_addr; size 65535; flags dynamic, timeout; timeout 1m; }
    set fetched4 { type ipv4_addr; size 65535; flags dynamic, timeout; timeout 1m; }
    set fetched6 { type ipv6_addr; size 65535; flags dynamic, timeout; timeout 1m; }
    set asked { type ether_addr; size 65535; flags dynamic, timeout; timeout 1m; }
    set knocked { type ether_addr; size 65535; flags dynamic, timeout; timeout 1m; }

    chain marking {
        type filter hook prerouting priority mangle; policy accept;
        iifname != "$lan" accept
        ct mark set ether saddr map @clients accept
        ct mark set 0
    }
    chain responder {
        type nat hook prerouting priority dstnat; policy accept;
        iifname != "$lan" accept
$api        ct mark != 0 accept
        tcp dport 80 ip daddr != @garden4 dnat ip to $address:$port
$responder6    }
    chain leaving {
        type nat hook postrouting priority srcnat; policy accept;
$masquerade    }
    chain input {
        type filter hook input priority filter; policy accept;
        iifname "$wan" ip daddr $address tcp dport { $ports } goto refused
$input6        iifname != "$lan" accept
        ct state invalid drop
        udp sport 68 udp dport 67 accept
        meta nfproto ipv6 udp sport 546 udp dport 547 accept
        icmpv6 type nd-neighbor-advert @th,64,128 @named6 @th,64,128 . ether saddr != @named6_by drop
        icmpv6 type nd-neighbor-solicit ip6 saddr @taken6 ip6 saddr . ether saddr != @owner6 drop
        icmpv6 type { nd-router-solicit, nd-neighbor-solicit, nd-neighbor-advert } accept
        icmpv6 type { mld-listener-report, mld-listener-done, mld2-listener-report } accept
        meta l4proto { tcp, udp } th dport 53 goto names
        ct state established, related accept
        update @knocked { ether saddr limit rate over 50/second burst 200 packets } drop
        tcp dport { $ports } accept
        icmp type echo-request accept
        icmpv6 type echo-request accept
        goto refused
    }
    chain names {
        ct mark 0 update @asked { ether saddr limit rate over 5/second burst 100 packets } drop
        ct mark != 0 update @asked { ether saddr limit rate over 50/second burst 300 packets } drop
        accept
    }
    chain forward {
        type filter hook forward priority filter; policy accept;
        iifname "$lan" goto from_client
        oifname "$lan" goto to_client
    }
    chain from_client {
        ct state invalid drop
        ip saddr != $network drop
        $own_prefix6
        oifname != "$wan" goto refused
        ct mark 0 goto before_login
        meta nfproto ipv4 ether saddr . ip saddr != @bound4 goto refused
        meta nfproto ipv6 jump own_address6
        meta priority set ct mark map @alive accept
        goto refused
    }
    chain own_address6 {
        ip6 saddr . ether saddr @owner6 return
        ip6 saddr @taken6 goto refused
        update @claims6 { ether saddr limit rate over 1/minute burst 60 packets } goto refused
        add @owner6 { ip6 saddr . ether saddr }
        add @taken6 { ip6 saddr }
    }
    chain before_login {
        update @sent { ether saddr limit rate over 128 kbytes/second burst 512 kbytes } drop
        ip daddr @garden4 accept
        ip6 daddr @garden6 accept
        goto refused
    }
    chain to_client {
        ct state invalid drop
        meta priority set ct mark map @alive accept
        ct mark 0 ct state related accept
        ct state established ip saddr @garden4 goto fetching
        ct state established ip6 saddr @garden6 goto fetching
        goto refused
    }
    chain fetching {
        update @fetched4 { ip daddr limit rate over 128 kbytes/second burst 512 kbytes } drop
        update @fetched6 { ip6 daddr limit rate over 128 kbytes/second burst 512 kbytes } drop
        accept
    }
    chain refused {
        meta l4proto tcp reject with tcp reset
        reject with icmpx admin-prohibited
    }
}
""")

# An address of a client online is spoken for: nobody else's ARP may draw its traffic away.
_ARP = Template("""\
table arp hotspot {
    set held { type ipv4_addr; size 65535; flags timeout; }
    set bound { type ether_addr . ipv4_addr; size 65535; flags timeout; }
    chain input {
        type filter hook input priority filter; policy accept;
        iifname != "$lan" accept
        arp saddr ip != @held accept
        arp saddr ether . arp saddr ip != @bound drop
    }
}
""")

# No port of the LAN's bridge talks to another, and none may play router or DHCP server. A MAC that is online stays
# with the port it spoke from until it was silent there for ten seconds: its copy elsewhere is not heard, a walk to
# the next access point is. `warm` is what was seen in the last second: one look-up instead of two and two updates for
# each packet of a busy phone.
_BRIDGE = Template("""\
table bridge hotspot {
    set online { type ether_addr; size 65535; flags timeout; }
    set seat { type ether_addr . ifname; size 65535; flags dynamic, timeout; timeout 10s; }
    set seated { type ether_addr; size 65535; flags dynamic, timeout; timeout 10s; }
    set warm { type ether_addr . iface_index; size 65535; flags dynamic, timeout; timeout 1s; }
    chain prerouting {
        type filter hook prerouting priority -300; policy accept;
$elsewhere        ether type ip6 jump routers6
        ether type ip udp sport 67 drop
        ether saddr . meta iif @warm accept
        ether saddr != @online accept
        ether saddr . iifname @seat goto sitting
        ether saddr @seated drop
        goto sitting
    }
    chain routers6 {
        icmpv6 type { nd-router-advert, nd-redirect } drop
        udp sport 547 drop
    }
    chain sitting {
        add @warm { ether saddr . meta iif }
        update @seat { ether saddr . iifname }
        update @seated { ether saddr }
        accept
    }
    chain forward {
        type filter hook forward priority filter; policy accept;
$elsewhere        drop
    }
}
""")


def render(place: Place, *, bridged: bool = False, elsewhere: tuple[str, ...] = (), remark: str = "") -> str:
    """One transaction that replaces all of our tables; ``elsewhere`` are ports of bridges that are not the LAN."""
    return erase() + _tables(place, bridged=bridged, elsewhere=elsewhere, remark=remark)


def renew(place: Place, *, bridged: bool = False, elsewhere: tuple[str, ...] = (), remark: str = "") -> str:
    """One transaction that puts new rules into standing tables and touches no set; it fails where a set has changed.

    A packet that is on its way through a table while that is replaced may find its sets empty and be reset.
    """
    standing = ("inet", "arp", *(["bridge"] if bridged else []))
    gone = "" if bridged else _erased("bridge")
    flushed = "".join(f"flush table {family} {TABLE}\n" for family in standing)
    return gone + flushed + _tables(place, bridged=bridged, elsewhere=elsewhere, remark=remark)


def _tables(place: Place, *, bridged: bool, elsewhere: tuple[str, ...], remark: str) -> str:
    values = {**_addresses(place), "remark": remark, "elsewhere": _elsewhere(elsewhere)}
    tables = [_INET, _ARP, *([_BRIDGE] if bridged else [])]
    return "".join(table.substitute(values) for table in tables) + garden(*_written(place))


def erase() -> str:
    """Take all of our tables away; each is named first, so that one that is not there is no error."""
    return "".join(_erased(family) for family in ("inet", "arp", "bridge"))


def _erased(family: str) -> str:
    return f"table {family} {TABLE}\ndelete table {family} {TABLE}\n"


def garden(addresses4: tuple[str, ...], addresses6: tuple[str, ...]) -> str:
    """The garden's addresses as they stood: dnsmasq adds one only when it hears it anew, not from its cache."""
    sets = (("garden4", addresses4), ("garden6", addresses6))
    return "".join(f"add element inet {TABLE} {name} {{ {', '.join(found)} }}\n" for name, found in sets if found)


def _written(place: Place) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What of the garden is an address itself, which no resolver will ever tell."""
    found: dict[int, list[str]] = {4: [], 6: []}
    for name in place.garden:
        with contextlib.suppress(ValueError):
            address = ip_address(name)
            found[address.version].append(str(address))
    return tuple(found[4]), tuple(found[6])


def _addresses(place: Place) -> dict[str, str]:
    return {
        "lan": place.lan,
        "wan": place.wan,
        "address": str(place.network.ip),
        "network": str(place.network.network),
        "port": str(place.login_port),
        "ports": _ports(place),
        "api": _api(place),
        "masquerade": _masquerade(place) if place.nat else "",
        **_addresses6(place),
    }


def _addresses6(place: Place) -> dict[str, str]:
    """A LAN without a prefix of its own sends no IPv6 beyond the gateway."""
    own, port = place.network6, place.login_port
    if own is None:
        return {"own_prefix6": "meta nfproto ipv6 goto refused", "input6": "", "responder6": ""}
    return {
        "own_prefix6": f"ip6 saddr != {own.network} drop",
        "input6": f'        iifname "{place.wan}" ip6 daddr {own.ip} tcp dport {{ {_ports(place)} }} goto refused\n',
        "responder6": f"        tcp dport 80 ip6 daddr != @garden6 dnat ip6 to [{own.ip}]:{port}\n",
    }


def _ports(place: Place) -> str:
    return ", ".join(str(port) for port in (place.login_port, place.api_port) if port)


def _api(place: Place) -> str:
    """The API's address has https's own port (RFC 8908), which a process without rights cannot listen on."""
    if place.api_port is None:
        return ""
    own = [("ip", f"{place.network.ip}", f"{place.network.ip}:{place.api_port}")]
    if place.network6:
        own.append(("ip6", f"{place.network6.ip}", f"[{place.network6.ip}]:{place.api_port}"))
    return "".join(f"        tcp dport 443 {family} daddr {ip} dnat {family} to {to}\n" for family, ip, to in own)


def _masquerade(place: Place) -> str:
    return f'        ip saddr {place.network.network} oifname "{place.wan}" masquerade\n'


def _elsewhere(ports: tuple[str, ...]) -> str:
    names = ", ".join(f'"{port}"' for port in ports)
    return f"        iifname {{ {names} }} accept\n" if ports else ""
