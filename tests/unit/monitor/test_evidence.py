"""What speaks for power or for the fibre: a light that had fallen, a dying gasp, an UPS on its battery."""

from __future__ import annotations

import pytest

from monitor import evidence
from monitor.cause import Cause
from monitor.health import State, Verdict
from monitor.kinds.units import LIGHT_LOST, POWER_LOST
from monitor.reading import Reading
from monitor.snapshot import Answers, LinkEndView, LinkView, Polled, Snapshot
from monitor.topology import Edge, Tree

OLT, SWITCH = LinkEndView("olt", "0/1:3"), LinkEndView("sw", "sfp1")
TREE = Tree({"olt": "device", "sw": "device"}, frozenset({"olt"}), (Edge("olt", "sw", "line"),))
CUT = Cause("link-down", "link", "line")


def graded(*readings: Reading, faded: str = "") -> tuple[str, str]:
    snapshot = Snapshot(links={"line": LinkView("line", "down", OLT, SWITCH)})
    snapshot.put(Polled("device", "olt", Answers(100, {}, (), {}, {}, readings), 100))
    nodes = {"olt": Verdict(State.UP, "it answers", at=100), "sw": Verdict(State.DOWN, "silent", at=90)}
    links = {"line": Verdict(State.DOWN, "dark", at=90)}
    known = evidence.gather(TREE, snapshot, nodes, links, {}, faded=lambda key: faded if key[0] == "sw" else "")
    grade = known.grade(CUT, 90)
    return grade.cause, grade.evidence


@pytest.mark.parametrize(("why", "cause"), [(POWER_LOST, "power"), (LIGHT_LOST, "fibre"), ("it was reset", "unknown")])
def test_an_olt_tells_a_power_cut_from_a_cut_fibre_by_the_dying_gasp(why: str, cause: str) -> None:
    on_its_port = Reading("device", "olt", "onu-up", 0.0, 100, "0/1:3", why)
    by_its_name = Reading("device", "olt", "onu-up", 0.0, 100, "sw", why)
    another = Reading("device", "olt", "onu-up", 0.0, 100, "0/1:4", why)

    assert graded(on_its_port)[0] == cause
    assert graded(by_its_name)[0] == cause
    assert graded(another)[0] == "unknown"


def test_light_that_had_fallen_before_the_break_speaks_for_the_fibre() -> None:
    assert graded(faded="the light at sw had fallen by at least 2 dB before") == (
        "fibre",
        "the light at sw had fallen by at least 2 dB before",
    )


def test_an_ups_of_any_kind_on_its_battery_speaks_for_power() -> None:
    assert graded(Reading("device", "olt", "on-battery", 30.0, 100))[0] == "power"
    assert graded(Reading("device", "olt", "on-battery", 0.0, 100))[0] == "unknown"


def section(sw: Verdict, booted: float | None) -> str:
    """The grade of a section that went dark at 90, by what its switch says when it is back."""
    snapshot = Snapshot()
    answers = Answers(
        sw.at, {}, (), {}, {}, () if booted is None else (Reading("device", "sw", "uptime", booted, 200),)
    )
    snapshot.put(Polled("device", "sw", answers, sw.at))
    known = evidence.gather(TREE, snapshot, {"sw": sw}, {}, {}, faded=lambda _key: "")
    return known.grade(Cause("section-dark", "section", "sw"), 90).cause


def test_a_dark_section_tells_when_it_is_back_whether_its_power_or_its_fibres_had_failed() -> None:
    back = Verdict(State.UP, "it answers", at=200)

    assert section(Verdict(State.SHADOW, "silent", at=80), booted=None) == "unknown"
    assert section(back, booted=50.0) == "power"
    assert section(back, booted=9_000.0) == "fibre"


def hinted(hints: dict[tuple[str, str, str], float], now: float) -> tuple[str, str]:
    snapshot = Snapshot(links={"line": LinkView("line", "down", OLT, SWITCH)}, hints=hints)
    nodes = {"olt": Verdict(State.UP, "it answers", at=100), "sw": Verdict(State.DOWN, "silent", at=90)}
    links = {"line": Verdict(State.DOWN, "dark", at=90)}
    grade = evidence.gather(TREE, snapshot, nodes, links, {}, faded=lambda _key: "", now=now).grade(CUT, 90)
    return grade.cause, grade.evidence


def test_a_trap_is_a_hint_for_a_while() -> None:
    battery, light = {("sw", "battery", ""): 100.0}, {("olt", "light", "0/1:3"): 100.0}

    assert hinted(battery, 100 + evidence.BATTERY_SECONDS)[0] == "power"
    assert hinted(battery, 101 + evidence.BATTERY_SECONDS)[0] == "unknown"
    assert hinted(light, 200) == ("fibre", "a trap of olt had warned of too little light at 0/1:3")
    assert hinted({("olt", "light", "0/1:4"): 100.0}, 200)[0] == "unknown", "it warned of another port"
