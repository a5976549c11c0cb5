"""The judge of the monitor: what counts as right, wrong, missed, late and told twice."""

from __future__ import annotations

from pathlib import Path

from bench.monitor.memory import Alert
from bench.monitor.replay import Replay
from bench.monitor.score import DEADLINE, score
from bench.monitor.script import Fact, script
from bench.monitor.town import mutated
from hotspot.sites.document import read_document
from lab.network import network_of

LINK, OTHER = ("link", "bruno"), ("link", "bayan")
CUT = Fact("cut", 100.0, 400.0, frozenset({LINK}), told_from=100.0, grades=frozenset({"fibre"}))


def alert(at: float, word: str = "open", subject: tuple[str, str] = LINK, incident: int = 1) -> Alert:
    return Alert(at, word, incident, "link-down", subject, "fibre")


def test_a_cause_that_is_told_once_in_time_is_right_and_found() -> None:
    found = score([CUT], [alert(160), alert(420, "close")])

    assert (found.precision, found.recall, found.notes, found.delays) == (1.0, 1.0, [], [60.0])


def test_what_was_not_true_is_wrong_and_what_was_not_told_is_missed() -> None:
    found = score([CUT], [alert(160, subject=OTHER)])

    assert (found.precision, found.recall) == (0.0, 0.0)
    assert len(found.notes) == 2


def test_an_incident_that_first_named_something_else_is_wrong() -> None:
    assert score([CUT], [alert(150, subject=OTHER), alert(160, "turn")]).wrong == 1


def test_two_incidents_for_one_cause_and_a_late_one_are_noted() -> None:
    twice = score([CUT], [alert(160), alert(200, incident=2)])
    late = score([CUT], [alert(101 + DEADLINE)])

    assert (twice.twice, late.late) == (1, 1)


def test_before_it_happened_nothing_is_true() -> None:
    assert score([CUT], [alert(90)]).wrong == 1


def test_replayed_faults_are_told_as_they_were() -> None:
    """Seeds of the tuning range: a cut trunk, a power cut at a site, and one of a ring's section."""
    content = read_document((Path(__file__).parents[3] / "sites.yaml").read_text()).content
    for seed in (1021, 1027, 1028):
        sites = mutated(content, seed)
        network = network_of(sites, seed)
        played = script(seed, network)
        played.minutes = 13
        found = score(played.truth, Replay(sites, network, played).run())

        assert (found.precision, found.recall, found.notes) == (1.0, 1.0, [])
        assert found.right == len(played.truth) == 1
