"""The satisfaction index (IKM) of PermenPANRB 14/2017 from single answers, with the margin of its sample (pure).

Nine elements are asked, one a visit, each answered 1 to 4. The index is the mean of the nine means times 25.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, variance

from office.report.month import Opinion

ELEMENTS = range(1, 10)
FEWEST = 5  # answers to each element; below that a mean says more about who answered than about the service
SURE = 1.96  # standard errors for 95 of 100 samples
GRADES = ((88.31, "A"), (76.61, "B"), (65.0, "C"), (25.0, "D"))


@dataclass(frozen=True)
class Satisfaction:
    """``index`` is None while an element has too few answers; ``missing`` says which."""

    answers: int
    index: float | None
    margin: float | None
    grade: str | None
    missing: tuple[int, ...]
    means: tuple[tuple[int, float], ...]


def satisfaction(opinions: Collection[Opinion]) -> Satisfaction:
    scores: defaultdict[int, list[int]] = defaultdict(list)
    for opinion in opinions:
        scores[opinion.element].append(opinion.score)
    means = tuple((element, round(fmean(scores[element]), 2)) for element in ELEMENTS if scores[element])
    missing = tuple(element for element in ELEMENTS if len(scores[element]) < FEWEST)
    if missing:
        return Satisfaction(len(opinions), None, None, None, missing, means)
    index = round(25 * fmean(fmean(scores[element]) for element in ELEMENTS), 2)
    return Satisfaction(len(opinions), index, _margin(scores), grade(index), (), means)


def grade(index: float) -> str:
    """A (very good) to D (not good), by the rule's table."""
    return next((letter for least, letter in GRADES if index >= least), "D")


def _margin(scores: dict[int, list[int]]) -> float:
    """Half the width in which the index of everybody lies, for a stratified mean of nine samples."""
    spread = sum(variance(scores[element]) / len(scores[element]) for element in ELEMENTS)
    return round(25 * SURE * sqrt(spread) / len(ELEMENTS), 2)
