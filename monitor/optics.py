"""Light in a fibre over days (pure): baseline, drop with hysteresis, loss between ends, days left.

DOM is only true to some decibels (SFF-8472 asks for 3 dB) but repeats itself well, so what counts is the drop from the
port's own baseline. All levels are dBm, all losses and drops dB.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import median
from typing import Literal

from monitor.optics_trend import Point, Slope, Step, detrended, step, theil_sen

Level = Literal["good", "info", "warn", "critical"]
QUIET_DAYS = 7  # whose median is the baseline, unless the hand-over's value was typed in
DROPS: tuple[tuple[Level, float], ...] = (("critical", 3.0), ("warn", 2.0), ("info", 1.0))
HYSTERESIS = 0.5
SAMPLES = 3  # that have to agree; one sample never alarms
MARGIN = 3.0  # above the module's sensitivity, below which a link fails at the next warm day
SENSITIVITY = -23.0  # of a 20 km 1000BASE-LX module, where the module itself does not tell
SOON = 60.0  # days; what is further away is not worth a word
FIBRE_LOSS = 0.35  # dB/km at 1310 nm (ITU-T G.652)
_STEP = 1.0


@dataclass(frozen=True)
class Learned:
    """What is kept of one port's received light. ``days`` are daily medians by day number, ``heat`` their temperatures.

    ``streak`` counts samples that ask for ``asked`` instead of ``level``.
    """

    baseline: float | None = None
    days: tuple[Point, ...] = ()
    heat: tuple[float, ...] = ()
    level: Level = "good"
    asked: Level = "good"
    streak: int = 0

    def with_day(self, day: float, value: float, temperature: float) -> Learned:
        """One more finished day; the baseline is learned once and never follows what fades."""
        if self.days and day <= self.days[-1][0]:
            return self
        days, heat = (*self.days, (day, value))[-30:], (*self.heat, temperature)[-30:]
        quiet = len(days) >= QUIET_DAYS and self.baseline is None
        return replace(self, days=days, heat=heat, baseline=median(v for _, v in days) if quiet else self.baseline)

    def sample(self, rx: float) -> Learned:
        """One reading: worse or better only after three in a row that say so, better only past the hysteresis."""
        asked = self._asked(rx)
        if asked == self.level:
            return replace(self, asked=asked, streak=0)
        streak = self.streak + 1 if asked == self.asked else 1
        if streak >= SAMPLES:
            return replace(self, level=asked, asked=asked, streak=0)
        return replace(self, asked=asked, streak=streak)

    def _asked(self, rx: float) -> Level:
        if self.baseline is None:
            return "good"
        drop = self.baseline - rx
        for level, least in DROPS:
            held = HYSTERESIS if _rank(self.level) >= _rank(level) else 0.0
            if drop >= least - held:
                return level
        return "good"


def _rank(level: Level) -> int:
    return ("good", "info", "warn", "critical").index(level)


def loss(far_tx: float, near_rx: float) -> float:
    """Between the ends: an ageing laser sends less and this stays; a bad fibre loses more."""
    return far_tx - near_rx


@dataclass(frozen=True)
class Outlook:
    """``days_left`` until only the margin is left, if the light falls for certain; ``bent``: someone was there."""

    slope: Slope | None = None
    days_left: float | None = None
    bent: Step | None = None


def outlook(learned: Learned, sensitivity: float = SENSITIVITY) -> Outlook:
    """From daily medians without the cabinet's heat; a step is told as a step and starts the slope anew."""
    points = detrended(learned.days, learned.heat)
    bent = step(points, _STEP)
    after = [point for point in points if bent is None or point[0] >= bent.day]
    slope = theil_sen(after)
    if slope is None or not slope.is_falling:
        return Outlook(slope, None, bent)
    left = (median(v for _, v in after[-3:]) - (sensitivity + MARGIN)) / -slope.value
    return Outlook(slope, max(0.0, left) if left <= SOON else None, bent)
