"""Kinds of device, pure: what the recordings do not show."""

from __future__ import annotations

from hotspot.devices import DEVICE_KINDS
from hotspot.nas import NAS_KINDS
from monitor.kinds import KINDS, Figure, Found, kind_of
from monitor.mib import ports


def test_every_kind_that_sites_yaml_may_name_is_known_how_to_be_read() -> None:
    assert tuple(KINDS) == DEVICE_KINDS
    for name in NAS_KINDS:  # a NAS of a make that the monitor knows is read as that make's other devices
        assert kind_of(name).name == (name if name in DEVICE_KINDS else "generic")


def mikrotik(**tables: dict[str, dict[str, int | str]]) -> list[Figure]:
    rows = ports({"3": {"ifName": "sfp1"}})
    return list(KINDS["mikrotik"].figures(Found(rows, {}, tables)))


def test_a_module_without_light_says_so_and_gives_no_number() -> None:
    module: dict[str, int | str] = {
        "mtxrOpticalName": "sfp1",
        "mtxrOpticalRxLoss": 1,
        "mtxrOpticalSupplyVoltage": 3300,
        "mtxrOpticalWavelength": 131000,
        "mtxrOpticalTxPower": -2000,
    }
    figures = mikrotik(mtxrOpticalTable={"3": module})

    assert Figure("rx-power", "sfp1", None, "no light arrives") in figures
    assert Figure("tx-power", "sfp1", -2.0) in figures


def test_an_empty_cage_says_nothing_because_its_nought_would_be_perfect_light() -> None:
    cage: dict[str, int | str] = {
        "mtxrOpticalName": "sfp1",
        "mtxrOpticalRxLoss": 0,
        "mtxrOpticalWavelength": 0,
        "mtxrOpticalSupplyVoltage": 0,
        "mtxrOpticalTxPower": 0,
        "mtxrOpticalRxPower": 0,
        "mtxrOpticalTemperature": 0,
    }

    assert mikrotik(mtxrOpticalTable={"3": cage}) == []


def test_a_port_is_named_as_if_mib_names_it() -> None:
    module: dict[str, int | str] = {
        "mtxrOpticalName": "old name",
        "mtxrOpticalWavelength": 131000,
        "mtxrOpticalRxPower": -9000,
    }

    assert Figure("rx-power", "sfp1", -9.0) in mikrotik(mtxrOpticalTable={"3": module})
    assert Figure("rx-power", "old name", -9.0) in mikrotik(mtxrOpticalTable={"44": module})


def test_a_radio_without_a_network_has_no_clients() -> None:
    assert mikrotik(mtxrWlApTable={"1": {"mtxrWlApSsid": "", "mtxrWlApClientCount": 0}}) == []


def test_ports_without_a_name_or_with_the_same_one_are_told_apart() -> None:
    found = ports(
        {
            "1": {"ifDescr": "Slot: 0", "ifOperStatus": 1},
            "2": {"ifDescr": "Slot: 0", "ifOperStatus": 2},
            "3": {},
            "4": {"ifName": "ge4", "ifDescr": "Slot: 0", "ifAlias": "to Bruno", "ifAdminStatus": 2},
        }
    )

    assert [port.name for port in found] == ["Slot: 0 #1", "Slot: 0 #2", "if3", "ge4"]
    assert [port.is_up for port in found] == [True, False, False, False]
    assert [port.is_wanted for port in found] == [True, True, True, False]
    assert found[3].alias == "to Bruno"
