"""Recordings of real devices, replayed by snmpsim, read as their kinds say: the figures that an engineer would read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest

from hotspot.secret import Secret
from monitor.kinds import KINDS, Found
from monitor.probe import answers, ask
from monitor.snapshot import Answers
from monitor.snmp.agent import Access
from monitor.snmp.library import open_library
from tests.peers.recordings import snmpsim

NAMES = ["routeros", "routeros_crs317", "unifi_nanohd", "jetstream_t2600g-28ts"]
Read = Callable[[str, str], Answers]


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Read]:
    """Polls a recording as a device of a kind."""
    with snmpsim(tmp_path_factory.mktemp("snmpsim"), NAMES) as port:

        async def poll(recording: str, kind: str) -> Answers:
            library = open_library()
            found = await ask(library.agent(Access("127.0.0.1", port, "2c", Secret(recording))), KINDS[kind])
            library.close()
            assert isinstance(found, Found), found
            return answers("device", recording, KINDS[kind], found, at=1.0)

        yield lambda recording, kind: asyncio.run(poll(recording, kind))


def test_a_warung_s_router_counts_clients_by_network_and_reads_its_light(read: Read) -> None:
    router = read("routeros", "mikrotik")

    rows = router.tables["mtxrWlApTable"]
    assert [rows[index]["mtxrWlApClientCount"] for index in ("1", "2", "8", "9")] == [7, 0, 0, 4]
    assert router.reading("clients", "WARKOP-KOPIBOSS-B") == 7
    assert router.reading("clients", "WARKOP-KOPIBOSS-A") == 0
    assert router.reading("clients", "WARKOP-KOPIBOSS") == 4  # one network on two radios: 0 and 4
    assert router.reading("rx-power", "sfp1") == pytest.approx(-5.673)
    assert router.reading("tx-power", "sfp1") == pytest.approx(-4.879)
    assert router.reading("voltage") == pytest.approx(15.4)
    assert router.reading("temperature", "board") == pytest.approx(33.0)
    assert [port.name for port in router.ports][:4] == ["wlan1", "wlan2", "WAN", "ether2"]
    assert router.reading("uptime") == pytest.approx(20204.0)


def test_no_address_of_a_client_is_read(read: Read) -> None:
    """The router's recording knows eleven stations; none of their tables is asked for."""
    router = read("routeros", "mikrotik")

    asked = (*KINDS["mikrotik"].tables, *KINDS["mikrotik"].seldom)
    assert set(router.tables) == {table.name for table in asked}
    assert not any(
        ":" in str(value) for rows in router.tables.values() for row in rows.values() for value in row.values()
    )


def test_eight_empty_cages_are_absent_and_not_perfect(read: Read) -> None:
    switch = read("routeros_crs317", "mikrotik")

    assert len(switch.tables["mtxrOpticalTable"]) == 8
    assert [reading for reading in switch.readings if reading.what in ("rx-power", "tx-power")] == []
    assert switch.reading("temperature", "cpu-temperature") == 36
    assert len(switch.ports) == 20


def test_one_network_on_two_radios_is_one_and_mesh_links_are_no_clients(read: Read) -> None:
    point = read("unifi_nanohd", "unifi")

    assert [(r.port, r.value) for r in point.readings if r.what == "clients"] == [("homewifi_ac", 4 + 14)]
    assert point.scalars["unifiApSystemVersion"] == "5.43.36.12724"


def test_milliwatts_as_text_become_dbm_and_not_available_is_absent(read: Read) -> None:
    switch = read("jetstream_t2600g-28ts", "jetstream")

    assert switch.reading("rx-power", "1/0/25") == pytest.approx(-5.9998, abs=0.0001)
    assert switch.reading("tx-power", "1/0/25") == pytest.approx(-4.0012, abs=0.0001)
    assert sorted(r.port for r in switch.readings if r.what == "rx-power") == ["1/0/25", "1/0/26"]


def test_the_same_device_read_as_generic_has_its_ports_and_nothing_else(read: Read) -> None:
    router = read("routeros", "generic")

    assert {reading.what for reading in router.readings} == {"uptime", "port-up", "cpu", "memory"}
    assert not any(name.startswith("mtxr") for name in router.tables)
    wlan = router.port("wlan1")
    assert wlan is not None
    assert wlan.values["ifHCInOctets"] == 235098478
