"""The declared links held against what devices say of their neighbours (LLDP, MNDP) (pure): was a cable moved?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
    """``what``: moved (another device is there), other-port, or undeclared (two known devices, no link between)."""

    what: str
    link: str
    device: str
    port: str
    expected: str
    heard: str


def differences(sites: Sites, heard: Iterable[Neighbour]) -> list[Difference]:
    """Only what was heard can differ: a silent port says nothing, and a name nobody declared may be anybody's."""
    return [found for one in sorted(set(heard), key=_order) for found in _held(sites, one)]


def _order(one: Neighbour) -> tuple[str, str, str, str]:
    return one.device, one.port, one.name, one.far_port


def _held(sites: Sites, one: Neighbour) -> Iterator[Difference]:
    known = sites.device.keys() | sites.nas.keys()
    declared = _declared(sites).get((one.device, one.port))
    if one.name not in known:
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
