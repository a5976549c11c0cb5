"""Kinds and objects without a recording: synthetic rows, each citing the object whose definition they follow."""

from __future__ import annotations

import pytest

from monitor.kinds import KINDS, Figure, Found
from monitor.kinds.fiberhome_olt import onu_name
from monitor.kinds.units import LIGHT_LOST, NO_LIGHT, POWER_LOST, channel_hertz, light, measured
from monitor.kinds.zte_olt import onu_level
from monitor.mib import named, ports
from monitor.snapshot import Rows

Row = dict[str, int | str]


def figures(kind: str, scalars: Row | None = None, **tables: Rows) -> list[Figure]:
    names = ports({"4194304000": {"ifName": "GPON 0/0/0"}, "268501248": {"ifName": "gpon_1/1/1"}})
    return list(KINDS[kind].figures(Found(names, scalars or {}, tables)))


def test_the_wifi_of_routeros_7_is_counted_by_registrations_and_an_empty_network_is_nought() -> None:
    """MIKROTIK-MIB mtxrWifi: an interface's ssid .21.5.1.3, a registration's ssid .21.4.1.3; no column counts."""
    interfaces: Rows = {"1": {"mtxrWifiInterfaceSsid": "Alun-alun"}, "2": {"mtxrWifiInterfaceSsid": "Pendopo"}}
    clients: Rows = {str(n): {"mtxrWifiRegistrationSsid": "Alun-alun"} for n in range(3)}
    found = figures("mikrotik", mtxrWifiInterfaceTable=interfaces, mtxrWifiRegistrationTable=clients)

    assert found == [Figure("clients", "Alun-alun", 3), Figure("clients", "Pendopo", 0)]


def test_capsman_is_counted_by_registrations_and_knows_its_access_points() -> None:
    """MIKROTIK-MIB mtxrWlCMRtabSsid .1.5.1.12 and .1.10.0."""
    clients: Rows = {"1": {"mtxrWlCMRtabSsid": "Museum"}, "2": {"mtxrWlCMRtabSsid": "Museum"}}
    found = figures("mikrotik", {"mtxrWlCMREntryCount": 4}, mtxrWlCMRtabTable=clients)

    assert Figure("clients", "Museum", 2) in found
    assert Figure("access-points", "", 4) in found


def test_rows_whose_index_is_a_mac_lose_it() -> None:
    table = next(t for t in KINDS["mikrotik"].tables if t.name == "mtxrWlCMRtabTable")
    oid = table.columns["mtxrWlCMRtabSsid"]

    assert named(table, {"216.241.255.1.2.3.7": {oid: "Museum"}}) == {"1": {"mtxrWlCMRtabSsid": "Museum"}}


def test_zonedirector_names_its_points_and_says_which_are_connected() -> None:
    """RUCKUS-ZD-WLAN-MIB ruckusZDWLANAPStatus: disconnected 0, connected 1, approvalPending 2."""
    rows: Rows = {
        "1": {"ruckusZDWLANAPDescription": "pendopo", "ruckusZDWLANAPStatus": 1},
        "2": {"ruckusZDWLANAPDescription": "museum", "ruckusZDWLANAPStatus": 0},
    }
    found = figures("ruckus-zd", {"ruckusZDSystemStatsCPUUtil": 12}, ruckusZDWLANAPTable=rows)

    assert found == [
        Figure("cpu", "", 0.12),
        Figure("ap-up", "pendopo", 1.0),
        Figure("ap-up", "museum", 0.0),
        Figure("access-points", "", 1.0),
    ]


def test_unleashed_and_eap_tell_counts_only() -> None:
    """RUCKUS-UNLEASHED-SYSTEM-MIB .15.1.1.1.15.1/.2; EAP-CLIENT-MIB clientCount."""
    unleashed: Row = {"ruckusUnleashedSystemStatsNumAP": 3, "ruckusUnleashedSystemStatsNumSta": 41}

    assert figures("ruckus-unleashed", unleashed) == [Figure("access-points", "", 3), Figure("clients", "", 41)]
    assert figures("eap", {"clientCount": 9}) == [Figure("clients", "", 9)]


