"""Where along a fibre a measured distance lies, by the joints of its as-built list (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

ACCURACY_KM = 0.3  # of an OTDR on a spliced line, whose fibre is longer than its cable


@dataclass(frozen=True)
class Splice:
    """A joint: its name, and how far it is from the end that is nearer to the root."""

    name: str
    km: float


@dataclass(frozen=True)
class Hint:
    """Between which joints a break lies; ``from_km`` and ``to_km`` from the nearer end."""

    between: tuple[str, str]
    from_km: float
    to_km: float


@dataclass(frozen=True)
class Span:
    ends: tuple[str, str]
    length_km: float
    splices: tuple[Splice, ...] = field(default=())


def near(span: Span, km: float, accuracy_km: float = ACCURACY_KM) -> Hint:
    """Where a measured distance (OTDR, or the ranging of a PON) lies in the list of joints."""
    joints: Sequence[Splice] = sorted(
        [Splice(span.ends[0], 0.0), *span.splices, Splice(span.ends[1], span.length_km)], key=lambda joint: joint.km
    )
    before = [joint for joint in joints if joint.km <= max(0.0, km - accuracy_km)] or [joints[0]]
    behind = [joint for joint in joints if joint.km >= min(span.length_km, km + accuracy_km)] or [joints[-1]]
    return Hint((before[-1].name, behind[0].name), before[-1].km, behind[0].km)
