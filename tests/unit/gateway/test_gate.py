"""Those who may pass within one pause are one word to the kernel; each hears of its own fate."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import pytest

from gateway.gate import Gate


class Counting:
    """Stands for the keeper: notes how many came in each batch."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.batches: list[int] = []
        self._fault = fault

    def admit(self, newcomers: Iterable[str]) -> list[str]:
        names = list(newcomers)
        self.batches.append(len(names))
        if self._fault:
            raise self._fault
        return [f"session of {name}" for name in names]


async def come(gate: Gate, name: str, turns: int) -> object:
    """Arrive some turns of the loop later, as RADIUS's answers do."""
    for _ in range(turns):
        await asyncio.sleep(0)
    return await gate.admit(name)  # type: ignore[arg-type]


def test_answers_that_come_one_a_turn_of_the_loop_are_one_batch() -> None:
    keeper = Counting()

    async def crowd() -> list[object]:
        gate = Gate(keeper)  # type: ignore[arg-type]
        return await asyncio.gather(*(come(gate, f"phone {n}", n) for n in range(20)))

    assert asyncio.run(crowd()) == [f"session of phone {n}" for n in range(20)]
    assert keeper.batches == [20]


def test_a_batch_that_fails_fails_for_each_of_its_visitors() -> None:
    async def crowd() -> list[object]:
        gate = Gate(Counting(OSError("no kernel")))  # type: ignore[arg-type]
        return await asyncio.gather(*(come(gate, f"phone {n}", n) for n in range(3)), return_exceptions=True)

    for outcome in asyncio.run(crowd()):
        with pytest.raises(OSError, match="no kernel"):
            raise outcome  # type: ignore[misc]