def test_a_wireless_controller_of_cisco_counts_networks_and_associated_points() -> None:
    """AIRESPACE-WIRELESS-MIB bsnAPOperationStatus: associated 1, disassociating 2, downloading 3."""
    found = figures(
        "cisco-wlc",
        bsnDot11EssTable={"1": {"bsnDot11EssSsid": "Purworejo", "bsnDot11EssNumberOfMobileStations": 17}},
        bsnAPTable={
            "1": {"bsnAPName": "ap1", "bsnAPOperationStatus": 1},
            "2": {"bsnAPName": "ap2", "bsnAPOperationStatus": 2},
        },
        bsnAPIfLoadParametersTable={"1": {"bsnAPIfLoadChannelUtilization": 55}},
    )

    assert found == [
        Figure("clients", "Purworejo", 17),
        Figure("ap-up", "ap1", 1.0),
        Figure("ap-up", "ap2", 0.0),
        Figure("access-points", "", 1.0),
        Figure("channel-use", "radio 1", 0.55),
    ]


def test_cnpilot_counts_by_radio_and_wlan() -> None:
    """CAMBIUM-MIB 17713.22.1.2.1.5 and .22.1.4.1.7."""
    found = figures(
        "cnpilot",
        cambiumRadioTable={"1": {"cambiumRadioNumClients": 4, "cambiumRadioTransmitPower": 20}},
        cambiumWlanTable={"1": {"cambiumWlanNumClients": 4}},
    )

    assert Figure("radio-clients", "radio 1", 4) in found
    assert Figure("clients", "wlan 1", 4) in found


@pytest.mark.parametrize(("cause", "why"), [(13, POWER_LOST), (1, LIGHT_LOST), (2, LIGHT_LOST), (99, "down cause 99")])
def test_a_huawei_olt_tells_a_power_cut_from_a_fibre_cut(cause: int, why: str) -> None:
    """HUAWEI-XPON-MIB hwGponDeviceOntControlLastDownCause: LOS 1, LOSi 2, dying-gasp 13."""
    row: Row = {"hwGponDeviceOntControlRunStatus": 2, "hwGponDeviceOntControlLastDownCause": cause}
    found = figures("huawei-olt", hwGponDeviceOntControlTable={"4194304000.3": row})

    assert found == [Figure("onu-up", "GPON 0/0/0 onu 3", 0.0, why)]


def test_a_huawei_olt_says_light_of_both_ends_of_a_drop() -> None:
    """In hwGponOntOpticalDdmRxPower 1 is 0.01 dBm; OltRxPower is (dBm x 100) + 10000; 2147483647 is invalid."""
    row: Row = {
        "hwGponOntOpticalDdmRxPower": -2153,
        "hwGponOntOpticalDdmTxPower": 2**31 - 1,
        "hwGponOntOpticalDdmOltRxPower": 7500,
    }
    found = figures("huawei-olt", hwGponOntOpticalDdmInfoTable={"4194304000.3": row})

    assert found == [
        Figure("onu-rx-power", "GPON 0/0/0 onu 3", -21.53),
        Figure("olt-rx-power", "GPON 0/0/0 onu 3", -25.0),
    ]


@pytest.mark.parametrize(("phase", "value", "why"), [(4, 1.0, ""), (5, 0.0, POWER_LOST), (2, 0.0, LIGHT_LOST)])
def test_a_zte_olt_says_the_phase_of_each_onu(phase: int, value: float, why: str) -> None:
    """1012.3.28.2.1.4: logging 1, LOS 2, syncMib 3, working 4, dyingGasp 5, authFailed 6, offline 7."""
    found = figures("zte-olt", zteOnuTable={"268501248.7": {"zteOnuPhase": phase}})

    assert found == [Figure("onu-up", "gpon_1/1/1 onu 7", value, why)]


