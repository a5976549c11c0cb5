"""What no single table can see: duplicate ids, names that lead nowhere, loops in the tree, facts that a kind needs.

It looks at the file's plain content, not at the model, so that these problems are listed beside wrong types and words.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from ipaddress import ip_network
from typing import Any

from hotspot.devices import DEVICE_KINDS
from hotspot.nas import NAS_KINDS
from hotspot.senders import DRIVERS, LISTENERS
from hotspot.sites.controller import controller_problems
from hotspot.sites.document import Path
from hotspot.sites.probes import probe_problems
from hotspot.sites.tunnel import tunnel_problems

Found = tuple[Path, str]
Row = tuple[Path, dict[str, Any]]

# (table, key, what it names, the tables that hold such ids)
_REFERENCES = (
    ("services", "opd", "opd", ("opd",)),
    ("sites", "opd", "opd", ("opd",)),
    ("nases", "site", "site", ("sites",)),
    ("nases", "uplink", "device or NAS", ("nases", "devices")),
    ("devices", "site", "site", ("sites",)),
    ("devices", "uplink", "device or NAS", ("nases", "devices")),
    ("sensors", "site", "site", ("sites",)),
)


def reference_problems(content: dict[str, Any]) -> Iterator[Found]:
    yield from _duplicates(content)
    yield from _dangling(content)
    yield from _nas_kinds(content)
    yield from _gateways(content)
    yield from tunnel_problems(content)
    yield from _device_kinds(content)
    yield from _senders(content)
    yield from probe_problems(content)
    yield from _ways(content)
    yield from _links(content)
    yield from _loops(content)


def _rows(content: dict[str, Any], table: str) -> list[Row]:
    rows = content.get(table)
    if not isinstance(rows, list):
        return []
    return [((table, i), row) for i, row in enumerate(rows) if isinstance(row, dict)]


def _ids(content: dict[str, Any], *tables: str, key: str = "id") -> list[str]:
    return [str(row[key]) for table in tables for _, row in _rows(content, table) if row.get(key)]


def _duplicates(content: dict[str, Any]) -> Iterator[Found]:
    # an uplink names a NAS or a device, so the two share one space of names
    spaces = (("opd",), ("services",), ("sites",), ("links",), ("nases", "devices"))
    for tables in spaces:
        yield from _twice((row for table in tables for row in _rows(content, table)), "id")
    yield from _twice(_rows(content, "kecamatan"), "code")
    yield from _twice(_rows(content, "nases"), "address")
    yield from _same_sources(content)


def _twice(rows: Iterable[Row], key: str) -> Iterator[Found]:
    seen: set[str] = set()
    for path, row in rows:
        value = row.get(key)
        if value in seen:
            yield (*path, key), f"{value!r} is used twice; every {key} must be its own"
        seen.add(str(value))


def _same_sources(content: dict[str, Any]) -> Iterator[Found]:
    """Packets from one network must mean one NAS; networks inside one another may differ."""
    seen = {ip_network(row["address"]): row.get("id") for _, row in _rows(content, "nases") if _is_address(row)}
    for path, row in _rows(content, "nases"):
        sources = row.get("sources")
        for number, source in enumerate(sources if isinstance(sources, list) else []):
            with contextlib.suppress(ValueError):
                owner = seen.setdefault(ip_network(source), row.get("id"))
                if owner != row.get("id"):
                    yield (*path, "sources", number), f"{source!r} is {owner}'s already; a source must lead to one NAS"


def _is_address(row: dict[str, Any]) -> bool:
    with contextlib.suppress(ValueError):
        return bool(ip_network(str(row.get("address"))))
    return False


def _dangling(content: dict[str, Any]) -> Iterator[Found]:
    for table, key, what, holders in _REFERENCES:
        for path, row in _rows(content, table):
            yield from _unknown((*path, key), row.get(key), _ids(content, *holders), what)
    policies = content.get("policies")
    codes = _ids(content, "kecamatan", key="code")
    for path, row in _rows(content, "sites"):
        if isinstance(policies, dict):
            yield from _unknown((*path, "policy"), row.get("policy"), list(policies), "policy")
        if codes:
            yield from _unknown((*path, "kecamatan"), row.get("kecamatan"), codes, "kecamatan")


def _unknown(path: Path, name: Any, known: list[str], what: str) -> Iterator[Found]:
    if isinstance(name, str) and name not in known:
        close = get_close_matches(name, known, n=1, cutoff=0.6)
        hint = f"; did you mean {close[0]}?" if close else ""
        yield path, f"there is no {what} {name!r}{hint}"


def _nas_kinds(content: dict[str, Any]) -> Iterator[Found]:
    for path, row in _rows(content, "nases"):
        yield from _unknown((*path, "kind"), row.get("kind"), list(NAS_KINDS), "NAS kind")
        if kind := NAS_KINDS.get(str(row.get("kind"))):
            for key in kind.needs:
                if row.get(key) is None:
                    yield path, f"a {kind.name} NAS needs {key}"
        yield from controller_problems(path, row)


def _gateways(content: dict[str, Any]) -> Iterator[Found]:
    for nas, row in _rows(content, "nases"):
        box, path = row.get("gateway"), (*nas, "gateway")
        if not isinstance(box, dict):
            continue
        if box.get("lan") is not None and box.get("lan") == box.get("wan"):
            yield (*path, "wan"), "is the lan too; visitors and the uplink need an interface each"
        if box.get("network6") is not None and box.get("name") is None:
            yield path, "network6 needs a name, by which visitors without IPv4 reach the login"
        if str(box.get("login_port", 3990)) == str(box.get("api_port", 3991)):
            yield path, "login_port and api_port must differ"


def _device_kinds(content: dict[str, Any]) -> Iterator[Found]:
    for path, row in _rows(content, "devices"):
        yield from _unknown((*path, "kind"), row.get("kind"), list(DEVICE_KINDS), "device kind")
    for path, row in (*_rows(content, "nases"), *_rows(content, "devices")):
        snmp = row.get("snmp")
        if isinstance(snmp, dict) and snmp.get("version") == "3" and not snmp.get("user"):
            yield (*path, "snmp"), "SNMP version 3 needs a user"


def _senders(content: dict[str, Any]) -> Iterator[Found]:
    """Each has what its driver needs."""
    rows = [(("messages", *path), row) for path, row in _rows(_messages(content), "senders")]
    yield from _twice(rows, "id")
    for path, row in rows:
        name = str(row.get("driver"))
        yield from _unknown((*path, "driver"), row.get("driver"), list(DRIVERS), "driver")
        facts = DRIVERS[name].FACTS if name in DRIVERS else None
        for key in facts.needs if facts else ():
            if row.get(key) is None:
                yield path, f"the driver {name} needs {key}"
        if facts and row.get("channel") in ("sms", "whatsapp") and row["channel"] not in facts.channels:
            yield (*path, "channel"), f"the driver {name} does not send by {row['channel']}"
        if facts and row.get("number") is not None and name not in LISTENERS:
            yield (*path, "number"), f"the driver {name} does not bring what visitors write; leave number out"


def _ways(content: dict[str, Any]) -> Iterator[Found]:
    """A way by message needs somebody to carry it."""
    messages, policies = _messages(content), content.get("policies")
    senders = [row for _, row in _rows(messages, "senders")]
    for name, policy in policies.items() if isinstance(policies, dict) else ():
        ways = policy.get("ways") if isinstance(policy, dict) else None
        for place, way in enumerate(ways if isinstance(ways, list) else []):
            path = ("policies", name, "ways", place)
            if way in ("otp", "reverse-otp") and messages.get("otp") is None:
                yield path, f"{way} needs messages.otp, which says what it may cost"
            elif way == "otp" and not senders:
                yield path, "otp needs a sender in messages.senders"
            elif way == "reverse-otp" and not any(row.get("number") for row in senders):
                yield path, "reverse-otp needs a sender with a number to which visitors write"


def _messages(content: dict[str, Any]) -> dict[str, Any]:
    found = content.get("messages")
    return found if isinstance(found, dict) else {}


def _links(content: dict[str, Any]) -> Iterator[Found]:
    devices = _ids(content, "devices")
    for path, row in _rows(content, "links"):
        for side in ("a", "b"):
            end = row.get(side)
            if end is None and row.get("status") == "active":
                yield (*path, side), "an active link needs a device and port at both ends"
            elif isinstance(end, dict):
                yield from _unknown((*path, side, "device"), end.get("device"), devices, "device")
        yield from _beyond_its_end(path, row)


def _beyond_its_end(path: Path, link: dict[str, Any]) -> Iterator[Found]:
    """A joint beside its line, or a line of unknown length, would send people to the wrong place."""
    length, joints = _number(link.get("length_km")), link.get("splices")
    for place, joint in enumerate(joints if isinstance(joints, list) else ()):
        km = _number(joint.get("km")) if isinstance(joint, dict) else None
        if length is None:
            yield (*path, "splices"), "splices need the link's length_km"
            return
        if km is not None and km >= length:
            yield (*path, "splices", place, "km"), f"{km:g} km is not on this line, which is {length:g} km long"


def _number(text: object) -> float | None:
    with contextlib.suppress(ValueError):
        return float(str(text))
    return None


def _loops(content: dict[str, Any]) -> Iterator[Found]:
    """Following uplinks from any node must end."""
    nodes = [*_rows(content, "nases"), *_rows(content, "devices")]
    uplinks = {row.get("id"): row.get("uplink") for _, row in nodes}
    for path, row in nodes:
        name, here = row.get("id"), row.get("uplink")
        seen = {name}
        while here is not None and here not in seen:
            seen.add(here)
            here = uplinks.get(here)
        if name is not None and here == name:
            yield (*path, "uplink"), f"the uplinks from {name} come back to it; one of them must change"
