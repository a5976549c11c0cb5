"""The standard objects that every device is asked for, and the words in which a kind names its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from monitor.snapshot import Port, Rows, Value
from monitor.snmp.agent import Rows as AskedRows

Named = dict[str, dict[str, Value]]  # rows by index, their values by object names


@dataclass(frozen=True)
class MibTable:
    """Columns of a MIB table by object name, as full OIDs; the first is one that every row has.

    ``personal``: its index holds a MAC or serial number, so rows are numbered anew before anything keeps or shows them.
    ``clean`` takes out of its rows what nothing may keep.
    """

    name: str
    columns: Mapping[str, str]
    personal: bool = False
    clean: Callable[[Named], Named] | None = None

    def names(self) -> dict[str, str]:
        """Object names by column OID."""
        return {oid: name for name, oid in self.columns.items()}


def table(
    name: str,
    entry: str,
    columns: Mapping[str, int],
    *,
    personal: bool = False,
    clean: Callable[[Named], Named] | None = None,
) -> MibTable:
    """``entry`` is the OID that the columns' numbers follow."""
    return MibTable(name, {column: f"{entry}.{number}" for column, number in columns.items()}, personal, clean)


# SNMPv2-MIB system group (RFC 3418); sysUpTime is hundredths of a second and wraps after 497 days.
SYSTEM = {
    "sysDescr": "1.3.6.1.2.1.1.1.0",
    "sysObjectID": "1.3.6.1.2.1.1.2.0",
    "sysUpTime": "1.3.6.1.2.1.1.3.0",
    "sysName": "1.3.6.1.2.1.1.5.0",
    "sysLocation": "1.3.6.1.2.1.1.6.0",
    "ifTableLastChange": "1.3.6.1.2.1.31.1.5.0",
    "snmpEngineID": "1.3.6.1.6.3.10.2.1.1.0",  # unique, unless a configuration was copied
}

# IF-MIB (RFC 2863). Octets of the 32-bit columns wrap in 34 s at 1 Gb/s, so only the 64-bit ones are read.
_IF, _IF_X = "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1"  # ifXTable augments ifTable: the same index
_FIGURES = {
    "ifOperStatus": 8,
    "ifAdminStatus": 7,
    "ifLastChange": 9,
    "ifInDiscards": 13,
    "ifInErrors": 14,
    "ifOutDiscards": 19,
    "ifOutErrors": 20,
}
_FIGURES_X = {
    "ifHCInOctets": 6,
    "ifHCInUcastPkts": 7,
    "ifHCInMulticastPkts": 8,
    "ifHCInBroadcastPkts": 9,
    "ifHCOutOctets": 10,
    "ifHCOutUcastPkts": 11,
    "ifHCOutMulticastPkts": 12,
    "ifHCOutBroadcastPkts": 13,
    "ifHighSpeed": 15,
    "ifCounterDiscontinuityTime": 19,
}
INTERFACES = MibTable("ifTable", {**table("", _IF, _FIGURES).columns, **table("", _IF_X, _FIGURES_X).columns})
NAMES = MibTable(  # what hardly ever changes of a port: monitor/names.py says when it is asked for
    "ifNames",
    {
        **table("", _IF, {"ifDescr": 2, "ifType": 3, "ifSpeed": 5}).columns,
        **table("", _IF_X, {"ifName": 1, "ifAlias": 18}).columns,
    },
)


def named(table: MibTable, rows: AskedRows) -> Named:
    """Rows by object names instead of OIDs; objects of other tables are left out."""
    names = table.names()
    found = {index: {names[oid]: v for oid, v in row.items() if oid in names} for index, row in rows.items()}
    found = table.clean(found) if table.clean else found
    return {str(place): row for place, row in enumerate(found.values(), 1)} if table.personal else found


def ports(rows: Rows) -> tuple[Port, ...]:
    """IF-MIB rows as ports whose names are unique: some agents give every port the same ifDescr, or no name."""
    numbered = {int(index): row for index, row in rows.items() if index.isdigit()}
    names = unique([_name(index, row) for index, row in sorted(numbered.items())])
    return tuple(_port(index, numbered[index], name) for index, name in zip(sorted(numbered), names, strict=True))


def unique(names: Sequence[str]) -> list[str]:
    """Equal names are numbered in their order, which outlives a reboot where the index does not."""
    places: dict[str, int] = {}
    told = []
    for name in names:
        places[name] = places.get(name, 0) + 1
        told.append(f"{name} #{places[name]}" if names.count(name) > 1 else name)
    return told


def _port(index: int, row: Mapping[str, Value], name: str) -> Port:
    return Port(index, name, str(row.get("ifAlias", "")), str(row.get("ifDescr", "")), dict(_integers(row)))


def _name(index: int, row: Mapping[str, Value]) -> str:
    return str(row.get("ifName") or row.get("ifDescr") or f"if{index}")


def _integers(row: Mapping[str, Value]) -> Iterator[tuple[str, int]]:
    for name, value in row.items():
        if isinstance(value, int):
            yield name, value
