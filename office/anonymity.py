"""Which figures may be published: none of a group of fewer than ten devices (pure).

A month's total is published beside its days, so that what is hidden could be had by subtraction: then the next
smallest days are hidden too, until two days and ten devices stand behind the difference.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

FEWEST = 10


def public_count(devices: int) -> int | None:
    """The count, or None where it is too small to publish."""
    return devices if devices >= FEWEST else None


def hidden_days(devices: Mapping[str, int]) -> Collection[str]:
    """The days of one site and month whose figures must not be shown, by their numbers of devices."""
    hidden = {day: count for day, count in devices.items() if count < FEWEST}
    rest = sorted((count, day) for day, count in devices.items() if count >= FEWEST)
    while hidden and rest and (len(hidden) == 1 or sum(hidden.values()) < FEWEST):
        count, day = rest.pop(0)
        hidden[day] = count
    return hidden.keys()