def test_zte_packs_an_onu_s_light_into_sixteen_bits() -> None:
    """1012.3.50.12.1.1.10: below 32768 value x 0.002 - 30, above it (value - 65536) x 0.002 - 30, 65535 nothing."""
    assert onu_level(4500) == pytest.approx(-21.0)
    assert onu_level(65036) == pytest.approx(-31.0)
    assert onu_level(65535) is None


def test_a_fiberhome_olt_names_its_onus_and_knows_why_they_are_dark() -> None:
    """5875.800.3.10.1.1.11: LOS 0, online 1, dying gasp 2; the index is slot x 2^25 + PON x 2^19 + ONU x 2^8."""
    index = str(2 * 2**25 + 5 * 2**19 + 9 * 2**8)
    found = figures(
        "fiberhome-olt",
        fiberhomeOnuTable={index: {"fiberhomeOnuStatus": 2}},
        fiberhomeOnuLightTable={index: {"fiberhomeOnuRx": 0, "fiberhomeOnuTx": 215}},
    )

    assert onu_name(index) == "onu 2/5/9"
    assert found == [Figure("onu-up", "onu 2/5/9", 0.0, POWER_LOST), Figure("onu-tx-power", "onu 2/5/9", 2.15)]


def test_a_ups_on_battery_is_so_even_when_its_clock_stands_still() -> None:
    """UPS-MIB upsOutputSource battery 5, upsSecondsOnBattery left at 0 by some agents."""
    found = figures("generic", {"upsOutputSource": 5, "upsSecondsOnBattery": 0, "upsEstimatedMinutesRemaining": 12})

    assert Figure("on-battery", "", 1.0) in found
    assert Figure("battery-left", "", 720.0) in found


def test_a_damaged_frame_is_counted_at_its_port() -> None:
    """EtherLike-MIB dot3StatsTable, indexed by ifIndex; duplex unknown 1, half 2, full 3."""
    row: Row = {"dot3StatsFCSErrors": 12, "dot3StatsDuplexStatus": 2}
    found = figures("generic", dot3StatsTable={"268501248": row, "99": row})

    assert found == [Figure("fcs-errors", "gpon_1/1/1", 12), Figure("half-duplex", "gpon_1/1/1", 1.0)]


def test_what_agents_say_for_nothing_is_no_number() -> None:
    assert [measured(value) for value in (2**31 - 1, -(2**31), 32767, 65535, -(10**9), "N/A", None)] == [None] * 7
    assert measured(0) == 0
    assert light("rx-power", "p", -40.0) == Figure("rx-power", "p", None, NO_LIGHT)
    assert light("rx-power", "p", -39.9) == Figure("rx-power", "p", -39.9)


def test_channels_become_frequencies() -> None:
    found = [channel_hertz(channel) for channel in (0, 1, 13, 14, 36, 165, 53)]

    assert found == [None, 2412e6, 2472e6, 2484e6, 5180e6, 5825e6, 6215e6]
    assert channel_hertz(1, six=True) == 5955e6


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_a_kind_asks_for_no_forwarding_table_and_no_client(kind: object) -> None:
    """RouterOS needs seconds of its CPU for BRIDGE-MIB; mtxrWlRtab and the EAP's client table are MACs."""
    found = KINDS[getattr(kind, "name", "")]
    forbidden = ("1.3.6.1.2.1.17.", "1.3.6.1.4.1.14988.1.1.1.2.", "1.3.6.1.4.1.11863.10.1.1.2.", "1.3.6.1.2.1.4.22.")
    asked = [oid for table in found.tables for oid in table.columns.values()] + list(found.scalars.values())

    assert not [oid for oid in asked if oid.startswith(forbidden)]
    assert found.tells, "a card says what it can tell"
