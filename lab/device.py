"""What a device would say about itself at a moment: a pure function of the network, its faults and the time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from lab import optics, traffic
from lab.faults import Faults, Span, covers
from lab.network import Port

Online = Callable[[str], int]  # how many phones are online at a site

_RADIO_SHARES = {2437: 0.4, 5180: 0.6}
_LINK_COMES_UP = 2.0  # seconds after start


@dataclass(frozen=True)
class PortState:
    """One row of the interface tables; times are seconds after the device's start."""

    port: Port
    index: int
    alias: str
    enabled: bool
    up: bool
    changed: float
    came_down: int
    received: int
    sent: int
    clients: int = 0
    optics: optics.Reading | None = None

    @property
    def cage(self) -> bool:
        """Whether a module could sit in it."""
        return self.port.cable is not None and self.port.cable.fibre


@dataclass(frozen=True)
class DeviceState:
    name: str
    place: str
    boot: float
    at: float
    ports: tuple[PortState, ...]

    @property
    def uptime(self) -> float:
        return self.at - self.boot


def state_of(node: str, faults: Faults, at: float, online: Online) -> DeviceState:
    boot = faults.boot(node, at)
    ports = faults.network.ports[node]
    turn = faults.renumberings(node, at)
    states = [
        _wired(port, faults, boot, at) if port.cable else _radio(port, faults, boot, at, online) for port in ports
    ]
    numbered = [replace(state, index=1 + (i + turn) % len(ports)) for i, state in enumerate(states)]
    facts = faults.network.nodes[node]
    place = facts.site or getattr(facts, "kecamatan", None) or ""
    return DeviceState(node, place, boot, at, tuple(sorted(numbered, key=lambda state: state.index)))


def _wired(port: Port, faults: Faults, boot: float, at: float) -> PortState:
    cable = port.cable
    assert cable is not None  # noqa: S101 - state_of sends ports without a cable elsewhere
    dark = faults.dark(cable)
    down, up = traffic.mean_rates(faults.network, cable)
    into, out = (up, down) if cable.upper == port.node else (down, up)
    silent = faults.silent(cable)
    return PortState(
        port=port,
        index=0,
        alias=cable.name if cable.status == "active" else f"{cable.name} ({cable.status})",
        enabled=cable.status != "planned",
        up=not covers(dark, at),
        changed=_changed(dark, boot, at),
        came_down=sum(boot < start <= at for start, _ in dark),
        received=traffic.carried(into, boot, at, silent),
        sent=traffic.carried(out, boot, at, silent),
        optics=_optics(port, faults, at),
    )


def _optics(port: Port, faults: Faults, at: float) -> optics.Reading | None:
    """None is an empty cage. Light arrives while the fibre is whole and the far end has power, however faint."""
    cable = port.cable
    if cable is None or not cable.fibre or not cable.lit or cable.lower is None:
        return None
    far = cable.lower if cable.upper == port.node else cable.upper
    light = not faults.is_cut(cable, at) and faults.has_power(far, at)
    return optics.reading(faults.network.seed, port, cable, at, faults.extra_loss(cable, at), light=light)


def _radio(port: Port, faults: Faults, boot: float, at: float, online: Online) -> PortState:
    """A radio carries its share of the access point's cable and of the site's phones."""
    part = _RADIO_SHARES[port.band] / max(1, len(getattr(faults.network.nodes[port.node], "ssids", ())))
    received = sent = 0
    if path := faults.network.path(port.node):
        down, up = traffic.mean_rates(faults.network, path[0])
        silent = faults.silent(path[0])
        received = traffic.carried(up * part, boot, at, silent)
        sent = traffic.carried(down * part, boot, at, silent)
    return PortState(
        port, 0, port.ssid or "", enabled=True, up=True, changed=_LINK_COMES_UP, came_down=0,
        received=received, sent=sent, clients=_clients(port, faults, at, online),
    )  # fmt: skip


def _clients(port: Port, faults: Faults, at: float, online: Online) -> int:
    """The site's phones, dealt out one by one over the radios of its access points that have power."""
    site = faults.network.nodes[port.node].site
    if site is None:
        return 0
    radios = [
        other
        for name, node in faults.network.nodes.items()
        if node.site == site and faults.has_power(name, at)
        for other in faults.network.ports[name]
        if other.ssid is not None
    ]
    whole, rest = divmod(online(site), len(radios)) if radios else (0, 0)
    return whole + (radios.index(port) < rest) if port in radios else 0


def _changed(dark: list[Span], boot: float, at: float) -> float:
    """Seconds after the start of the last change that this device saw."""
    edges = [edge for span in dark for edge in span if boot < edge <= at]
    return max(edges) - boot if edges else min(_LINK_COMES_UP, at - boot)
