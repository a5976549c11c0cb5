"""What devices hear of their neighbours, as a part of other kinds: LLDP-MIB (IEEE 802.1AB), CDP, MikroTik's own table.

Cables move seldom, so these are asked seldom. Chassis and addresses, which are MACs, are in no column; a port that
calls itself by its MAC, or a neighbour without a name, is left out before anything keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from monitor.kinds.kind import Figure, Found, Kind
from monitor.mib import Named, table

_LLDP = "1.0.8802.1.1.2.1"
_INTERFACE_ALIAS, _INTERFACE_NAME, _LOCAL = 1, 5, 7  # LldpPortIdSubtype whose id is a name; the others are addresses
_ADDRESS = re.compile(r"(?:[0-9a-f]{2}[:.-]?){5}[0-9a-f]{2}", re.IGNORECASE)


def named_ports(rows: Named) -> Named:
    """Of this device: a port's number in LLDP, and its name."""
    found = {}
    for index, row in rows.items():
        name = row.get("lldpLocPortId") if _is_name(row.get("lldpLocPortIdSubtype")) else row.get("lldpLocPortDesc")
        if name and not is_address(str(name)):
            found[index] = {"lldpLocPortId": name}
    return found


def named_neighbours(rows: Named) -> Named:
    found: Named = {}
    for index, row in rows.items():
        name, port = str(row.get("lldpRemSysName", "")), str(row.get("lldpRemPortId", ""))
        if name and not is_address(name):
            known = _is_name(row.get("lldpRemPortIdSubtype")) and not is_address(port)
            found[index] = {"lldpRemSysName": name, **({"lldpRemPortId": port} if known else {})}
    return found


def named_identities(rows: Named) -> Named:
    return {index: row for index, row in rows.items() if not is_address(str(row.get("mtxrNeighborIdentity", "")))}


def named_by_cdp(rows: Named) -> Named:
    """A telephone calls itself by its MAC; without a name a row says nothing."""
    return {index: row for index, row in rows.items() if not _ADDRESS.search(str(row.get("cdpCacheDeviceId", "")))}


def is_address(text: str) -> bool:
    return _ADDRESS.fullmatch(text.strip()) is not None


def _is_name(subtype: object) -> bool:
    return subtype in (_INTERFACE_ALIAS, _INTERFACE_NAME, _LOCAL)


LOCAL_PORTS = table(
    "lldpLocPortTable",
    f"{_LLDP}.3.7.1",
    {"lldpLocPortIdSubtype": 2, "lldpLocPortId": 3, "lldpLocPortDesc": 4},
    clean=named_ports,
)
REMOTES = table(  # indexed by a time mark, the local port's number, and a number of its own
    "lldpRemTable",
    f"{_LLDP}.4.1.1",
    {"lldpRemPortIdSubtype": 6, "lldpRemPortId": 7, "lldpRemSysName": 9},
    clean=named_neighbours,
)
MNDP_NEIGHBOURS = table(  # RouterOS hears LLDP and CDP into it too; the index of its LLDP-MIB names no port
    "mtxrNeighborTable",
    "1.3.6.1.4.1.14988.1.1.11.1.1",
    {"mtxrNeighborInterfaceID": 8, "mtxrNeighborIdentity": 6},
    clean=named_identities,
)
CDP_CACHE = table(  # CISCO-CDP-MIB, indexed by the local port's ifIndex and a number of its own
    "cdpCacheTable",
    "1.3.6.1.4.1.9.9.23.1.2.1.1",
    {"cdpCacheDeviceId": 6, "cdpCacheDevicePort": 7},
    clean=named_by_cdp,
)
HEARD = frozenset({LOCAL_PORTS.name, REMOTES.name, MNDP_NEIGHBOURS.name, CDP_CACHE.name})


def _nothing(_found: Found) -> Iterable[Figure]:
    return ()


LLDP = Kind("lldp", {}, (), _nothing, seldom=(LOCAL_PORTS, REMOTES))
CDP = Kind("cdp", {}, (), _nothing, seldom=(CDP_CACHE,))
MNDP = Kind("mndp", {}, (), _nothing, seldom=(MNDP_NEIGHBOURS,))
