"""One fault script: what breaks when, and the truth about it for the scorer; seeded, and never seen by the monitor."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.monitor import rings
from lab.network import Cable, Network
from lab.optics import loss, sent

Subject = tuple[str, str]
BEGIN, MINUTE = 1_780_000_000.0, 60.0
KINDS = (
    "cut-leaf", "cut-trunk", "cut-ring-once", "cut-ring-twice", "power-switch", "power-point", "power-nas",
    "power-district", "power-ring", "trench-ring", "reboot", "flap", "fade", "blind", "quiet", "two-at-once",
    "cut-in-maintenance",
)  # fmt: skip


@dataclass(frozen=True)
class Fact:
    """One true cause. An incident about any of ``at`` names it; ``must``: it has to be told.

    ``told_from`` is when it could first be known for what it is; ``grades`` are the true kinds of cause.
    """

    what: str
    began: float
    ended: float
    at: frozenset[Subject]
    must: bool = True
    told_from: float = 0.0
    grades: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Act:
    at: float
    word: str  # cut mend fade kill revive reboot blind sight
    on: str
    amount: float = 0.0


@dataclass
class Script:
    seed: int
    kind: str
    minutes: float
    loss: float
    acts: list[Act] = field(default_factory=list)
    truth: list[Fact] = field(default_factory=list)
    windows: list[tuple[str, str, float, float]] = field(default_factory=list)


def script(seed: int, network: Network) -> Script:
    """Kinds take turns, so that all are judged equally often; one that the town has no room for is a quiet one."""
    chance = random.Random(f"script/{seed}")  # noqa: S311 - repeatable, no secret
    made = Script(seed, KINDS[seed % len(KINDS)], minutes=24, loss=chance.uniform(0, 0.03))
    _Writer(made, network, chance).write()
    made.acts.sort(key=lambda act: act.at)
    return made


class _Writer:
    def __init__(self, script: Script, network: Network, chance: random.Random) -> None:
        self.script, self.network, self.chance = script, network, chance
        self.at = BEGIN + chance.uniform(4, 6) * MINUTE
        self.fibres = [cable for cable in network.cables.values() if cable.fibre and cable.lit]

    def write(self) -> None:
        kinds: dict[str, Callable[[], None]] = {
            "cut-leaf": lambda: self._cut(self._pick(self._leaves())),
            "cut-trunk": lambda: self._cut(self._pick(self._trunks() or self._ring())),
            "cut-ring-once": lambda: self._cut(self._pick(self._ring() or self._trunks())),
            "cut-ring-twice": self._cut_twice,
            "power-switch": lambda: self._kill(self._pick([x for x in self._nodes("switch") if self._fed(x)])),
            "power-point": lambda: self._kill(self._pick(self._nodes("ap"))),
            "power-nas": lambda: self._kill(self._pick(self._nases())),
            "power-district": self._blackout,
            "power-ring": self._dark_section,
            "trench-ring": self._trench,
            "reboot": self._reboot,
            "flap": self._flap,
            "fade": self._fade,
            "blind": self._blind,
            "quiet": lambda: None,
            "two-at-once": self._two,
            "cut-in-maintenance": self._work,
        }
        kinds[self.script.kind]()

    # --- what may break

    def _pick(self, among: list[str]) -> str | None:
        return self.chance.choice(sorted(among)) if among else None

    def _ring(self) -> list[str]:
        return [cable.name for cable in self.fibres if rings.closes(self.network, cable)]

    def _leaves(self) -> list[str]:
        return [c.name for c in self.fibres if c.lower and len(self._fibres_of(c.lower)) == 1]

    def _trunks(self) -> list[str]:
        return [
            c.name
            for c in self.fibres
            if c.lower and len(self._fibres_of(c.lower)) > 1 and not rings.closes(self.network, c)
        ]

    def _fibres_of(self, node: str) -> list[Cable]:
        return [cable for cable in self.network.near.get(node, ()) if cable.fibre]

    def _nodes(self, role: str) -> list[str]:
        polled = [(name, node) for name, node in self.network.nodes.items() if node.snmp]
        return [name for name, node in polled if getattr(node, "role", "") == role]

    def _nases(self) -> list[str]:
        return [name for name, node in self.network.nodes.items() if not hasattr(node, "role") and node.snmp]

    def _fed(self, name: str) -> bool:
        return bool(self._fibres_of(name))

    # --- what happens

    def _until(self, low: float = 5, high: float = 9) -> float:
        return self.at + self.chance.uniform(low, high) * MINUTE

    def _do(self, word: str, on: str, at: float, amount: float = 0.0) -> None:
        self.script.acts.append(Act(at, word, on, amount))

    def _tell(self, what: str, ended: float, at: set[Subject], grades: set[str], **more: object) -> None:
        began = float(str(more.pop("began", self.at)))
        must = bool(more.pop("must", True))
        told = float(str(more.pop("told_from", began)))
        self.script.truth.append(Fact(what, began, ended, frozenset(at), must, told, frozenset(grades)))

    def _cut(self, name: str | None, ended: float | None = None) -> None:
        if name is None:
            return
        end = ended or self._until()
        self._do("cut", name, self.at)
        self._do("mend", name, end)
        self._tell("cut", end, {("link", name)}, {"fibre"})

    def _cut_twice(self) -> None:
        """Both sides of a ring, some time apart; what lies between is dark from the second on."""
        ring = self._ring()
        first = self._pick(ring)
        others = [name for name in ring if name != first]
        if first is None or not others:
            return
        end = self._until(9, 12)
        self._cut(first, end)
        self.at += self.chance.uniform(3, 5) * MINUTE
        self._cut(self._pick(others), end)

    def _subjects(self, node: str) -> set[Subject]:
        """A device at the end of its only fibre and that fibre look alike from the other end."""
        kind = "device" if hasattr(self.network.nodes[node], "role") else "nas"
        fibres = self._fibres_of(node)
        feeding = [cable for cable in fibres if cable.lower == node] if not self._rings(fibres) else []
        found: set[Subject] = {(kind, node), *(("link", cable.name) for cable in feeding)}
        return found

    def _rings(self, fibres: list[Cable]) -> bool:
        return any(rings.closes(self.network, cable) for cable in fibres)

    def _kill(self, node: str | None, what: str = "power") -> None:
        if node is None:
            return
        end = self._until()
        self._do("kill", node, self.at)
        self._do("revive", node, end)
        self._tell(what, end, self._subjects(node), {"power", "device"})

    def _blackout(self) -> None:
        """Every NAS and access point of a district; its switch stands elsewhere and has a battery."""
        site = self._pick(sorted({str(node.site) for node in self.network.nodes.values() if node.site}))
        nodes = [name for name, node in self.network.nodes.items() if node.site == site]
        end = self._until()
        for node in nodes:
            self._do("kill", node, self.at)
            self._do("revive", node, end + self.chance.uniform(0, 20))
        subjects: set[Subject] = {("device" if hasattr(self.network.nodes[n], "role") else "nas", n) for n in nodes}
        self._tell("blackout", end + 20, subjects | {("site", str(site))}, {"power"})

    def _section(self) -> list[str]:
        """Two switches that follow each other in a ring, neither of them a root."""
        switches = set(self._nodes("switch")) - self.network.roots
        pairs = {name: self.network.cables[name] for name in self._ring()}
        name = self._pick([name for name, pair in pairs.items() if {pair.upper, pair.lower} <= switches])
        return [pairs[name].upper, str(pairs[name].lower)] if name else []

    def _dark_section(self) -> None:
        """The power of a ring's region fails: its switches, and all that is plugged into them."""
        section, end = self._section(), self._until()
        for node in [*section, *rings.plugged(self.network, section)]:
            self._do("kill", node, self.at + self.chance.uniform(0, 3))
            self._do("revive", node, end + self.chance.uniform(0, 40))
        self._tell_section("blackout", section, end + 40, "power")

    def _trench(self) -> None:
        """One digger takes all fibres into a section of a ring, which lay in one trench."""
        section, end = self._section(), self._until()
        for name in rings.around(self.network, section):
            self._do("cut", name, self.at + self.chance.uniform(0, 2))
            self._do("mend", name, end + self.chance.uniform(0, 60))
        self._tell_section("trench", section, end + 60, "fibre")

    def _tell_section(self, what: str, section: list[str], ended: float, grade: str) -> None:
        """No message about one of its links or devices is right: each is a part of it."""
        if section:
            self._tell(what, ended, {("section", node) for node in section}, {grade})

    def _reboot(self) -> None:
        """Ports get other numbers meanwhile; a short one need not be told."""
        node = self._pick([*self._nodes("switch"), *self._nodes("ap"), *self._nases()])
        if node is None:
            return
        seconds = self.chance.choice((25.0, 35.0, 200.0, 260.0))
        self._do("reboot", node, self.at, seconds)
        must = seconds > 3 * MINUTE
        self._tell("reboot", self.at + seconds, self._subjects(node), {"power", "device"}, must=must)

    def _flap(self) -> None:
        """Down and up every few seconds for some minutes: from the third drop on it is known for what it is."""
        name = self._pick([cable.name for cable in self.fibres])
        if name is None:
            return
        at, drops = self.at, []
        for _ in range(self.chance.randint(12, 20)):
            drops.append(at)
            down, up = self.chance.uniform(4, 18), self.chance.uniform(4, 18)
            self._do("cut", name, at)
            self._do("mend", name, at + down)
            at += down + up
        self._tell("flap", at, {("link", name)}, {"fibre", "unknown"}, told_from=drops[2])

    def _fade(self) -> None:
        """So much that the weaker end receives between -20.5 and -22.5 dBm, and still works."""
        name = self._pick([cable.name for cable in self.fibres])
        if name is None:
            return
        cable, seed = self.network.cables[name], self.network.seed
        lower, port = str(cable.lower), str(cable.lower_port)
        weaker = min(sent(seed, cable.upper, cable.upper_port), sent(seed, lower, port)) - loss(seed, cable)
        end = self._until(7, 10)
        self._do("fade", name, self.at, weaker + self.chance.uniform(20.8, 22.3))
        self._do("mend", name, end)
        self._tell("fade", end, {("link", name)}, {"fibre"})

    def _blind(self) -> None:
        end = self._until(4, 8)
        self._do("blind", "", self.at)
        self._do("sight", "", end)
        self._tell("blind", end, {("monitor", "monitor")}, set())

    def _two(self) -> None:
        """Two things far apart break within a minute: two causes."""
        first = self._pick(self._leaves())
        self._cut(first)
        self.at += self.chance.uniform(0, 1) * MINUTE
        cable = self.network.cables.get(first or "")
        beyond = set(self.network.beyond[cable.name]) if cable else set()
        self._kill(self._pick([x for x in self._nodes("ap") if x not in beyond]), "power")

    def _work(self) -> None:
        """Announced work on the switch at the end: what it darkens is recorded, and nobody is woken."""
        name = self._pick(self._leaves())
        if name is None:
            return
        end = self._until()
        self._do("cut", name, self.at)
        self._do("mend", name, end)
        self.script.windows.append(("link", name, self.at - MINUTE, end + 5 * MINUTE))
