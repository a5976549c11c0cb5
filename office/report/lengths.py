"""Quantiles of whole numbers that were counted, not kept: of how many visits lasted how many minutes (pure)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

Counted = Sequence[tuple[int, int]]  # value, how often


def quantile(counted: Counted, share: tuple[int, int]) -> int | None:
    """The smallest value that at least this share (5/10, 9/10 …) of all do not exceed; None of nothing.

    Whole numbers all the way: two machines never differ by a rounding.
    """
    total = sum(often for _, often in counted)
    if not total:
        return None
    part, whole = share
    wanted, passed = -(-total * part // whole), 0
    for value, often in sorted(counted):
        passed += often
        if passed >= wanted:
            return value
    return max(value for value, _ in counted)


def median(values: Iterable[int]) -> int | None:
    """The lower median of values that are still there."""
    return quantile(list(Counter(values).items()), (1, 2))


def added(many: Iterable[Counted]) -> tuple[tuple[int, int], ...]:
    """Several counts as one."""
    together: Counter[int] = Counter()
    for counted in many:
        for value, often in counted:
            together[value] += often
    return tuple(sorted(together.items()))
