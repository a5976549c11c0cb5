"""Bars of a small chart, placed on a drawing (pure); the template draws them and the table below says the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 720.0, 120.0
_GAP = 0.25  # of a bar's place


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    middle: float


def bars(values: Sequence[float], places: int | None = None) -> tuple[Bar, ...]:
    """One bar a value, the highest as high as the drawing; ``places`` leaves room for values still to come."""
    place = WIDTH / max(places or len(values), 1)
    top = max(values, default=0) or 1
    return tuple(
        Bar(
            x=round(i * place + place * _GAP / 2, 1),
            y=round(HEIGHT - value / top * HEIGHT, 1),
            width=round(place * (1 - _GAP), 1),
            height=round(value / top * HEIGHT, 1),
            middle=round((i + 0.5) * place, 1),
        )
        for i, value in enumerate(values)
    )
