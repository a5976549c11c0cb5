"""One tick: from the snapshot to verdicts, one decision for all, the changes of incidents, and the store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, astuple, dataclass, replace
from typing import Protocol

from hotspot.sites import Sites
from monitor import decision as deciding
from monitor import evidence, topology
from monitor.baselines import Baselines
from monitor.cause import Decision
from monitor.facts import Facts
from monitor.flap import CLEAR, Flap
from monitor.gathering import gathered
from monitor.health import RETRY, State, Verdict
from monitor.history import Known, Moment
from monitor.incidents import Change, Incident, Judgement, changes
from monitor.maintenance import Window, maintained
from monitor.optics import Learned
from monitor.reading import Reading
from monitor.seen import Seen
from monitor.snapshot import LinkView, Polled, Snapshot
from monitor.subject import Subject as Watched
from monitor.topology import Subject


class Record(Protocol):
    """Where a tick reads what was and writes what is: monitor.history, or a replay's memory."""

    def states(self) -> Mapping[Subject, State]: ...
    def flaps(self) -> Mapping[Subject, Flap]: ...
    def incidents(self, since: float) -> list[Incident]: ...
    def windows(self, at: float) -> list[Window]: ...
    def learned(self) -> dict[tuple[str, str], Learned]: ...
    def open_by_cause(self) -> Mapping[str, int]: ...
    def write(self, moment: Moment) -> None: ...


@dataclass(frozen=True)
class Outcome:
    """``ask``: those to be polled at once; ``changes`` with the decision that they come from."""

    ask: frozenset[str]
    changes: tuple[Change, ...]
    decision: Decision


class Ticker:
    """Of its memory, a restart loses forgiven misses and what is in doubt."""

    def __init__(self, sites: Sites, watched: Mapping[str, Watched], snapshot: Snapshot, record: Record) -> None:
        self.tree = topology.tree(sites)
        self._links = [link for link in sites.links if link.id in self.tree.links]
        self._snapshot = snapshot
        self._record = record
        self._light = Baselines(record.learned(), sites.timezone)
        self._seen = Seen(self.tree, frozenset(watched), snapshot, dict(record.states()), self._light)
        self._seen.flaps.update(record.flaps())
        self._written: dict[str, float] = {}  # of each device, the answers whose readings are in the store

    def tick(self, now: float, facts: Facts) -> Outcome:
        """Judge and write."""
        nodes = {node: self._seen.node(node, facts, now) for node in self.tree.kinds}
        views = [self._seen.view(link) for link in self._links]
        links = {view.id: self._seen.link(view) for view in views}
        decision = deciding.decide(self.tree, nodes, links, self._seen.blind_since)
        windows = self._record.windows(now)
        work = maintained(self.tree, windows, now)
        known = evidence.gather(self.tree, self._snapshot, nodes, links, work, faded=self._light.faded, now=now)
        judgement = Judgement(
            decision,
            now,
            lambda names: self._clients(names, facts),
            lambda subject: self._seen.is_held(subject, now),
            known.grade,
        )
        changed = tuple(changes(self._record.incidents(now), judgement))
        states = {s: self._known(s, verdict, now) for s, verdict in decision.states.items() if s[0] in _WRITTEN}
        readings, learned = tuple(self._new_readings()), dict(self._light.changed)
        self._record.write(Moment(now, self._snapshot.interval, states, changed, readings, learned))
        self._light.changed.clear()
        ask = self._seen.turned(decision) | self._seen.doubts(nodes, links, now - RETRY * self._snapshot.interval)
        self._remember(decision, views, now)
        self._snapshot.maintained = frozenset(work)
        self._snapshot.gathered = frozenset(gathered(decision))
        return Outcome(frozenset(ask), changed, decision)

    def _known(self, subject: Subject, verdict: Verdict, now: float) -> Known:
        flapped = self._seen.flaps.get(subject)
        came_and_went = {"flap": astuple(flapped)} if flapped and flapped.now(now).score >= CLEAR else {}
        if subject[0] == "link":
            return Known(verdict, detail=self._ends(subject[1]) | came_and_went)
        polled = self._snapshot.polled.get(subject[1])
        answers = polled.answers if polled else None
        if polled is None or answers is None:
            return Known(verdict, detail=came_and_went)
        clients = {r.port: r.value for r in answers.readings if r.what == "clients"}
        detail = {"clients": clients} if clients else {}
        return Known(verdict, polled.last_success_at, {**detail, **came_and_went})

    def _ends(self, link: str) -> dict[str, object]:
        """How the light at a link's ends has gone, by device."""
        one = next(one for one in self._links if one.id == link)
        ends = [end for end in (one.a, one.b) if end]
        found = {end.device: light for end in ends if (light := self._light.outlook((end.device, end.port)))}
        return {"light": {device: asdict(light) for device, light in found.items()}} if found else {}

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
                yield from _readings(polled)

    def _remember(self, decision: Decision, views: Iterable[LinkView], now: float) -> None:
        """After the store has it: a tick that could not be written is judged anew."""
        self._written |= {p.id: p.tried_at for p in self._snapshot.polled.values() if p.tried_at is not None}
        before = self._seen.remember(decision, now)
        self._snapshot.states = {subject: str(state) for subject, state in before.items()}
        for view in views:
            state = str(before.get(("link", view.id), State.UNKNOWN))
            a, b = (replace(end, light=self._light.outlook((end.device, end.port))) for end in (view.a, view.b))
            self._snapshot.links[view.id] = replace(view, state=state, a=a, b=b)
        self._snapshot.incidents_open = dict(self._record.open_by_cause())


_WRITTEN = ("device", "nas", "link")


def _readings(polled: Polled) -> Iterator[Reading]:
    yield from polled.probes
    if polled.answers and polled.answers.at == polled.tried_at:
        yield from polled.answers.readings
