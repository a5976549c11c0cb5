"""Jitter and the distribution of round trips from echoes, which a median hides (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import fmean

BUCKETS = tuple(50e-6 * 2**step for step in range(17))  # 50 us to 3.3 s, as smokeping_prober has them


def jitter(rtts: Sequence[float]) -> float | None:
    """The mean difference between neighbours in the order they were sent; None of fewer than two."""
    return fmean(abs(later - sooner) for sooner, later in pairwise(rtts)) if len(rtts) > 1 else None


class RoundTrips:
    """All round trips since the start, counted by bucket for each device."""

    def __init__(self) -> None:
        self._counts: dict[str, list[int]] = {}
        self._sums: dict[str, float] = {}

    def add(self, device: str, rtts: Iterable[float]) -> None:
        counts = self._counts.setdefault(device, [0] * (len(BUCKETS) + 1))
        for rtt in rtts:
            counts[sum(rtt > limit for limit in BUCKETS)] += 1
            self._sums[device] = self._sums.get(device, 0.0) + rtt

    def rows(self) -> Iterable[tuple[tuple[str], Sequence[tuple[str, float]], float]]:
        """(labels, cumulative buckets by their limit, sum), as a Prometheus histogram has them."""
        limits = [*(f"{limit:g}" for limit in BUCKETS), "+Inf"]
        for device, counts in self._counts.items():
            total, cumulative = 0, []
            for limit, count in zip(limits, counts, strict=True):
                total += count
                cumulative.append((limit, float(total)))
            yield (device,), cumulative, self._sums.get(device, 0.0)
