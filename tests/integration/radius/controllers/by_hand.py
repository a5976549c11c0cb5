"""RADIUS' doorman stepped by a test: orders taken, wishes tried and their outcome noted, one turn at a time."""

from __future__ import annotations

import asyncio

from radius.controllers.doorman import Doorman
from radius.wishlist import Wishlist
from tests.integration.radius.desk import Desk


class ByHand:
    """The turns of whoever has a desk, a doorman and a wishlist."""

    desk: Desk
    doorman: Doorman
    wishlist: Wishlist

    def orders(self) -> None:
        async def work() -> None:
            for order in self.doorman._orders.take(int(self.desk.clock.now())):
                await self.doorman.admit(order)

        asyncio.run(work())

    def wished(self) -> None:
        now = int(self.desk.clock.now())
        for case in self.wishlist.take(now):
            step = asyncio.run(self.doorman.change(case))
            self.wishlist.note(case.wish, case.wish.session, step, now)
