"""What a decision changes: an incident opens once, grows, shrinks and closes, and unknown changes nothing."""

from __future__ import annotations

from collections.abc import Callable

from monitor.cause import BLIND, MONITOR, Cause, Decision
from monitor.grade import Grade
from monitor.health import State, Verdict
from monitor.incidents import (
    RECENT,
    REOPEN,
    Change,
    Closed,
    Graded,
    Incident,
    Joined,
    Judgement,
    Left,
    Opened,
    Turned,
)
from monitor.incidents import changes as judged
from monitor.topology import Subject

CUT = Cause("link-down", "link", "trunk")
LINK: Subject = ("link", "trunk")
GW: Subject = ("nas", "gw")
AP: Subject = ("device", "ap")


def decision(
    states: dict[Subject, State], darkened: set[Subject] | None = None, beyond: set[str] | None = None
) -> Decision:
    verdicts = {subject: Verdict(state, f"{subject[1]} is {state}") for subject, state in states.items()}
    causes = {} if darkened is None else {CUT: darkened}
    return Decision(verdicts, causes, {CUT: beyond or set()})


def nobody(_nodes: set[str]) -> int:
    return 0


def changes(
    incidents: list[Incident], decision: Decision, cut_off: Callable[[set[str]], int] = nobody, now: float = 10_000.0
) -> list[Change]:
    return judged(incidents, Judgement(decision, now, cut_off))


def test_a_new_cause_opens_one_incident_with_its_evidence_and_those_it_cuts_off() -> None:
    online = {"gw": 12, "elsewhere": 40}
    cut = decision({LINK: State.DOWN}, {AP}, {"ap", "gw"})
    found = changes([], cut, lambda nodes: sum(online.get(node, 0) for node in nodes))

    assert found == [Opened(CUT, "trunk is down", 12, frozenset({AP}))]


def test_an_open_incident_is_not_opened_again_and_late_shadows_join_it() -> None:
    incident = Incident(7, CUT, frozenset({AP}))
    found = changes([incident], decision({LINK: State.DOWN, AP: State.SHADOW, GW: State.SHADOW}, {AP, GW}), nobody)

    assert found == [Joined(7, GW)]


def test_one_that_answers_again_leaves_while_the_incident_goes_on() -> None:
    incident = Incident(7, CUT, frozenset({AP, GW}))
    found = changes([incident], decision({LINK: State.DOWN, AP: State.UP, GW: State.SHADOW}, {GW}), nobody)

    assert found == [Left(7, AP)]


def test_a_cause_that_is_up_again_closes_and_lets_everyone_go() -> None:
    incident = Incident(7, CUT, frozenset({AP}))

    assert changes([incident], decision({LINK: State.UP, AP: State.SHADOW}), nobody) == [Left(7, AP), Closed(7)]


def test_an_incident_stays_open_while_nothing_is_known_of_its_cause() -> None:
    """After a start of the monitor everything is unknown until it was polled."""
    incident = Incident(7, CUT, frozenset({AP}))

    assert changes([incident], decision({LINK: State.UNKNOWN, AP: State.UNKNOWN}), nobody) == []


def test_an_incident_waits_with_its_subject() -> None:
    cause = Cause("device-down", "device", "ap")
    waiting = Decision(waiting={AP})

    assert changes([Incident(3, cause, frozenset())], waiting, nobody) == []


def test_an_incident_of_something_that_left_sites_yaml_closes() -> None:
    assert changes([Incident(7, CUT, frozenset())], decision({}), nobody) == [Closed(7)]


def test_a_fresh_incident_that_turns_out_to_be_a_shadow_becomes_the_one_of_its_cause() -> None:
    alone = Incident(3, Cause("device-down", "device", "ap"), frozenset(), opened_at=10_000 - RECENT)
    found = changes([alone], decision({LINK: State.DOWN, AP: State.SHADOW}, {AP}, {"ap"}))

    assert found == [Turned(3, CUT, "trunk is down", 0), Joined(3, AP)]


def test_an_old_incident_goes_on_while_its_device_is_in_a_shadow() -> None:
    """It died before the cut, and will still be dead after it."""
    alone = Incident(3, Cause("device-down", "device", "ap"), frozenset(), opened_at=100)
    found = changes([alone], decision({LINK: State.DOWN, AP: State.SHADOW}, {AP}, {"ap"}))

    assert found == [Opened(CUT, "trunk is down", 0, frozenset({AP}))]


