"""Our own tunnel between a site's box and the office: WireGuard's configuration at both ends (pure).

No private key is in any of it: each end makes its own and reads it from a file or its own store.
"""

from __future__ import annotations

from ipaddress import ip_address, ip_interface

from hotspot.sites.model import Device, Nas, Sites
from hotspot.sites.tunnel import Hub

_OFFICE = """\
# Made by: hotspot-radius wireguard. As /etc/wireguard/hotspot.conf; then: systemctl enable --now wg-quick@hotspot
# Its key, once: (umask 077; wg genkey >/etc/wireguard/hotspot.key); wg pubkey </etc/wireguard/hotspot.key
[Interface]
Address = {address}
ListenPort = {port}
PostUp = wg set %i private-key /etc/wireguard/hotspot.key
"""

_PEER = """
[Peer]
# {nas}, {site}
PublicKey = {key}
AllowedIPs = {carried}
"""

_SITE = """\
# Made by: hotspot-radius wireguard {nas}. As /etc/wireguard/hotspot.conf; then: systemctl enable --now wg-quick@hotspot
# Its key, once: (umask 077; wg genkey >/etc/wireguard/hotspot.key); wg pubkey </etc/wireguard/hotspot.key
[Interface]
Address = {address}
PostUp = wg set %i private-key /etc/wireguard/hotspot.key

[Peer]
# the office
PublicKey = {hub_key}
Endpoint = {endpoint}
AllowedIPs = {hub}/32
PersistentKeepalive = 25
"""

_MIKROTIK = """\
# The router makes its own key; `/interface wireguard print` shows the public one, which goes into sites.yaml.
/interface wireguard add name=hotspot
/interface wireguard peers add interface=hotspot public-key="{hub_key}" endpoint-address={host} \\
    endpoint-port={port} allowed-address={hub}/32 persistent-keepalive=25s
/ip address add address={address} interface=hotspot
/ip firewall filter add chain=input in-interface=hotspot src-address={hub} action=accept place-before=0
"""


def office(sites: Sites, hub: Hub) -> str:
    """``[Interface]`` and a ``[Peer]`` for each NAS that has a tunnel, with all that is reached through it."""
    peers = (
        _PEER.format(
            nas=nas.id,
            site=nas.site,
            key=nas.wireguard.public_key,
            carried=", ".join(f"{address}/32" for address in carried(sites, hub, nas)),
        )
        for nas in sites.nases
        if nas.wireguard is not None
    )
    return _OFFICE.format(address=hub.network, port=hub.port) + "".join(peers)


def site(nas: Nas, hub: Hub) -> str:
    """What goes into the box, in the words of its kind."""
    model = _MIKROTIK if nas.kind == "mikrotik" else _SITE
    return model.format(
        nas=nas.id,
        address=f"{nas.address}/{hub.network.network.prefixlen}",
        hub=hub.network.ip,
        hub_key=hub.public_key,
        host=hub.endpoint,
        port=hub.port,
        endpoint=f"[{hub.endpoint}]:{hub.port}" if ":" in hub.endpoint else f"{hub.endpoint}:{hub.port}",
    )


def carried(sites: Sites, hub: Hub, nas: Nas) -> list[str]:
    """The NAS and the site's devices that have an address in the tunnels' network; the monitor asks them through it."""
    inside = (d for d in sites.devices if ip_address(d.address) in ip_interface(hub.network).network)
    return [nas.address, *(d.address for d in inside if _carrier(sites, d) == nas.id)]


def _carrier(sites: Sites, device: Device) -> str | None:
    """The NAS that it hangs on, else the first of its site that has a tunnel."""
    tunnels = [nas for nas in sites.nases if nas.wireguard is not None]
    behind = (nas.id for nas in tunnels if nas.id == device.uplink)
    beside = (nas.id for nas in tunnels if nas.site == device.site)
    return next(behind, None) or next(beside, None)
