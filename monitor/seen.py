"""What the polls have shown of each node and link so far: silences, dark ports, flaps, fading light, as verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hotspot.sites import Link
from monitor import health
from monitor.baselines import Baselines
from monitor.cause import MONITOR, SEEN, Decision
from monitor.facts import Facts
from monitor.flap import Flap
from monitor.health import HOLD, Fading, Silence, State, Verdict
from monitor.snapshot import LinkEndView, LinkView, Polled, Snapshot
from monitor.topology import Subject, Tree

_MATES_AFTER = 2  # misses after which those beside it are asked too


class Seen:
    """The memory between ticks; ``before`` are the states that the store had."""

    def __init__(
        self, tree: Tree, watched: frozenset[str], snapshot: Snapshot, before: dict[Subject, State], light: Baselines
    ) -> None:
        self.tree = tree
        self._watched = watched
        self._snapshot = snapshot
        self._before = before
        self._light = light
        self._silence: dict[str, Silence] = {}
        self._dark: dict[str, tuple[float, float]] = {}  # of a link, the first and the last look at a dark port
        self._ends_said: dict[str, dict[bool, float]] = {}  # of a link, when an end last said up (True) or dark
        self._looked: dict[str, tuple[float, bool]] = {}  # of a link, the last look, and whether it was dark then
        self._changed: dict[tuple[str, str], tuple[int, int]] = {}  # of an end: ifLastChange and sysUpTime
        self.flaps: dict[Subject, Flap] = {}
        self._fading: dict[tuple[str, str], Fading] = {}
        self.blind_since: float | None = None

    # --- nodes

    def node(self, node: str, facts: Facts, now: float) -> Verdict:
        polled = self._snapshot.polled.get(node, Polled(self.tree.kinds[node], node))
        heard = facts.heard.get(node)
        if node not in self._watched:
            return replace(health.unpolled(heard), at=now - heard if heard is not None else 0.0)
        verdict = health.of_node(polled, self._state(node), self._silence_of(node, polled), self._snapshot.interval)
        answered = polled.last_success_at or 0.0
        silent = self._silence.get(node)
        at = silent.since if silent and polled.missed else answered
        if heard is not None and verdict.state is State.DOWN and not verdict.doubtful and now - heard > at:
            why = f"RADIUS heard it {heard:.0f} s ago, but it cannot be read: {polled.error}"
            verdict = Verdict(State.WEAK, why)
            at = answered = now - heard
        return replace(verdict, at=at, answered_at=answered)

    def _silence_of(self, node: str, polled: Polled) -> Silence:
        if polled.missed == 0 or polled.tried_at is None:
            self._silence.pop(node, None)
            return Silence()
        return self._silence.setdefault(node, Silence(polled.tried_at))

    def _state(self, node: str) -> State:
        return self._before.get((self.tree.kinds[node], node), State.UNKNOWN)

    # --- links

    def view(self, link: Link) -> LinkView:
        assert link.a  # noqa: S101 - the tree holds active links, and references.py asks both ends of them
        assert link.b  # noqa: S101 - as above
        polled = self._snapshot.polled
        a = health.end_of_link(link.a.device, link.a.port, polled.get(link.a.device))
        b = health.end_of_link(link.b.device, link.b.port, polled.get(link.b.device))
        return LinkView(link.id, State.UNKNOWN, a, b)

    def link(self, view: LinkView) -> Verdict:
        verdict = health.of_link(view.a, view.b, fading=self._is_fading(view))
        contested = self._is_contested(view)
        looked = max(self._answered(end) for end in (view.a, view.b))
        flap = self._look(view, looked, dark=verdict.state is State.DOWN).now(looked)
        if verdict.state is State.UNKNOWN and self._stays_dark(view.id):
            verdict = Verdict(State.DOWN, "it was dark when an end of it could last be read")
        if verdict.state is State.DOWN:
            since, last = self._dark[view.id]
            before = self._before.get(("link", view.id), State.UNKNOWN)
            short = last - since < HOLD * self._snapshot.interval
            if before is not State.DOWN and (short or contested):
                known = before if before in SEEN else State.UNKNOWN
                verdict = Verdict(known, verdict.why, doubtful=True)
            return replace(verdict, at=since, answered_at=last, unsteady=flap.flapping)
        if verdict.state is not State.UNKNOWN and flap.flapping:
            return Verdict(State.WEAK, "it comes and goes", at=looked, unsteady=True)
        if verdict.state is State.UP and (poor := self._light.complaint((view.a, view.b))):
            verdict = Verdict(State.WEAK, poor)
        doubtful = verdict.state in SEEN and (flap.is_held or self._may_fade(view))
        return replace(verdict, at=looked, doubtful=doubtful, unsteady=flap.flapping)

    def _stays_dark(self, link: str) -> bool:
        """One lost answer of the end that sees the dark mends nothing."""
        return link in self._dark and self._before.get(("link", link)) in _BROKEN

    def _is_contested(self, view: LinkView) -> bool:
        """One end said up after the other's last word was dark: the other has to be asked again."""
        looks = self._ends_said.setdefault(view.id, {})
        looks |= {up: self._answered(end) for end in (view.a, view.b) if (up := end.up) is not None}
        both = True in looks and False in looks
        return both and looks[True] > looks[False]

    def _may_fade(self, view: LinkView) -> bool:
        fadings = [self._fading[view.id, end.device] for end in (view.a, view.b)]
        return any(fading.streak > 0 and not fading.weak for fading in fadings)

    def _look(self, view: LinkView, looked: float, *, dark: bool) -> Flap:
        """One more look at a link; the same answers twice are one look."""
        subject, (last, was_dark) = ("link", view.id), self._looked.get(view.id, (0.0, False))
        flap = self.flaps.get(subject, Flap())
        if looked <= last or (view.a.up is None and view.b.up is None):
            return flap
        changed = {self._changed_unseen(end) for end in (view.a, view.b)}  # both, so that each is remembered
        unseen = True in changed and not dark and not was_dark
        if last and ((dark and not was_dark) or unseen):
            flap = self.flaps[subject] = flap.dropped(looked)
        self._looked[view.id] = (looked, dark)
        if dark:
            since, _ = self._dark.get(view.id, (looked, looked))
            self._dark[view.id] = (since, looked)
        else:
            self._dark.pop(view.id, None)
        return flap

    def _changed_unseen(self, end: LinkEndView) -> bool:
        """A port that is up changed since the last look, and not because its device has started anew (ifLastChange)."""
        polled = self._snapshot.polled.get(end.device)
        port = polled.answers.port(end.port) if polled and polled.answers and not polled.missed else None
        uptime = polled.answers.system.get("sysUpTime") if polled and polled.answers else None
        if port is None or not isinstance(uptime, int) or "ifLastChange" not in port.values:
            return False
        now, before = (port.values["ifLastChange"], uptime), self._changed.get((end.device, end.port))
        self._changed[end.device, end.port] = now
        return before is not None and now[1] >= before[1] and now[0] > before[0]

    def _is_fading(self, view: LinkView) -> bool:
        for end in (view.a, view.b):
            self._light.take(end, self._answered(end), self._celsius(end))
            key = (view.id, end.device)
            self._fading[key] = health.fade(self._fading.get(key, Fading()), end.rx_dbm, self._answered(end))
        return any(self._fading[view.id, end.device].weak for end in (view.a, view.b))

    def _celsius(self, end: LinkEndView) -> float:
        """Of the module or of its device."""
        polled = self._snapshot.polled.get(end.device)
        answers = polled.answers if polled else None
        found = (answers.reading("temperature", end.port), answers.reading("temperature")) if answers else ()
        return next((value for value in found if value is not None), 0.0)

    def _answered(self, end: LinkEndView) -> float:
        polled = self._snapshot.polled.get(end.device)
        return (polled.last_success_at if polled else None) or 0.0

    # --- what follows

    def is_held(self, subject: Subject, now: float) -> bool:
        return self.flaps.get(subject, Flap()).now(now).is_held

    def doubts(self, nodes: Mapping[str, Verdict], links: Mapping[str, Verdict], before: float) -> set[str]:
        """Whom to ask again: those in doubt whose last try was before that time, and those above and beside them."""
        ask: set[str] = set()
        for node, verdict in nodes.items():
            if verdict.doubtful or (verdict.state is State.DOWN and self._state(node) not in _BROKEN):
                ask |= self._due({node}, before) | self._due(self._around(node), verdict.at)
        for link, verdict in links.items():
            flapped = self.flaps.get(("link", link))
            view = self._snapshot.links.get(link)
            mending = view is not None and {view.a.up, view.b.up} == {True, False}
            if verdict.doubtful or mending or (flapped and before - flapped.at < self._snapshot.interval):
                ask |= self._due({self.tree.links[link].upper, self.tree.links[link].lower}, before)
        return ask

    def _around(self, node: str) -> set[str]:
        polled = self._snapshot.polled.get(node)
        late = polled is not None and polled.missed >= _MATES_AFTER
        above = self.tree.ancestors(node)
        below = {edge.other(node) for edge in self.tree.near.get(node, ())} if not above else set()
        return above | below | (self.tree.mates(node) if late else set())

    def _due(self, names: set[str], before: float) -> set[str]:
        polled = {name: self._snapshot.polled.get(name) for name in names & self._watched}
        return {name for name, one in polled.items() if one is None or (one.tried_at or 0.0) < before}

    def turned(self, decision: Decision) -> set[str]:
        """Those that came into a shadow or out of one, and those beside what has just come back."""
        asked: set[str] = set()
        for node, kind in self.tree.kinds.items():
            was, verdict = self._state(node), decision.states.get((kind, node))
            now = verdict.state if verdict else was
            if (was is State.SHADOW) != (now is State.SHADOW) or (self.blind_since is not None) != decision.is_blind:
                asked.add(node)
            elif was is State.DOWN and now in SEEN:
                asked |= {mate for mate in self.tree.mates(node) if self._state(mate) is State.DOWN}
        return asked

    def remember(self, decision: Decision, now: float) -> dict[Subject, State]:
        for subject, verdict in decision.states.items():
            if verdict.state is State.DOWN and subject[0] != "link" and self._before.get(subject) in SEEN:
                self.flaps[subject] = self.flaps.get(subject, Flap()).dropped(now)
            self._before[subject] = verdict.state
        self.blind_since = decision.states[MONITOR].at if decision.is_blind else None
        for node in self.tree.kinds:
            polled = self._snapshot.polled.get(node)
            if (
                polled
                and polled.tried_at
                and polled.missed
                and (decision.is_blind or self._state(node) is State.SHADOW)
            ):
                self._silence[node] = Silence(polled.tried_at, polled.missed)
        return self._before


_BROKEN = (State.DOWN, State.SHADOW)
