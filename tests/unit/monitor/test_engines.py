"""Two devices with one SNMPv3 engine id are found, whichever was polled first."""

from __future__ import annotations

from monitor.engines import shared
from monitor.snapshot import Answers, Polled


def polled(name: str, engine: str | None) -> Polled:
    system = {"snmpEngineID": engine} if engine else {}
    return Polled("device", name, Answers(1.0, system, (), {}, {}, ()))


def test_a_copied_configuration_shows() -> None:
    town = [
        polled("bruno", "80003a8c04"),
        polled("bener", "80003a8c04"),
        polled("loano", "8000ff01"),
        polled("old", None),
    ]

    assert shared(town) == {"bruno": ("bener",), "bener": ("bruno",)}


def test_those_that_never_answered_share_nothing() -> None:
    assert shared([Polled("device", "a"), Polled("device", "b"), polled("c", None), polled("d", None)]) == {}
