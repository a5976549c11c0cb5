"""One decision for all at once (pure): who is a cause, who is only in its shadow, who has to wait for a closer look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from monitor import gathering
from monitor.cause import BLIND, MONITOR, SEEN, Cause, Decision
from monitor.health import State, Verdict
from monitor.topology import Edge, Subject, Tree


def decide(
    tree: Tree, nodes: Mapping[str, Verdict], links: Mapping[str, Verdict], blind_since: float | None = None
) -> Decision:
    """All states and causes of one moment; ``blind_since``: the monitor was cut off when it last decided."""
    case = _Case(tree, nodes, links)
    since = case.still_blind(blind_since) if blind_since is not None else case.blind_since()
    if since is not None:
        return case.blind(since)
    case.judge()
    return case.decision


def _is_down(verdict: Verdict) -> bool:
    return verdict.state is State.DOWN and not verdict.doubtful


def _answers(verdict: Verdict) -> bool:
    return verdict.state in SEEN and not verdict.doubtful


def _is_news(one: Verdict, dark: Verdict) -> bool:
    """Not looked at since the other went dark, or seen up after the last look at the other."""
    looked = one.answered_at if _is_down(one) else one.at
    return looked < dark.at or (one.state in SEEN and looked > dark.answered_at)


class _Case:
    def __init__(self, tree: Tree, nodes: Mapping[str, Verdict], links: Mapping[str, Verdict]) -> None:
        self.tree, self.nodes = tree, nodes
        self.decision = Decision()
        self.dead = {node for node, verdict in nodes.items() if _is_down(verdict)}
        self.links = {link: self._settled(link, verdict) for link, verdict in links.items()}
        self.fallen = {node for node in self.dead if self._fell(node)}
        self.dead_links = {
            link for link, verdict in self.links.items() if _is_down(verdict) and not self._ends_fallen(link)
        }
        self.way = tree.reached(self.dead, self.dead_links)

    # --- the monitor itself

    def blind_since(self) -> float | None:
        """Every root is down, and nothing at all has answered since: what is broken is our own way out."""
        asked = [node for node, verdict in self.nodes.items() if verdict.polled and verdict.state is not State.UNKNOWN]
        roots = [self.nodes[node] for node in self.tree.roots if node in asked]
        if len(asked) < 2 or not roots or not all(_is_down(verdict) for verdict in roots):
            return None
        return self.still_blind(min(verdict.at for verdict in roots))

    def still_blind(self, since: float) -> float | None:
        """Until anything answers; then everybody's silence begins anew."""
        seen = any(_answers(verdict) and verdict.at > since for verdict in self.nodes.values())
        return None if seen else since

    def blind(self, since: float) -> Decision:
        unseen = Verdict(State.UNKNOWN, "nothing answers: the monitor itself is cut off")
        self.decision.states |= {(self.tree.kinds[node], node): unseen for node in self.nodes}
        self.decision.states |= {("link", link): unseen for link in self.links}
        polled = sum(verdict.polled for verdict in self.nodes.values())
        self.decision.states[MONITOR] = Verdict(State.DOWN, f"none of {polled} devices answers any more", at=since)
        self.decision.darkened[BLIND], self.decision.beyond[BLIND] = set(), set(self.nodes)
        return self.decision

    # --- everything else

    def judge(self) -> None:
        if any(_answers(verdict) for verdict in self.nodes.values()):
            self.decision.states[MONITOR] = Verdict(State.UP, "something answers")
        for node in sorted(self.way):
            self._reached(node)
        for link in self.links:
            self._link(link)
        for node in sorted(set(self.nodes) - self.way):
            self._behind(node)
        for link in self.links:
            self._link_behind(link)
        gathering.sections(self.tree, self.decision)
        gathering.wait_for_other_ways(self.tree, self.decision)
        gathering.power_cuts(self.tree, self.decision)

    def _settled(self, link: str, verdict: Verdict) -> Verdict:
        """Of a link between two dead ends nobody can say any more: it is no question to wait for."""
        edge = self.tree.links[link]
        if verdict.doubtful and {edge.upper, edge.lower} <= self.dead:
            return replace(verdict, state=State.UNKNOWN, doubtful=False)
        return verdict

    def _fell(self, node: str) -> bool:
        """All its links (more than one) went dark when it fell silent: not they are broken, it is."""
        seen = [self.links[link] for link in self._seen_links(node)]
        silent = self.nodes[node].answered_at
        return len(seen) > 1 and all(_is_down(link) and link.at >= silent for link in seen)

    def _seen_links(self, node: str) -> list[str]:
        """Those of its links of which anything is known."""
        links = [link for link in self.tree.links_of(node) if link in self.links]
        return [link for link in links if self.links[link].state is not State.UNKNOWN or self.links[link].doubtful]

    def _ends_fallen(self, link: str) -> bool:
        edge = self.tree.links[link]
        return bool(self.fallen & {edge.upper, edge.lower})

    def _reached(self, node: str) -> None:
        subject, verdict = (self.tree.kinds[node], node), self.nodes[node]
        if not _is_down(verdict):
            self.decision.states[subject] = verdict
        elif self._must_wait(node, verdict):
            self.decision.waiting.add(subject)
        elif flapping := self._behind_flapping(node):
            self.decision.states[subject] = Verdict(State.SHADOW, "the way to it comes and goes")
            self._blame(flapping, subject, node)
        else:
            self.decision.states[subject] = verdict
            cause = Cause(f"{self.tree.kinds[node]}-down", *subject)
            self._open(cause, {node})

    def _must_wait(self, node: str, verdict: Verdict) -> bool:
        """Something above or beside it has not been looked at since it fell silent: perhaps that is why."""
        if any(self.links[link].doubtful for link in self.tree.links_above(node) if link in self.links):
            return True
        above = self.tree.ancestors(node) & self.way
        others = above | ((self.tree.mates(node) & self.way) - self.dead)
        return any(self._is_open(self.nodes[other], verdict.at) for other in others if other in self.nodes)

    def _is_open(self, verdict: Verdict, since: float) -> bool:
        return verdict.polled and (verdict.doubtful or (verdict.state in SEEN and verdict.at < since))

    def _behind_flapping(self, node: str) -> Cause | None:
        """Only when no steady way leads to it."""
        shaky = {link for link, verdict in self.links.items() if verdict.unsteady}
        if not shaky or node in self.tree.reached(self.dead, self.dead_links | shaky):
            return None
        edges = (edge.link for edge in self.tree.nearest(node) if edge.link in shaky)
        return next((Cause("link-flapping", "link", link) for link in edges if link), None)

    def _link(self, link: str) -> None:
        edge, subject, verdict = self.tree.links[link], ("link", link), self.links[link]
        living = {edge.upper, edge.lower} & (self.way - self.dead)
        cause = None
        if _is_down(verdict) and self._end_may_fall(link):
            self.decision.waiting.add(subject)
            return
        if _is_down(verdict):
            cause = Cause("link-down", *subject) if living and link in self.dead_links else None
            verdict = verdict if cause else Verdict(State.SHADOW, "an end of it is down")
        elif verdict.unsteady:
            cause = Cause("link-flapping", *subject) if living else None
        elif verdict.state is State.WEAK:
            cause = Cause("optics-weak", *subject)
        elif verdict.state is State.UNKNOWN and len(living) < 2:
            verdict = Verdict(State.SHADOW, "an end of it is down")
        self.decision.states[subject] = verdict
        if cause:
            self._open(cause, set())

    def _end_may_fall(self, link: str) -> bool:
        """An end that may be silent, and all its other links dark: it may be the cause, and not all is known yet."""
        edge, dark = self.tree.links[link], self.links[link]
        for end in {edge.upper, edge.lower} - self.fallen:
            verdict, others = self.nodes[end], [self.links[x] for x in self._seen_links(end) if x != link]
            unasked = verdict.polled and verdict.state in SEEN and verdict.at < dark.at
            silent = verdict.doubtful or verdict.state is State.DOWN or unasked
            if not others or not silent or dark.at < verdict.answered_at:
                continue
            if any(_is_down(one) and one.at < verdict.answered_at for one in others):
                continue  # it was dark while this end still answered
            open_questions = [one for one in others if one.doubtful or _is_news(one, dark)]
            settled = [one for one in others if one not in open_questions]
            if all(_is_down(one) for one in settled) and (open_questions or verdict.doubtful or unasked):
                return True
        return False

    def _behind(self, node: str) -> None:
        """The way to it is down: it is in the shadow of what is nearest, unless it has answered since that is down."""
        subject, verdict, cause = (self.tree.kinds[node], node), self.nodes[node], self._nearest_cause(node)
        if cause is None:
            self.decision.waiting.add(subject)
            return
        answered = _answers(verdict) and verdict.at > self.decision.states[cause.kind, cause.subject].at
        if answered:
            self.decision.states[subject] = verdict
            self.decision.beyond[cause].add(node)
        else:
            self.decision.states[subject] = Verdict(State.SHADOW, "the way to it is down")
            self._blame(cause, subject, node)

    def _link_behind(self, link: str) -> None:
        edge, subject = self.tree.links[link], ("link", link)
        if subject not in self.decision.states or self.decision.states[subject].state is not State.SHADOW:
            return
        for end in (edge.upper, edge.lower):
            own = Cause(f"{self.tree.kinds[end]}-down", self.tree.kinds[end], end)
            cause = own if own in self.decision.darkened else self._nearest_cause(end)
            if cause:
                self.decision.darkened[cause].add(subject)
                return

    def _nearest_cause(self, node: str) -> Cause | None:
        for edge in self.tree.nearest(node):
            for cause in self._at(edge, edge.upper), self._at(edge, edge.lower):
                if cause and cause.subject != node:
                    return cause
        return None

    def _at(self, edge: Edge, end: str) -> Cause | None:
        kind = self.tree.kinds[end]
        link = edge.link or ""
        for cause in (
            Cause("link-down", "link", link), Cause("link-flapping", "link", link), Cause(f"{kind}-down", kind, end),
        ):  # fmt: skip
            if cause in self.decision.darkened:
                return cause
        return None

    def _open(self, cause: Cause, beyond: set[str]) -> None:
        self.decision.darkened.setdefault(cause, set())
        self.decision.beyond.setdefault(cause, set()).update(beyond)

    def _blame(self, cause: Cause, subject: Subject, node: str) -> None:
        self._open(cause, {node})
        self.decision.darkened[cause].add(subject)