def test_a_link_that_faded_and_then_breaks_is_the_same_incident() -> None:
    weak = Incident(3, Cause("optics-weak", "link", "trunk"), frozenset(), opened_at=100)

    assert changes([weak], decision({LINK: State.DOWN}, {AP})) == [Turned(3, CUT, "trunk is down", 0), Joined(3, AP)]


def test_a_cause_that_returns_soon_opens_the_same_incident_again_and_later_a_new_one() -> None:
    ended = Incident(3, CUT, frozenset(), opened_at=100, closed_at=10_000 - REOPEN)
    again = decision({LINK: State.DOWN}, set())

    assert changes([ended], again) == [Turned(3, CUT, "trunk is down", 0)]
    assert changes([ended], again, now=10_001) == [Opened(CUT, "trunk is down", 0, frozenset())]


def test_the_end_of_what_flapped_is_not_believed_at_once() -> None:
    mended = decision({LINK: State.UP})

    assert judged([Incident(7, CUT, frozenset())], Judgement(mended, held=lambda subject: subject == LINK)) == []


def test_a_power_cut_lasts_until_the_last_of_its_devices_is_back() -> None:
    power = Incident(5, Cause("power-cut", "site", "square"), frozenset({AP, GW}), opened_at=100)
    still = Decision({AP: Verdict(State.DOWN, "silent"), GW: Verdict(State.UP, "")}, {Cause("device-down", *AP): set()})

    assert changes([power], still) == [Left(5, GW)]
    back = Decision({AP: Verdict(State.UP, ""), GW: Verdict(State.UP, "")})
    assert changes([power], back) == [Left(5, AP), Left(5, GW), Closed(5)]


def test_the_blind_monitor_is_an_incident_that_closes_when_something_answers() -> None:
    blind = Incident(9, BLIND, frozenset())

    assert changes([blind], Decision({MONITOR: Verdict(State.DOWN, "")}, {BLIND: set()}, {BLIND: set()})) == []
    assert changes([blind], Decision({})) == []
    assert changes([blind], Decision({MONITOR: Verdict(State.UP, "")})) == [Closed(9)]


def test_better_evidence_grades_an_open_incident_and_a_maintenance_ends() -> None:
    cut = decision({LINK: State.DOWN}, set())
    fibre, work = Grade("fibre", "both ends answer"), Grade("maintenance", "splicing")

    def graded(before: Grade, now: Grade) -> list[Change]:
        incident = Incident(7, CUT, frozenset(), grade=before)
        return judged([incident], Judgement(cut, graded=lambda _cause, _since: now))

    assert graded(Grade(), fibre) == [Graded(7, fibre)]
    assert graded(fibre, Grade("power", "a battery")) == []
    assert graded(work, fibre) == [Graded(7, fibre)]
    assert graded(fibre, Grade()) == []


def test_what_a_dark_section_lost_is_its_own_until_it_is_up() -> None:
    """While the other way round is looked at, a link may be down and nobody's cause: nothing ends by that."""
    incident = Incident(7, Cause("section-dark", "section", "west"), frozenset({LINK, AP}))

    assert changes([incident], decision({LINK: State.DOWN, AP: State.UP})) == []
    assert changes([incident], decision({LINK: State.UP, AP: State.UP})) == [Left(7, AP), Left(7, LINK), Closed(7)]


def test_what_is_left_of_a_dark_section_is_its_incident_and_no_new_one() -> None:
    section = Cause("section-dark", "section", "west")
    members = frozenset({LINK, GW, AP, ("link", "right")})
    incident = Incident(7, section, members)
    states = {LINK: State.UP, GW: State.DOWN, AP: State.DOWN, ("link", "right"): State.UP}
    verdicts = {subject: Verdict(state, "") for subject, state in states.items()}
    place = ("site", "square")
    power = Cause("power-cut", *place)
    left = Decision({**verdicts, place: Verdict(State.DOWN, "")}, {power: {GW, AP}}, {power: {"gw", "ap"}})

    assert judged([incident], Judgement(left, 10_000.0)) == [Left(7, ("link", "right")), Left(7, LINK)]
