"""Every development recording, read as its kind says, against what LibreNMS' own tests expect of the same recording."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pytest

from hotspot.metrics import page_of
from monitor.expose import compat
from monitor.hearing import heard
from monitor.kinds import KINDS, Found
from monitor.mib import INTERFACES, SYSTEM
from monitor.mib import NAMES as NAMES_OF_PORTS
from monitor.probe import answers, ask
from monitor.snapshot import Answers, Polled
from tests.peers.recordings import RecordedAgent, expected

OPTICS = ("rx-power", "tx-power", "onu-rx-power", "onu-tx-power")
SENSORS = {  # LibreNMS' class of sensor -> our readings
    "dbm": OPTICS,
    "temperature": ("temperature",),
    "voltage": ("voltage",),
    "current": ("current",),
    "power": ("power",),
    "fanspeed": ("fan",),
    "charge": ("battery",),
    "load": ("load",),
}
WIRELESS = {
    "clients": ("clients", "radio-clients"),
    "frequency": ("radio-frequency",),
    "noise-floor": ("noise",),
    "ap-count": ("access-points", "access-points-known"),
    "distance": ("distance",),
}
PERCENT = ("battery", "load")


@dataclass(frozen=True)
class Case:
    """``wrong``: by class, values that are expected and that we rightly do not give, with the reason.

    ``ours``: by class, values that we give and that are not expected, with the reason.
    """

    recording: str
    kind: str
    wrong: dict[str, tuple[str, list[float]]] = field(default_factory=dict)
    ours: dict[str, tuple[str, list[float]]] = field(default_factory=dict)


_EMPTY = "an empty cage answers 0 for all: 0 dBm would look perfect"
_UNPLUGGED = "0 volts and amperes stand where nothing is plugged in or fed"
_PHASES = "phases 2 and 3 of a UPS that has one, and the bypass, which carries nothing"
CASES = (
    Case("airos_airos8", "airmax"),
    Case("arista_eos", "generic", {"dbm": ("-40 dBm is SFF-8472's least value: no light arrives", [-40.0] * 3)}),
    Case(
        "aruba-instant",
        "aruba-instant",
        {"clients": ("a total of its own parts", [0.0]), "frequency": ("53S and 69S exist, at 6 GHz", [0.0] * 2)},
        {"frequency": ("of channels 53 and 69", [6215, 6295])},
    ),
    Case("edgeosolt", "ufiber-olt", {"dbm": ("an ONU that is offline answers 0, which is no light", [0.0] * 26)}),
    Case("epmp_epmp-ap-connected-sta", "epmp"),
    Case("ios_2960x", "cisco", {"power": ("the PoE budget is a setting, not a reading", [370])}),
    Case(
        "iosxe_c8500-20x6c",
        "cisco",
        {
            "voltage": ("the supplies say millivolts, scale units: 5142 V", [5142, 5123, 5160, 232500, 11994]),
            "current": ("the supplies say milliamperes, scale units", [3812, 68375]),
        },
        {
            "voltage": ("what they mean", [5.142, 5.123, 5.16, 232.5, 11.994]),
            "current": ("what they mean", [3.812, 68.375]),
        },
    ),
    Case(
        "jetstream_sg2218p",
        "jetstream",
        {"power": ("the PoE budget, what is left and what is used of it are no port's", [40.4, 109.4, 150])},
        {"power": ("a port that feeds nobody feeds 0 W", [0.0] * 3)},
    ),
    Case("jetstream_t2600g-28ts", "jetstream"),
    Case(
        "netmanplus_204",
        "generic",
        {
            "voltage": (_PHASES, [0.0] * 6 + [242.0]),
            "current": (f"{_PHASES}; -0.1 A is the agent's word for unknown", [-0.1] * 4 + [0.0] * 5),
            "power": (_PHASES, [0.0] * 8),
            "load": (_PHASES, [0.0] * 2),
        },
    ),
    Case(
        "routeros",
        "mikrotik",
        {
            "voltage": (_UNPLUGGED, [0]),
            "current": (_UNPLUGGED, [0]),
            "clients": ("the same SSID on two radios is one network: 0 and 4", [0]),
            "frequency": ("of its 60 GHz radio, which is no hotspot's", [58320]),
            "noise-floor": ("a second network on a radio says 0", [0] * 2),
            "distance": ("of its 60 GHz radio", [0.026]),
        },
        {"temperature": ("mtxrHlTemperature, which LibreNMS leaves out here", [33.0])},
    ),
    Case(
        "routeros_crs317",
        "mikrotik",
        {
            what: (_EMPTY, [0] * count)
            for what, count in (("dbm", 16), ("temperature", 8), ("voltage", 8), ("current", 8))
        },
    ),
    Case("routeros_rb5009upr+s+", "mikrotik", {"voltage": (_UNPLUGGED, [0] * 6), "current": (_UNPLUGGED, [0] * 4)}),
    Case("ruckuswireless-sz", "ruckus-sz", {"clients": ("a total of its own parts", [146])}),
    Case("smartax", "huawei-olt", {"power": ("a total of its own parts", [226])}),
    Case(
        "unifi_nanohd",
        "unifi",
        {"clients": ("radios and mesh links of the access points themselves, besides the one network", [14, 4, 0])},
    ),
    Case("vrp_5720", "huawei"),
    Case(
        "vsolution_v1600d",
        "vsol-olt",
        {
            "dbm": (
                "the first number of '0.03 mW (-14.61 dBm)' is no dBm",
                [0.03] * 3 + [0.02] * 3 + [0.01] * 4 + [0.04] + [0.0] * 5,
            )
        },
        {"dbm": ("the parentheses: what each ONU receives, and what it sends", [])},
    ),
    Case("zxa10_c320", "zte-olt"),
)
NAMES = [case.recording for case in CASES]


@cache
def read(recording: str, kind: str) -> tuple[Answers, RecordedAgent]:
    agent = RecordedAgent(recording)
    found = asyncio.run(ask(agent, KINDS[kind]))
    assert isinstance(found, Found)
    return answers("device", recording, KINDS[kind], found, at=1.0), agent


def rows(recording: str, module: str) -> list[dict[str, Any]]:
    """The expected sensors, once: IOS-XE's are there twice, from ENTITY-SENSOR-MIB and from Cisco's own."""
    parts = expected(recording).get(module, {})
    part: dict[str, Any] = next(
        (parts[step] for step in ("poller", "discovery") if isinstance(parts.get(step), dict)), {}
    )
    found: list[dict[str, Any]] = part.get("sensors" if module == "sensors" else "wireless_sensors", [])
    return [row for row in found if not (recording.startswith("iosxe") and row["sensor_type"] == "entity-sensor")]


def value(row: dict[str, Any]) -> float:

    return round(round(float(row["sensor_current"]), 3), 2)


def given(answers: Answers, whats: tuple[str, ...], per: float = 1.0) -> list[float]:
    found = [r for r in answers.readings if r.what in whats and r.value is not None]
    scaled = [(r.value or 0.0) * (100 if r.what in PERCENT else 1) / per for r in found]
    return [round(round(figure, 3), 2) for figure in scaled]  # LibreNMS keeps three digits


def differ(case: Case, sensor: str, want: list[float], have: list[float]) -> tuple[Counter[float], Counter[float]]:
    """What is missing and what is too much, after what the case knows."""
    missing, extra = Counter(want) - Counter(have), Counter(have) - Counter(want)
    known = Counter(round(float(v), 2) for v in case.wrong.get(sensor, ("", []))[1])
    told = Counter(round(float(v), 2) for v in case.ours.get(sensor, ("", []))[1])
    return missing - known + (known - missing), extra - told + (told - extra)


@pytest.mark.parametrize("case", CASES, ids=NAMES)
@pytest.mark.parametrize("sensor", SENSORS)
def test_each_sensor_has_the_value_that_is_expected_or_the_case_says_why_not(case: Case, sensor: str) -> None:
    have = given(read(case.recording, case.kind)[0], SENSORS[sensor])
    want = [value(row) for row in rows(case.recording, "sensors") if row["sensor_class"] == sensor]
    if case.kind == "epmp" and sensor == "dbm":  # LibreNMS files the radio's power under optics
        have = given(read(case.recording, case.kind)[0], ("radio-power",))
    missing, extra = differ(case, sensor, want, have)

    assert not missing
    if case.kind == "vsol-olt" and sensor == "dbm":  # the right ones, all of them between what a laser can do
        assert len(list(extra.elements())) == 2 * 16
        assert all(-30 < level < 10 for level in extra)
    else:
        assert not extra


@pytest.mark.parametrize("case", CASES, ids=NAMES)
@pytest.mark.parametrize("sensor", WIRELESS)
def test_each_wireless_figure_has_the_value_that_is_expected(case: Case, sensor: str) -> None:
    per = {"frequency": 1e6, "distance": 1e3}.get(sensor, 1.0)
    have = given(read(case.recording, case.kind)[0], WIRELESS[sensor], per)
    want = [value(row) for row in rows(case.recording, "wireless") if row["sensor_class"] == sensor]
    missing, extra = differ(case, sensor, want, have)

    assert not missing
    assert not extra


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_a_card_names_what_is_read_and_its_recordings_prove_it(case: Case) -> None:
    have = {r.what for r in read(case.recording, case.kind)[0].readings if r.value is not None}
    tells = KINDS[case.kind].tells

    assert have - {"uptime", "port-up"} <= {tell.what for tell in tells}
    assert {tell.what for tell in tells if tell.recording == case.recording} <= have


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_nothing_is_asked_for_that_the_kind_does_not_name(case: Case) -> None:
    kind = KINDS[case.kind]
    tables = (*kind.tables, *kind.seldom)
    named = {oid for table in tables for oid in table.columns.values()} | set(kind.scalars.values())
    standard = {*SYSTEM.values(), *INTERFACES.columns.values(), *NAMES_OF_PORTS.columns.values()}

    assert read(case.recording, case.kind)[1].asked == named | standard


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_no_two_readings_of_a_device_are_one_series(case: Case) -> None:
    names = [(r.what, r.port) for r in read(case.recording, case.kind)[0].readings]

    assert len(names) == len(set(names))


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_no_index_of_a_page_is_a_mac(case: Case) -> None:
    """An index of six numbers or more would be one, as of Aruba's and Ruckus' access points and UFiber's ONUs."""
    tables = read(case.recording, case.kind)[0].tables

    assert not [index for table in tables.values() for index in table if index.count(".") >= 5]
    page = page_of(compat.families(Polled("device", case.recording), read(case.recording, case.kind)[0])).decode()
    assert not re.search(r"Index=\"[^\"]*(?:\d+\.){5}", page)


def test_an_olt_and_a_switch_name_whom_they_hear() -> None:
    """By LLDP and by CDP; of UniFi, airMAX, Aruba, Ruckus and V-SOL no recording has a neighbour table."""
    olt, switch = (
        heard([Polled("device", name, read(name, kind)[0])])
        for name, kind in (("smartax", "huawei-olt"), ("ios_2960x", "cisco"))
    )

    assert [(one.port, one.name, one.far_port) for one in olt] == [
        ("ethernet0/8/0", "HW01-UZ", "XGigabitEthernet0/0/17")
    ]
    assert ("GigabitEthernet0", "acme-fr-ap-011") in {(one.far_port, one.name) for one in switch}
