"""How one device, NAS or link is by its own evidence alone (pure); what the tree makes of it is topology's business."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from monitor.snapshot import LinkEndView, Polled

# One lost answer is nothing: a device is down when so many polls in a row got no sign of life and the last of them came
# at least half an interval after the first. After a miss it is asked again soon, so this takes no second interval.
PATIENCE = 3
HOLD = 0.5  # of an interval; as long a port has to stay dark before its link is down
RETRY = 1 / 6  # of an interval between two looks at what is in doubt
HEARD_SECONDS = 900  # a NAS that RADIUS heard so recently is alive; its silence says nothing, nights are quiet

# Received light: a common 20 km 1000BASE-LX module hears down to -23 dBm (IEEE 802.3 clause 38 asks for -19 at 5 km),
# and less than 3 dB above that it fails at the next warm day. A reading jitters, so it has to stay and to clear well.
RX_WEAK_DBM = -20.0
RX_CLEAR_DB = 0.5
RX_SAMPLES = 3


class State(StrEnum):
    UP = "up"
    WEAK = "weak"  # it works, and needs somebody
    DOWN = "down"
    SHADOW = "shadow"  # not seen, because something nearer is down
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Verdict:
    """``doubtful``: it has just not answered or gone dark, and another look will tell.

    ``at``: when it last answered, or since when it has not, or is dark; ``answered_at`` is the last answer in any case.
    ``unsteady``: a link that comes and goes. ``polled``: somebody asks it, so that it will be asked again.
    """

    state: State
    why: str
    doubtful: bool = False
    at: float = 0.0
    answered_at: float = 0.0
    unsteady: bool = False
    polled: bool = True


@dataclass(frozen=True)
class Fading:
    """How long an end of a link has received too little."""

    weak: bool = False
    streak: int = 0
    at: float = 0.0


@dataclass(frozen=True)
class Silence:
    """Misses in a row since ``since``; ``forgiven`` of them had another cause."""

    since: float = 0.0
    forgiven: int = 0

    def is_long(self, polled: Polled, interval: float) -> bool:
        passed = (polled.tried_at or 0.0) - self.since
        return polled.missed - self.forgiven >= PATIENCE and passed >= HOLD * interval


def unpolled(heard: float | None) -> Verdict:
    """A NAS that nobody asks; ``heard``: seconds since RADIUS heard it."""
    if heard is not None and heard <= HEARD_SECONDS:
        return Verdict(State.UP, f"RADIUS heard it {heard:.0f} s ago", polled=False)
    return Verdict(State.UNKNOWN, "it is neither polled nor pinged, and RADIUS has not heard it lately", polled=False)


def of_node(polled: Polled, before: State, silence: Silence, interval: float) -> Verdict:
    if polled.tried_at is None:
        return Verdict(State.UNKNOWN, "not polled yet")
    if polled.missed == 0:
        return Verdict(State.UP, "it answers")
    if before is not State.DOWN and not silence.is_long(polled, interval):
        known = before if before in (State.UP, State.WEAK) else State.UNKNOWN
        return Verdict(known, f"no answer to the last poll: {polled.error}", doubtful=True)
    if polled.alive:
        return Verdict(State.WEAK, f"it is there, but cannot be read: {polled.error}")
    return Verdict(State.DOWN, f"{polled.missed} polls without an answer: {polled.error}")


def of_link(a: LinkEndView, b: LinkEndView, *, fading: bool) -> Verdict:
    """Light at one end is enough to be up, as long as the other does not say that its port is down."""
    dark = [end for end in (a, b) if end.up is False]
    if dark:
        return Verdict(State.DOWN, " and ".join(f"port {end.port} of {end.device} is down" for end in dark))
    if a.up is None and b.up is None:
        return Verdict(State.UNKNOWN, "neither end can be read")
    if fading:
        levels = ", ".join(f"{end.device} receives {end.rx_dbm:.1f} dBm" for end in (a, b) if end.rx_dbm is not None)
        return Verdict(State.WEAK, f"{levels}; below {RX_WEAK_DBM:g} dBm a link is near its end")
    return Verdict(State.UP, "its ports are up")


def end_of_link(device: str, port: str, polled: Polled | None) -> LinkEndView:
    """What a device says of its end; nothing when it does not answer now, or has no such port."""
    if polled is None or polled.answers is None or polled.missed:
        return LinkEndView(device, port)
    answers = polled.answers
    found = answers.port(port)
    rx, tx = answers.reading("rx-power", port), answers.reading("tx-power", port)
    return LinkEndView(device, port, found.is_up if found else None, rx, tx)


def fade(before: Fading, rx_dbm: float | None, at: float) -> Fading:
    """One more sample of received light, taken at ``at``; the same sample twice counts once."""
    if rx_dbm is None or at <= before.at:
        return before
    if rx_dbm >= RX_WEAK_DBM + RX_CLEAR_DB:
        return Fading(at=at)
    streak = before.streak + 1 if rx_dbm < RX_WEAK_DBM else 0
    return Fading(before.weak or streak >= RX_SAMPLES, streak, at)


def restarted(before: float, after: float, passed: float) -> bool:
    """Whether sysUpTime (seconds) fell because the device started anew, and not because its 32 bits were full."""
    wrap = 2**32 / 100
    wrapped = before + passed >= wrap and after < passed + 60
    return after < before and not wrapped
