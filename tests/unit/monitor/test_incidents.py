"""What a decision changes: an incident opens once, grows, shrinks and closes, and unknown changes nothing."""

from __future__ import annotations

from monitor.health import State, Verdict
from monitor.incidents import Closed, Incident, Joined, Left, Opened, changes
from monitor.topology import Cause, Decision, Subject

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


def test_a_device_whose_incident_turns_out_to_be_a_shadow_closes_its_own() -> None:
    alone = Incident(3, Cause("device-down", "device", "ap"), frozenset())
    found = changes([alone], decision({LINK: State.DOWN, AP: State.SHADOW}, {AP}, {"ap"}), nobody)

    assert found == [Closed(3), Opened(CUT, "trunk is down", 0, frozenset({AP}))]
