"""The fibre network as a tree with its optical power, its roll-out and where it is cut (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hotspot.sites.model import Device, Link, Sites
from hotspot.splices import Hint, Span, Splice, near
from office.facts import Condition, Incident, Subject
from office.town import UNKNOWN, UP, WEAK, link_state

WIDTH, HEIGHT = 160.0, 28.0  # of the drawing of a trend
FALL = 3.0  # dB in the time shown: a connector or a bend that gets worse (design: drop > 3 dB)
Port = tuple[str, str]  # device and port


@dataclass(frozen=True)
class Light:
    """Received power at a port, a mean for each day, the oldest first; ``lowest`` is the worst hour of the last day."""

    days: tuple[float, ...]
    lowest: float

    @property
    def now(self) -> float:
        return self.days[-1]

    @property
    def change(self) -> float:
        """How many dB since the time shown began; below zero it has become darker."""
        return self.days[-1] - self.days[0]

    @property
    def falls(self) -> bool:
        return self.change <= -FALL

    @property
    def path(self) -> str:
        """The days as a line on a drawing, the brightest on top."""
        low, high = min(self.days), max(self.days)
        wide = WIDTH / max(len(self.days) - 1, 1)
        tall = max(high - low, 1.0)  # noise of a tenth of a dB stays flat
        points = (f"{i * wide:.1f},{(high - value) / tall * (HEIGHT - 4) + 2:.1f}" for i, value in enumerate(self.days))
        return " ".join(points)


@dataclass(frozen=True)
class Outlook:
    """What the monitor makes of a port's light over days; ``bent`` is when it changed at once, and by how many dB."""

    drop: float
    days_left: int | None = None
    bent: tuple[int, float] | None = None


@dataclass(frozen=True)
class Branch:
    """A piece of equipment, the link that leads to it, and what hangs on it."""

    name: str
    place: str
    state: str
    link: Link | None
    link_state: str
    light: Light | None
    outlook: Outlook | None
    below: tuple[Branch, ...]


@dataclass(frozen=True)
class Step:
    """A district in the roll-out."""

    place: str
    state: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Cut:
    """Between which two pieces of equipment the trouble lies, and how far it may be from the living one."""

    incident: Incident
    last_alive: str | None
    first_dead: str
    km: float | None
    contractor: str | None
    dark: int


@dataclass(frozen=True)
class Readings:
    """What the monitor says of everything."""

    conditions: Mapping[Subject, Condition]
    light: Mapping[Port, Light]
    outlooks: Mapping[tuple[str, str], Outlook] = field(default_factory=dict)  # by link and the device that receives


def trees(sites: Sites, readings: Readings) -> tuple[Branch, ...]:
    """From each root down over active links."""
    reached: set[str] = set()
    fed = {link.b.device for link in sites.links if link.status == "active" and link.a and link.b}
    feeding = {link.a.device for link in sites.links if link.status == "active" and link.a}
    roots = [device for device in sites.devices if device.root or (device.id in feeding and device.id not in fed)]
    return tuple(_branch(root, None, sites, readings, reached) for root in roots)


def roll_out(sites: Sites, conditions: Mapping[Subject, Condition]) -> tuple[Step, ...]:
    """Each district once: active ones as the monitor sees them, then those being built, then the planned ones."""
    steps = []
    for place in sites.kecamatan:
        links = tuple(link for link in sites.links if link.kecamatan == place.code)
        active = [link for link in links if link.status == "active"]
        building = any(link.status == "building" for link in links)
        state = link_state(active[0], conditions) if active else ("building" if building else "planned")
        steps.append(Step(place.name, state, links))
    order = {"building": 1, "planned": 2}
    return tuple(sorted(steps, key=lambda step: order.get(step.state, 0)))


def cuts(sites: Sites, conditions: Mapping[Subject, Condition], incidents: Sequence[Incident]) -> tuple[Cut, ...]:
    """One for each open incident of a link or of equipment that hangs on one."""
    found = []
    for incident in incidents:
        kind, name = incident.root
        link = sites.link.get(name) if kind == "link" else _link_to(name, sites)
        if incident.closed_at is not None or link is None or link.a is None or link.b is None:
            continue
        if incident.cause == "optics-weak":
            continue
        upper, lower = link.a.device, link.b.device
        alive = conditions.get(("device", upper), Condition(UNKNOWN, 0)).word in (UP, WEAK)
        length = link.length_km if kind == "link" else None
        found.append(
            Cut(incident, upper if alive else None, lower, length, link.contractor, dark=len(incident.members))
        )
    return tuple(found)


def hint(link: Link, km: float) -> Hint | None:
    """Where on a line a measured distance lies; None for a line of unknown length, or a distance that is not on it."""
    if link.a is None or link.b is None or link.length_km is None or not 0 <= km <= link.length_km:
        return None
    joints = tuple(Splice(joint.name, joint.km) for joint in link.splices)
    return near(Span((link.a.device, link.b.device), link.length_km, joints), km)


def _link_to(device: str, sites: Sites) -> Link | None:
    return next((x for x in sites.links if x.status == "active" and x.b and x.b.device == device), None)


def _branch(device: Device, link: Link | None, sites: Sites, readings: Readings, reached: set[str]) -> Branch:
    """``reached`` keeps a ring from being walked for ever: a device stands where it is met first."""
    reached.add(device.id)
    below = []
    for one in sites.links:
        if one.status != "active" or not one.a or not one.b or one.a.device != device.id or one.b.device in reached:
            continue
        below.append(_branch(sites.device[one.b.device], one, sites, readings, reached))
    subject = ("device", device.id)
    return Branch(
        name=device.id,
        place=sites.kecamatan_name.get(device.kecamatan or "", ""),
        state=readings.conditions[subject].word if subject in readings.conditions else UNKNOWN,
        link=link,
        link_state=link_state(link, readings.conditions) if link else "",
        light=readings.light.get((link.b.device, link.b.port)) if link and link.b else None,
        outlook=readings.outlooks.get((link.id, device.id)) if link else None,
        below=tuple(below),
    )
