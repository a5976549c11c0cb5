"""The standard objects that every device is asked for, and the words in which a kind names its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from monitor.snapshot import Port, Rows, Value
from monitor.snmp.agent import Rows as AskedRows


@dataclass(frozen=True)
class MibTable:
    """Columns of a MIB table by object name, as full OIDs; the first is one that every row has."""

    name: str
    columns: Mapping[str, str]

    def names(self) -> dict[str, str]:
        """Object names by column OID."""
        return {oid: name for name, oid in self.columns.items()}


def table(name: str, entry: str, columns: Mapping[str, int]) -> MibTable:
    """``entry`` is the OID that the columns' numbers follow."""
    return MibTable(name, {column: f"{entry}.{number}" for column, number in columns.items()})


# SNMPv2-MIB system group (RFC 3418); sysUpTime is hundredths of a second and wraps after 497 days.
SYSTEM = {
    "sysDescr": "1.3.6.1.2.1.1.1.0",
    "sysObjectID": "1.3.6.1.2.1.1.2.0",
    "sysUpTime": "1.3.6.1.2.1.1.3.0",
    "sysName": "1.3.6.1.2.1.1.5.0",
    "sysLocation": "1.3.6.1.2.1.1.6.0",
}

# IF-MIB (RFC 2863). Octets of the 32-bit columns wrap in 34 s at 1 Gb/s, so only the 64-bit ones are read.
_IF_TABLE = table(
    "ifTable",
    "1.3.6.1.2.1.2.2.1",
    {
        "ifDescr": 2,
        "ifType": 3,
        "ifSpeed": 5,
        "ifAdminStatus": 7,
        "ifOperStatus": 8,
        "ifLastChange": 9,
        "ifInDiscards": 13,
        "ifInErrors": 14,
        "ifOutDiscards": 19,
        "ifOutErrors": 20,
    },
)
_IF_X_TABLE = table(
    "ifXTable",
    "1.3.6.1.2.1.31.1.1.1",
    {
        "ifName": 1,
        "ifHCInOctets": 6,
        "ifHCInUcastPkts": 7,
        "ifHCInMulticastPkts": 8,
        "ifHCInBroadcastPkts": 9,
        "ifHCOutOctets": 10,
        "ifHCOutUcastPkts": 11,
        "ifHCOutMulticastPkts": 12,
        "ifHCOutBroadcastPkts": 13,
        "ifHighSpeed": 15,
        "ifAlias": 18,
    },
)
INTERFACES = MibTable("ifTable", {**_IF_TABLE.columns, **_IF_X_TABLE.columns})  # ifXTable augments: the same index


def named(table: MibTable, rows: AskedRows) -> dict[str, dict[str, Value]]:
    """Rows by object names instead of OIDs; objects of other tables are left out."""
    names = table.names()
    return {index: {names[oid]: v for oid, v in row.items() if oid in names} for index, row in rows.items()}


def ports(rows: Rows) -> tuple[Port, ...]:
    """IF-MIB rows as ports whose names are unique: some agents give every port the same ifDescr, or no name."""
    numbered = {int(index): row for index, row in rows.items() if index.isdigit()}
    names = {index: _name(index, row) for index, row in numbered.items()}
    return tuple(_port(index, row, names) for index, row in sorted(numbered.items()))


def _port(index: int, row: Mapping[str, Value], names: Mapping[int, str]) -> Port:
    name = names[index]
    if list(names.values()).count(name) > 1:
        name = f"{name} #{index}"
    values = dict(_integers(row))
    return Port(index, name, str(row.get("ifAlias", "")), str(row.get("ifDescr", "")), values)


def _name(index: int, row: Mapping[str, Value]) -> str:
    return str(row.get("ifName") or row.get("ifDescr") or f"if{index}")


def _integers(row: Mapping[str, Value]) -> Iterator[tuple[str, int]]:
    for name, value in row.items():
        if isinstance(value, int):
            yield name, value
