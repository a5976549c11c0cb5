"""What neighbour tables say, by ids of sites.yaml, and without anybody's address."""

from __future__ import annotations

from hotspot.sites import Sites
from monitor.hearing import findings, heard
from monitor.kinds.neighbour import CDP_CACHE, LOCAL_PORTS, MNDP_NEIGHBOURS, REMOTES
from monitor.mib import MibTable, Named, named
from monitor.neighbours import Neighbour
from monitor.snapshot import Answers, LinkEndView, LinkView, Polled, Port, Snapshot


def rows(table: MibTable, **asked: dict[str, int | str]) -> Named:
    """As an agent answers: by index and OID."""
    return named(table, {index: {table.columns[n]: v for n, v in row.items()} for index, row in asked.items()})


def polled(name: str, *ports: Port, said: str = "", **tables: Named) -> Polled:
    return Polled("device", name, Answers(1, {"sysName": said or name}, ports, {}, tables, ()), 1)


def test_lldp_is_read_by_its_own_port_numbers_and_names_of_devices() -> None:
    seventh: dict[str, int | str] = {"lldpLocPortIdSubtype": 5, "lldpLocPortId": "GigabitEthernet0/0/7"}
    local = rows(LOCAL_PORTS, **{"7": seventh})
    row: dict[str, int | str] = {"lldpRemPortIdSubtype": 5, "lldpRemPortId": "sfp1", "lldpRemSysName": "SW-Bruno.net"}
    remote = rows(REMOTES, **{"8626.7.1": row})
    switch = polled("sw-bruno", said="sw-bruno.example.go.id")

    assert heard([polled("core", lldpLocPortTable=local, lldpRemTable=remote), switch]) == [
        Neighbour("core", "GigabitEthernet0/0/7", "sw-bruno", "sfp1")
    ]


def test_mndp_is_read_by_ifindex_and_a_bridge_is_no_cable() -> None:
    found: dict[str, dict[str, int | str]] = {
        "1": {"mtxrNeighborInterfaceID": 3, "mtxrNeighborIdentity": "sw-bruno"},
        "2": {"mtxrNeighborInterfaceID": 9, "mtxrNeighborIdentity": "sw-bruno"},
    }
    ports = Port(3, "sfp6", "", "", {"ifType": 6}), Port(9, "bridge", "", "", {"ifType": 209})

    assert heard([polled("core", *ports, mtxrNeighborTable=rows(MNDP_NEIGHBOURS, **found))]) == [
        Neighbour("core", "sfp6", "sw-bruno")
    ]


def test_cdp_is_read_by_ifindex_and_a_telephone_is_nobody() -> None:
    found: dict[str, dict[str, int | str]] = {
        "3.1": {"cdpCacheDeviceId": "sw-bruno.example.go.id", "cdpCacheDevicePort": "sfp1"},
        "3.2": {"cdpCacheDeviceId": "SEP021122334455", "cdpCacheDevicePort": "Port 1"},
    }
    core, switch = (
        polled("core", Port(3, "Gi1/0/3", "", "", {}), cdpCacheTable=rows(CDP_CACHE, **found)),
        polled("sw-bruno"),
    )

    assert heard([core, switch]) == [Neighbour("core", "Gi1/0/3", "sw-bruno", "sfp1")]


def test_no_address_of_a_visitor_is_kept() -> None:
    phone: dict[str, int | str] = {"lldpRemPortIdSubtype": 3, "lldpRemPortId": "0211 22334455"}
    laptop: dict[str, int | str] = {
        "lldpRemPortIdSubtype": 7, "lldpRemPortId": "02:11:22:33:44:55", "lldpRemSysName": "sw",
    }  # fmt: skip
    nameless: dict[str, int | str] = {"lldpRemPortIdSubtype": 3, "lldpRemSysName": "02-11-22-33-44-55"}
    own: dict[str, int | str] = {"lldpLocPortIdSubtype": 3, "lldpLocPortId": "xyz", "lldpLocPortDesc": "eth1"}
    mndp: dict[str, int | str] = {"mtxrNeighborInterfaceID": 3, "mtxrNeighborIdentity": "021122334455"}

    assert rows(REMOTES, a=phone, b=laptop, c=nameless) == {"b": {"lldpRemSysName": "sw"}}
    assert rows(LOCAL_PORTS, a=own) == {"a": {"lldpLocPortId": "eth1"}}
    assert rows(MNDP_NEIGHBOURS, a=mndp) == {}


def test_a_moved_cable_is_found_in_the_snapshot_and_a_silent_device_finds_nothing(sites: Sites) -> None:
    row: dict[str, int | str] = {"mtxrNeighborInterfaceID": 6, "mtxrNeighborIdentity": "sw-grabag"}
    core = polled("core-kutoarjo", Port(6, "sfp6", "", "", {}), mtxrNeighborTable=rows(MNDP_NEIGHBOURS, a=row))
    ends = LinkEndView("core-kutoarjo", "sfp6"), LinkEndView("sw-bruno", "sfp1")
    snapshot = Snapshot(polled={"core-kutoarjo": core}, links={"bruno": LinkView("bruno", "up", *ends)})

    assert [(one.what, one.link, one.heard) for one in findings(sites, snapshot)] == [("moved", "bruno", "sw-grabag")]
    snapshot.put(Polled("device", "core-kutoarjo", core.answers, 2, missed=1))
    assert findings(sites, snapshot) == []
