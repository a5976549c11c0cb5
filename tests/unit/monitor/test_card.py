"""The capability card: what is proved, what is not, and the faults that stand in the way."""

from __future__ import annotations

from dataclasses import replace

from monitor.expose.card import card, tells
from monitor.expose.target import Target
from monitor.kinds import KINDS
from monitor.reading import UNITS
from monitor.snapshot import Answers, Polled, Port, Snapshot

OLT = Target("device", "olt-bruno", "10.0.0.1", "olt", "", "Bruno", "huawei-olt", "3")


def town(**said: str) -> Snapshot:
    answers = Answers(1.0, dict(said), (Port(1, "GPON 0/0/0", "", "", {}),), {}, {}, ())
    snapshot = Snapshot()
    snapshot.put(Polled("device", "olt-bruno", answers))
    snapshot.put(Polled("device", "olt-bener", answers))
    return snapshot


def test_a_card_says_what_a_recording_has_proved_and_what_none_has() -> None:
    lines = list(card(OLT, town()))

    assert lines[0] == "Capability card, as kind huawei-olt: SNMP v3."
    proved = "can tell tx-power from HUAWEI-XPON-MIB hwGponOltOpticsDdmInfoTxPower: verified on the recording smartax"
    assert f"{proved}; nothing at the last poll" in lines
    assert any(line.startswith("can tell onu-rx-power") and "unverified" in line for line in lines)
    assert (
        lines[-1]
        == "1 ports; it has no 64-bit counters, so its traffic is not known, and does not say when ports came or went."
    )


def test_a_copied_engine_id_and_a_wrong_clock_are_faults() -> None:
    snapshot = town(snmpEngineID="80003a8c04")
    snapshot.put(replace(snapshot.polled["olt-bruno"], trouble="clock"))
    lines = list(card(OLT, snapshot))

    assert "fault: its SNMPv3 clock; set it by NTP, then restart its SNMP agent." in lines
    assert "fault: it has the same SNMP engine id as olt-bener; give each its own." in lines


def test_a_community_is_said_to_travel_in_clear_and_echoes_tell_nothing() -> None:
    assert "in clear" in next(card(replace(OLT, version="2c"), town()))
    assert next(card(replace(OLT, version=""), town())).startswith("Capability card: it is not asked by SNMP")


def test_every_line_of_every_card_is_a_reading_that_has_a_unit() -> None:
    for kind in KINDS.values():
        assert {tell.what for tell in kind.tells} <= set(UNITS)
        assert len(list(tells(kind))) == len(kind.tells)
