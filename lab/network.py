"""Who hangs on whom: every device and NAS of sites.yaml, their ports, and the cables between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from hotspot.sites import Device, Link, Nas, Sites

Node = Device | Nas


@dataclass(frozen=True)
class Cable:
    """One connection; ``upper`` is the node nearer to the root. Only one with a ``lower`` end carries anything."""

    name: str
    upper: str
    upper_port: str
    lower: str | None
    lower_port: str | None
    fibre: bool
    length_km: float
    status: str = "active"

    @property
    def lit(self) -> bool:
        return self.lower is not None and self.status == "active"


@dataclass(frozen=True)
class Port:
    """A socket of a node; one without a cable carries a radio or nothing."""

    node: str
    name: str
    cable: Cable | None = None
    ssid: str | None = None
    band: int = 0


@dataclass
class Network:
    """The town's network as declared; it never changes while the lab runs.

    ``above`` are the cables through which a node is reached, ``beyond`` the nodes whose traffic a cable carries.
    """

    seed: int
    nodes: dict[str, Node] = field(default_factory=dict)
    cables: dict[str, Cable] = field(default_factory=dict)
    above: dict[str, tuple[Cable, ...]] = field(default_factory=dict)
    ports: dict[str, tuple[Port, ...]] = field(default_factory=dict)
    beyond: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def near(self) -> dict[str, list[Cable]]:
        """The cables at each node that carry anything."""
        found: dict[str, list[Cable]] = {}
        for cable in self.cables.values():
            for end in (cable.upper, cable.lower) if cable.lit else ():
                found.setdefault(str(end), []).append(cable)
        return found

    @cached_property
    def roots(self) -> frozenset[str]:
        """Where the monitor is: what the town calls a root, and whatever hangs on nothing."""
        return frozenset(
            name for name, node in self.nodes.items() if getattr(node, "root", False) or not self.above.get(name)
        )

    def path(self, node: str) -> list[Cable]:
        """The cables that a node's traffic takes to its root; where there is a choice, the first declared."""
        cables: list[Cable] = []
        while (above := self.above.get(node)) and above[0] not in cables:
            cables.append(above[0])
            node = above[0].upper
        return cables


def network_of(sites: Sites, seed: int) -> Network:
    """Links as declared, and one copper cable for each ``uplink``; a node's uplink port is its first."""
    network = Network(seed, nodes={**sites.device, **sites.nas})
    for link in sites.links:
        if link.a is not None:
            network.cables[link.id] = _from_link(link)
    downlinks: dict[str, int] = {}
    for node in network.nodes.values():
        if node.uplink is not None:
            number = downlinks[node.uplink] = downlinks.get(node.uplink, 1) + 1
            network.cables.setdefault(node.id, _from_uplink(node, node.uplink, number))
    for cable in network.cables.values():
        if cable.lit and cable.lower is not None:
            network.above[cable.lower] = (*network.above.get(cable.lower, ()), cable)
    network.ports = {name: tuple(_ports(network, name)) for name in network.nodes}
    network.beyond = {
        name: tuple(node for node in network.nodes if cable in network.path(node))
        for name, cable in network.cables.items()
    }
    return network


def _from_link(link: Link) -> Cable:
    assert link.a is not None  # noqa: S101 - network_of asks for links with an upper end only
    return Cable(
        name=link.id,
        upper=link.a.device,
        upper_port=link.a.port,
        lower=link.b.device if link.b else None,
        lower_port=link.b.port if link.b else None,
        fibre=link.medium == "fibre",
        length_km=link.length_km or 0.0,
        status=link.status,
    )


def _from_uplink(node: Node, uplink: str, number: int) -> Cable:
    return Cable(node.id, uplink, f"ether{number}", node.id, "ether1", fibre=False, length_km=0.05)


def _ports(network: Network, node: str) -> Iterator[Port]:
    for cable in sorted(network.cables.values(), key=lambda cable: cable.lower != node):
        if cable.lower == node and cable.lower_port is not None:
            yield Port(node, cable.lower_port, cable)
        elif cable.upper == node:
            yield Port(node, cable.upper_port, cable)
    ssids = getattr(network.nodes[node], "ssids", ())
    for number, (ssid, band) in enumerate(((ssid, band) for ssid in ssids for band in (2437, 5180)), start=1):
        yield Port(node, f"wlan{number}", ssid=ssid, band=band)
