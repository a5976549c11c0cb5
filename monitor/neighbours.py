"""The declared links held against what devices say of their neighbours (LLDP, MNDP) (pure): was a cable moved?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from hotspot.sites import Sites


@dataclass(frozen=True)
class Neighbour:
    """``device`` hears ``name`` on its ``port``; ``far_port`` is empty where the protocol did not say."""

    device: str
    port: str
    name: str
    far_port: str = ""


@dataclass(frozen=True)
class Difference:
    """``what``: moved (another device is there), other-port, or undeclared (two known devices, no link between).

    unknown is a neighbour on a declared port that sites.yaml has nowhere; not-seen a link whose end hears nothing.
    """

    what: str
    link: str
    device: str
    port: str
    expected: str
    heard: str


def differences(sites: Sites, heard: Iterable[Neighbour], up: Collection[str] = ()) -> list[Difference]:
    """A name that nobody declared matters on a declared port only. ``up``: links that carry now."""
    known = sorted(set(heard), key=_order)
    return [found for one in known for found in _held(sites, one)] + list(_unheard(sites, known, up))


def _unheard(sites: Sites, heard: Iterable[Neighbour], up: Collection[str]) -> Iterator[Difference]:
    """Where both devices take part: one that hears nobody may not listen, one that nobody hears may not speak."""
    ports, names = {(one.device, one.port) for one in heard}, {one.name for one in heard}
    listening = {device for device, _ in ports}
    for (device, port), (link, far, _) in sorted(_declared(sites).items()):
        if link in up and (device, port) not in ports and device in listening and far in names:
            yield Difference("not-seen", link, device, port, far, "")


def _order(one: Neighbour) -> tuple[str, str, str, str]:
    return one.device, one.port, one.name, one.far_port


def _held(sites: Sites, one: Neighbour) -> Iterator[Difference]:
    known = sites.device.keys() | sites.nas.keys()
    declared = _declared(sites).get((one.device, one.port))
    if one.name not in known:
        if declared:
            yield Difference("unknown", declared[0], one.device, one.port, declared[1], one.name)
        return
    if declared is None:
        if not _hangs(sites, one.device, one.name):
            yield Difference("undeclared", "", one.device, one.port, "", one.name)
        return
    link, device, port = declared
    if device != one.name:
        yield Difference("moved", link, one.device, one.port, device, one.name)
    elif one.far_port and one.far_port != port:
        yield Difference("other-port", link, one.device, one.port, port, one.far_port)


def _declared(sites: Sites) -> dict[tuple[str, str], tuple[str, str, str]]:
    """What each end of an active link should hear: (link, device, port)."""
    found = {}
    for link in sites.links:
        if link.status == "active" and link.a and link.b:
            found[link.a.device, link.a.port] = (link.id, link.b.device, link.b.port)
            found[link.b.device, link.b.port] = (link.id, link.a.device, link.a.port)
    return found


def _hangs(sites: Sites, a: str, b: str) -> bool:
    uplinks = {row.id: row.uplink for row in sites.devices} | {row.id: row.uplink for row in sites.nases}
    return uplinks.get(a) == b or uplinks.get(b) == a
