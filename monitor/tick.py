"""One tick: from the snapshot to verdicts, one decision for all, the changes of incidents, and the store."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace

from hotspot.log import event
from hotspot.sites import Link, Sites
from monitor import health, topology
from monitor.facts import Facts
from monitor.health import Fading, State, Verdict
from monitor.history import History, Known, Moment
from monitor.incidents import Change, Closed, Incident, Opened, changes
from monitor.reading import Reading
from monitor.snapshot import LinkView, Polled, Snapshot
from monitor.subject import Subject as Watched
from monitor.topology import Decision, Subject, Tree

log = logging.getLogger(__name__)


class Ticker:
    """Of its memory, a restart loses only misses that were forgiven and how long light has faded."""

    def __init__(self, sites: Sites, watched: Mapping[str, Watched], snapshot: Snapshot, history: History) -> None:
        self.tree = topology.tree(sites)
        self._links = [link for link in sites.links if link.id in self.tree.links]
        self._watched = watched
        self._snapshot = snapshot
        self._history = history
        self._before = history.states()
        self._forgiven: dict[str, int] = {}  # misses while it was in a shadow
        self._down_since: dict[Subject, float] = {}
        self._fading: dict[tuple[str, str], Fading] = {}
        self._written: dict[str, float] = {}  # of each device, the answers whose readings are in the store

    def doubts(self) -> tuple[set[str], float] | None:
        """What stands between us and those that would be down now and were not, and since when they are silent.

        It has to answer after that, or be past doubt itself, before anybody is called the cause.
        """
        silent = {node for node, verdict in self._nodes(Facts()).items() if self._has_just_died(node, verdict)}
        above = {upper for node in silent for upper in self.tree.ancestors(node)}
        asked = {node for node in above if self._state(node) not in (State.DOWN, State.SHADOW)}
        tried = [polled.tried_at or 0.0 for name, polled in self._snapshot.polled.items() if name in silent]
        return (asked - silent, min(tried)) if asked - silent and tried else None

    def _has_just_died(self, node: str, verdict: Verdict) -> bool:
        return verdict.state is State.DOWN and self._state(node) not in (State.DOWN, State.SHADOW)

    def _state(self, node: str) -> State:
        return self._before.get((self.tree.kinds[node], node), State.UNKNOWN)

    def tick(self, now: float, facts: Facts) -> set[str]:
        """Judge and write; returns those that came into a shadow or out of one, and should be asked at once."""
        nodes, views = self._nodes(facts), [self._view(link) for link in self._links]
        links = {view.id: self._link_verdict(view) for view in views}
        decision = topology.decide(self.tree, nodes, links)
        incidents = self._history.open_incidents()
        changed = tuple(changes(incidents, decision, lambda nodes: self._clients(nodes, facts)))
        known = {subject: self._known(subject, verdict) for subject, verdict in decision.states.items()}
        self._history.write(Moment(now, self._snapshot.interval, known, changed, tuple(self._new_readings())))
        shadows = {node for node in nodes if self._state(node) is State.SHADOW}
        turned = shadows ^ {node for node in nodes if _is_shadow(decision, self.tree, node)}
        self._remember(decision, views)
        _tell(changed, incidents)
        return turned

    def _nodes(self, facts: Facts) -> dict[str, Verdict]:
        return {node: self._node(node, kind, facts) for node, kind in self.tree.kinds.items()}

    def _node(self, node: str, kind: str, facts: Facts) -> Verdict:
        polled = self._snapshot.polled.get(node, Polled(kind, node))
        forgiven = min(self._forgiven.get(node, 0), polled.missed)
        heard = facts.heard.get(node)
        verdict = health.of_node(
            polled, self._state(node), watched=node in self._watched, heard=heard, forgiven=forgiven
        )
        at = polled.tried_at if verdict.state is State.DOWN else polled.last_success_at
        return self._dated((kind, node), verdict, at or 0.0)

    def _dated(self, subject: Subject, verdict: Verdict, at: float) -> Verdict:
        """What is down keeps the moment at which that was first known."""
        if verdict.state is State.DOWN:
            return replace(verdict, at=self._down_since.setdefault(subject, at))
        self._down_since.pop(subject, None)
        return replace(verdict, at=at)

    def _view(self, link: Link) -> LinkView:
        assert link.a  # noqa: S101 - the tree holds active links, and references.py asks both ends of them
        assert link.b  # noqa: S101 - as above
        polled = self._snapshot.polled
        a = health.end_of_link(link.a.device, link.a.port, polled.get(link.a.device))
        b = health.end_of_link(link.b.device, link.b.port, polled.get(link.b.device))
        return LinkView(link.id, State.UNKNOWN, a, b)

    def _link_verdict(self, view: LinkView) -> Verdict:
        ends, at = (view.a, view.b), 0.0
        for end in ends:
            polled = self._snapshot.polled.get(end.device)
            answered = (polled.last_success_at if polled else None) or 0.0
            key, at = (view.id, end.device), max(at, answered)
            self._fading[key] = health.fade(self._fading.get(key, Fading()), end.rx_dbm, answered)
        fading = any(self._fading[view.id, end.device].weak for end in ends)
        return self._dated(("link", view.id), health.of_link(view.a, view.b, fading=fading), at)

    def _known(self, subject: Subject, verdict: Verdict) -> Known:
        polled = self._snapshot.polled.get(subject[1]) if subject[0] != "link" else None
        answers = polled.answers if polled else None
        if polled is None or answers is None:
            return Known(verdict)
        clients = {r.port: r.value for r in answers.readings if r.what == "clients"}
        return Known(verdict, polled.last_success_at, {"clients": clients} if clients else {})

    def _clients(self, nodes: set[str], facts: Facts) -> int:
        """Sessions at the NASes among them, and what access points said last that hang behind none of those."""
        nases = {node for node in nodes if self.tree.kinds[node] == "nas"}
        points = {node for node in nodes - nases if not self.tree.ancestors(node) & nases}
        found = [self._snapshot.polled[node].answers for node in points if node in self._snapshot.polled]
        radios = [r.value for answers in found if answers for r in answers.readings if r.what == "clients"]
        return sum(facts.clients.get(nas, 0) for nas in nases) + int(sum(value or 0 for value in radios))

    def _new_readings(self) -> Iterator[Reading]:
        """Of the polls whose readings are not in the store yet."""
        for polled in self._snapshot.polled.values():
            if polled.tried_at is not None and self._written.get(polled.id) != polled.tried_at:
                yield from polled.probes
                if polled.answers and polled.answers.at == polled.tried_at:
                    yield from polled.answers.readings

    def _remember(self, decision: Decision, views: list[LinkView]) -> None:
        self._before |= {subject: verdict.state for subject, verdict in decision.states.items()}
        for node in self.tree.kinds:
            polled = self._snapshot.polled.get(node)
            if polled and polled.tried_at is not None:
                self._written[node] = polled.tried_at
            if polled and (polled.missed == 0 or self._state(node) is State.SHADOW):
                self._forgiven[node] = polled.missed
        self._snapshot.states = {subject: str(state) for subject, state in self._before.items()}
        for view in views:
            state = str(self._before.get(("link", view.id), State.UNKNOWN))
            self._snapshot.links[view.id] = LinkView(view.id, state, view.a, view.b)
        self._snapshot.incidents_open = self._history.open_by_cause()


def _is_shadow(decision: Decision, tree: Tree, node: str) -> bool:
    verdict = decision.states.get((tree.kinds[node], node))
    return verdict is not None and verdict.state is State.SHADOW


def _tell(changed: tuple[Change, ...], incidents: list[Incident]) -> None:
    causes = {incident.id: incident.cause for incident in incidents}
    for change in changed:
        match change:
            case Opened(cause, evidence, clients, members):
                facts = {"darkens": len(members), "clients": clients, "why": evidence}
                event(log, logging.WARNING, "incident opened", cause=cause.name, subject=cause.subject, **facts)
            case Closed(incident):
                cause = causes[incident]
                event(log, logging.INFO, "incident closed", cause=cause.name, subject=cause.subject)
            case _:
                pass
