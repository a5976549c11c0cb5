"""EtherLike-MIB (RFC 3635), as a part of other kinds: damaged frames tell dirty connectors from broken fibre."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.kinds.kind import Figure, Found, Kind, Tell
from monitor.kinds.units import number
from monitor.mib import table

STATS = table(
    "dot3StatsTable",
    "1.3.6.1.2.1.10.7.2.1",
    {"dot3StatsFCSErrors": 3, "dot3StatsSymbolErrors": 18, "dot3StatsDuplexStatus": 19},
)
_HALF, _FULL = 2, 3
_COUNTERS = {"dot3StatsFCSErrors": "fcs-errors", "dot3StatsSymbolErrors": "symbol-errors"}


def figures(found: Found) -> Iterator[Figure]:
    for index, row in found.rows("dot3StatsTable"):
        port = found.port_name(index, "")
        if not port:
            continue
        for column, what in _COUNTERS.items():
            if column in row:
                yield Figure(what, port, number(row[column]))
        if row.get("dot3StatsDuplexStatus") in (_HALF, _FULL):
            yield Figure("half-duplex", port, float(row["dot3StatsDuplexStatus"] == _HALF))


ETHERNET = Kind(
    "ethernet",
    {},
    (STATS,),
    figures,
    (
        Tell("fcs-errors", "EtherLike-MIB dot3StatsFCSErrors"),
        Tell("symbol-errors", "EtherLike-MIB dot3StatsSymbolErrors"),
        Tell("half-duplex", "EtherLike-MIB dot3StatsDuplexStatus"),
    ),
)
