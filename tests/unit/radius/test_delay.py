"""Answers that come late: after the wait, in their order, and never more waiting than there is room for."""

from __future__ import annotations

import asyncio
import time

from hotspot.nas import NAS_KINDS
from radius.delay import SECONDS, Delay


def test_what_is_put_off_is_done_later_and_nothing_waits_for_it() -> None:
    done: list[str] = []

    async def story() -> list[str]:
        delay = Delay(seconds=0.02)
        assert delay.put(lambda: done.append("a"))
        assert delay.put(lambda: done.append("b"))
        before = list(done)
        await asyncio.sleep(0.05)
        return before

    assert asyncio.run(story()) == []
    assert done == ["a", "b"]


def test_a_flood_finds_the_room_full_and_room_again_afterwards() -> None:
    async def story() -> list[bool]:
        delay = Delay(seconds=0.01, most=2)
        taken = [delay.put(lambda: None) for _ in range(3)]
        await asyncio.sleep(0.03)
        return [*taken, delay.put(lambda: None)]

    began = time.monotonic()
    assert asyncio.run(story()) == [True, True, False, True]
    assert time.monotonic() - began < 1


def test_a_router_that_is_set_up_as_we_say_waits_longer_than_any_answer_is_put_off() -> None:
    assert "timeout=3s" in NAS_KINDS["mikrotik"].paste
    assert 2 * SECONDS < 3
