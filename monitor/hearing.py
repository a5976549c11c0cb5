"""Who hears whom, from the neighbour tables of the last polls, by the ids of sites.yaml (pure)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from hotspot.sites import Sites
from monitor.neighbours import Difference, Neighbour, differences
from monitor.snapshot import Answers, Polled, Snapshot

_LOGICAL = (53, 131, 135, 161, 209)  # IANAifType: virtual, tunnel, VLAN, aggregate and bridge have no cable


def findings(sites: Sites, snapshot: Snapshot) -> list[Difference]:
    up = {view.id for view in snapshot.links.values() if view.state in ("up", "weak")}
    return differences(sites, heard(snapshot.polled.values()), up)


def heard(everyone: Iterable[Polled]) -> list[Neighbour]:
    """Of devices that answer; a neighbour is told by its id where the name that it says of itself belongs to one."""
    polled = [one for one in everyone if one.answers and not one.missed]
    ids = _ids(polled)
    return [
        Neighbour(one.id, port, ids.get(_plain(name), name), far_port)
        for one in polled
        for port, name, far_port in (_of(one.answers) if one.answers else ())
        if port and name
    ]


def _ids(polled: Iterable[Polled]) -> Mapping[str, str]:
    """By the name that a device says of itself, if no other says the same, and by its id."""
    said = [(_plain(str(one.answers.system.get("sysName", ""))), one.id) for one in polled if one.answers]
    often = Counter(name for name, _ in said)
    return {name: device for name, device in said if name and often[name] == 1}


def _plain(name: str) -> str:
    """Without its domain; "192.0.2.1" as a name is nobody's anyway."""
    return name.strip().lower().split(".", maxsplit=1)[0]


def _of(answers: Answers) -> Iterator[tuple[str, str, str]]:
    yield from _lldp(answers)
    yield from _mndp(answers)
    yield from _cdp(answers)


def _lldp(answers: Answers) -> Iterator[tuple[str, str, str]]:
    local = answers.tables.get("lldpLocPortTable", {})
    for index, row in answers.tables.get("lldpRemTable", {}).items():
        _, _, behind = index.partition(".")
        number = behind.split(".", maxsplit=1)[0]
        name = str(local.get(number, {}).get("lldpLocPortId", "")) or _port(answers, number)
        yield name, str(row.get("lldpRemSysName", "")), str(row.get("lldpRemPortId", ""))


def _mndp(answers: Answers) -> Iterator[tuple[str, str, str]]:
    for row in answers.tables.get("mtxrNeighborTable", {}).values():
        yield _port(answers, str(row.get("mtxrNeighborInterfaceID", ""))), str(row.get("mtxrNeighborIdentity", "")), ""


def _cdp(answers: Answers) -> Iterator[tuple[str, str, str]]:
    for index, row in answers.tables.get("cdpCacheTable", {}).items():
        near = _port(answers, index.partition(".")[0])
        yield near, str(row.get("cdpCacheDeviceId", "")), str(row.get("cdpCacheDevicePort", ""))


def _port(answers: Answers, index: str) -> str:
    """The name of a port that can have a cable."""
    found = (p for p in answers.ports if str(p.index) == index and p.values.get("ifType") not in _LOGICAL)
    return next((port.name for port in found), "")
