"""Packets that were changed on their way: nothing raises, nothing is slow, and we are never laxer than pyrad."""

from __future__ import annotations

from random import Random

import pytest

from tests.fuzz.mutants import mutant, seeds
from tests.fuzz.opinions import opinion


@pytest.mark.parametrize("seed", range(4))
def test_no_mutant_raises_and_where_pyrad_takes_what_we_refuse_the_reason_is_meant(seed: int) -> None:
    random, models = Random(seed), seeds()
    found = [(octets, opinion(octets)) for octets in (mutant(random.choice(models), random) for _ in range(1500))]

    assert [(octets.hex(), one) for octets, one in found if not one.is_meant] == []
    assert sum(one.seconds for _, one in found) / len(found) < 0.001


def test_the_true_packets_are_taken_by_both() -> None:
    assert [(one.ours, one.pyrads) for one in map(opinion, seeds())] == [(None, None)] * 5
