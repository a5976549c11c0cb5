"""A device's capability card as text: what it can tell, what has proved that, and what stands in its way."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.engines import shared
from monitor.expose.target import Target
from monitor.kinds import Kind, kind_of
from monitor.snapshot import Answers, Snapshot
from monitor.snmp.agent import Trouble


def card(one: Target, snapshot: Snapshot) -> Iterator[str]:
    """``one`` is asked by SNMP, or there is nothing that it could tell."""
    if not one.version:
        yield "Capability card: it is not asked by SNMP, so only echoes and RADIUS tell of it."
        return
    kind, polled = kind_of(one.model), snapshot.polled.get(one.id)
    yield f"Capability card, as kind {kind.name}: SNMP v{one.version}{_secrecy(one.version)}"
    yield from tells(kind, polled.answers if polled else None)
    yield from faults(one, snapshot)


def tells(kind: Kind, answers: Answers | None = None) -> Iterator[str]:
    """A line for each reading; with answers, how many of it the device gave at its last poll."""
    for tell in kind.tells:
        proof = f"verified on the recording {tell.recording}" if tell.recording else "unverified"
        yield f"can tell {tell.what} from {tell.source}: {proof}{_gave(tell.what, answers)}"
    if answers is not None:
        wide = any("ifHCInOctets" in port.values for port in answers.ports)
        counters = "has 64-bit counters" if wide else "has no 64-bit counters, so its traffic is not known"
        dated = "ifTableLastChange" in answers.system
        renamed = "says when ports came or went" if dated else "does not say when ports came or went"
        yield f"{len(answers.ports)} ports; it {counters}, and {renamed}."


def faults(one: Target, snapshot: Snapshot) -> Iterator[str]:
    polled = snapshot.polled.get(one.id)
    if polled and polled.trouble == Trouble.CLOCK:
        yield "fault: its SNMPv3 clock; set it by NTP, then restart its SNMP agent."
    others = shared(snapshot.polled.values()).get(one.id)
    if others:
        urgent = "give each its own" if one.version == "3" else "give each its own before you turn to v3"
        yield f"fault: it has the same SNMP engine id as {', '.join(others)}; {urgent}."


def _secrecy(version: str) -> str:
    return "." if version == "3" else ", whose community goes over the wire in clear; v3 would hide it."


def _gave(what: str, answers: Answers | None) -> str:
    if answers is None:
        return ""
    count = sum(reading.what == what and reading.value is not None for reading in answers.readings)
    return f"; {count} at the last poll" if count else "; nothing at the last poll"
