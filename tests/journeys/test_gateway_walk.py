"""A visitor walks from one site's door to another's, and needs no second login there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.peers.gateway_house import BOTH_DOORS, Museum, next_door, online, opened
from tests.peers.gateway_place import take_a_lease, walk
from tests.peers.process import wait_until

_SOON = 10  # seconds in which a phone that has just joined repeats its check


@pytest.fixture(scope="module")
def museum(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Museum]:
    with opened(tmp_path_factory.mktemp("walk"), BOTH_DOORS) as built:
        yield built


def test_who_has_tapped_at_the_museum_is_let_in_at_the_pendopo_without_a_tap(museum: Museum) -> None:
    with next_door(museum) as pendopo:
        museum.tap()
        assert online(museum)

        walk(museum.phone, pendopo.site.gate)
        take_a_lease(museum.phone, pendopo.folder)

        wait_until(lambda: online(pendopo), "the pendopo's door knows the phone", _SOON)
        wait_until(pendopo.sessions, "RADIUS has the pendopo's Start")
        here, there = pendopo.sessions()[-1], museum.sessions()[-1]
        assert here.client == there.client, "one visitor, counted once"
        assert here.device_day == there.device_day


def test_a_phone_that_nobody_knows_has_to_tap_at_either_door(museum: Museum) -> None:
    stranger = museum.site.phones[1]
    take_a_lease(stranger, museum.folder)

    with pytest.raises(pytest.fail.Exception):
        wait_until(lambda: online(museum, stranger), "nobody lets a stranger in", 3)
