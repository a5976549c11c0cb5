"""What no single table can see: duplicate ids, names that lead nowhere, loops in the tree, facts that a kind needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from hotspot.devices import DEVICE_KINDS
from hotspot.nas import NAS_KINDS
from hotspot.sites.document import Path
from hotspot.sites.model import Sites

Found = tuple[Path, str]


def reference_problems(sites: Sites) -> Iterator[Found]:
    yield from _duplicates(sites)
    yield from _dangling(sites)
    yield from _kinds(sites)
    yield from _links(sites)
    yield from _loops(sites)


def _duplicates(sites: Sites) -> Iterator[Found]:
    tables = {
        "opd": [office.id for office in sites.opd],
        "services": [service.id for service in sites.services],
        "sites": [site.id for site in sites.sites],
        "links": [link.id for link in sites.links],
    }
    for name, ids in tables.items():
        yield from _twice(((name, i, "id"), value) for i, value in enumerate(ids))
    yield from _twice((("kecamatan", i, "code"), row.code) for i, row in enumerate(sites.kecamatan))
    nas_ids = [(("nases", i, "id"), nas.id) for i, nas in enumerate(sites.nases)]
    device_ids = [(("devices", i, "id"), device.id) for i, device in enumerate(sites.devices)]
    yield from _twice([*nas_ids, *device_ids])  # an uplink names either, so they share one space of names
    yield from _twice((("nases", i, "address"), nas.address) for i, nas in enumerate(sites.nases))


def _twice(rows: Iterable[tuple[Path, str]]) -> Iterator[Found]:
    seen: dict[str, Path] = {}
    for path, value in rows:
        if value in seen:
            yield path, f"{value!r} is used twice; every {path[-1]} must be its own"
        seen.setdefault(value, path)


def _dangling(sites: Sites) -> Iterator[Found]:
    opd = [office.id for office in sites.opd]
    codes = [place.code for place in sites.kecamatan]
    nodes = [*sites.nas, *sites.device]
    for i, service in enumerate(sites.services):
        yield from _unknown(("services", i, "opd"), service.opd, opd, "opd")
    for i, site in enumerate(sites.sites):
        yield from _unknown(("sites", i, "policy"), site.policy, list(sites.policies), "policy")
        yield from _unknown(("sites", i, "opd"), site.opd, opd, "opd")
        yield from _unknown(("sites", i, "kecamatan"), site.kecamatan, codes, "kecamatan") if codes else ()
    for i, nas in enumerate(sites.nases):
        yield from _unknown(("nases", i, "site"), nas.site, list(sites.site), "site")
        yield from _unknown(("nases", i, "uplink"), nas.uplink, nodes, "device or NAS")
    for i, device in enumerate(sites.devices):
        yield from _unknown(("devices", i, "site"), device.site, list(sites.site), "site")
        yield from _unknown(("devices", i, "uplink"), device.uplink, nodes, "device or NAS")
    for i, sensor in enumerate(sites.sensors):
        yield from _unknown(("sensors", i, "site"), sensor.site, list(sites.site), "site")


def _unknown(path: Path, name: str | None, known: list[str], what: str) -> Iterator[Found]:
    if name is not None and name not in known:
        close = get_close_matches(name, known, n=1, cutoff=0.6)
        hint = f"; did you mean {close[0]}?" if close else ""
        yield path, f"there is no {what} {name!r}{hint}"


def _kinds(sites: Sites) -> Iterator[Found]:
    for i, nas in enumerate(sites.nases):
        kind = NAS_KINDS.get(nas.kind)
        if kind is None:
            yield from _unknown(("nases", i, "kind"), nas.kind, list(NAS_KINDS), "NAS kind")
            continue
        for key in kind.needs:
            if getattr(nas, key) is None:
                yield ("nases", i), f"a {nas.kind} NAS needs {key}"
    for i, device in enumerate(sites.devices):
        yield from _unknown(("devices", i, "kind"), device.kind, list(DEVICE_KINDS), "device kind")
        if device.snmp and device.snmp.version == "3" and not device.snmp.user:
            yield ("devices", i, "snmp"), "SNMP version 3 needs a user"


def _links(sites: Sites) -> Iterator[Found]:
    for i, link in enumerate(sites.links):
        for side in ("a", "b"):
            end = getattr(link, side)
            if end is None and link.status == "active":
                yield ("links", i, side), "an active link needs a device and port at both ends"
            elif end is not None:
                yield from _unknown(("links", i, side, "device"), end.device, list(sites.device), "device")


def _loops(sites: Sites) -> Iterator[Found]:
    """Following uplinks from any node must end."""
    nodes = [(("nases", i), nas.id, nas.uplink) for i, nas in enumerate(sites.nases)]
    nodes += [(("devices", i), device.id, device.uplink) for i, device in enumerate(sites.devices)]
    parents = {name: uplink for _, name, uplink in nodes}
    for path, name, uplink in nodes:
        seen, here = {name}, uplink
        while here is not None and here not in seen:
            seen.add(here)
            here = parents.get(here)
        if here == name:
            yield (*path, "uplink"), f"the uplinks from {name} come back to it; one of them must change"
