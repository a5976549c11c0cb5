"""The part of RADIUS that stands before controllers: lets in who was admitted, ends, and asks what was used."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from sqlalchemy.exc import DBAPIError

from hotspot.admission import ADMITTED, REFUSED
from hotspot.clock import Clock
from hotspot.log import event
from hotspot.mac import Mac
from hotspot.sites import Sites
from hotspot.store import Store
from hotspot.wishes import Act, Outcome
from radius.books import Done, Undone, Work
from radius.books import Outcome as Booked
from radius.controllers.kind import Controller, Denied, Guest, Seen, Silent
from radius.controllers.orders import Again, Closed, Order, Orders, after_silence
from radius.controllers.stays import (
    ADMIN_RESET,
    SESSION_TIMEOUT,
    Meter,
    Stay,
    Stays,
    closing,
    opening,
    report,
    stranger,
)
from radius.event import SignOfLife
from radius.fulfilment import Finish, Later, after_answer
from radius.login import Accepted, Login, Refused
from radius.wishlist import Case
from radius.writer import Job

TICK = 0.5  # real seconds between two looks for orders

_log = logging.getLogger(__name__)


class Doorman:
    """``submit`` takes work for the books; ``count`` is told the NAS and outcome of each order that ends."""

    def __init__(
        self,
        store: Store,
        sites: Sites,
        controllers: Mapping[str, Controller],
        *,
        clock: Clock,
        submit: Callable[[Sequence[Job]], bool],
        count: Callable[[str, str, str], None],
    ) -> None:
        self._orders, self._stays = Orders(store), Stays(store)
        self._clock, self._submit, self._count = clock, submit, count
        self._meters: dict[str, Meter] = {}
        self._at_work: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._looked: dict[str, float] = {}
        self._mute: set[str] = set()
        self.adopt(sites, controllers)

    def adopt(self, sites: Sites, controllers: Mapping[str, Controller]) -> None:
        """Go on by what sites.yaml says now."""
        self._sites, self._controllers = sites, dict(controllers)

    def stands_before(self, nas: str) -> bool:
        return nas in self._controllers

    @property
    def answering(self) -> dict[str, bool]:
        """Of each controller that was asked: whether it answered the last time."""
        asked = (nas for nas, controller in self._controllers.items() if controller.is_asked and nas in self._looked)
        return {nas: nas not in self._mute for nas in asked}

    async def run(self) -> None:
        """Until cancelled."""
        try:
            while True:
                await self._safely("orders", self.turn())
                await asyncio.sleep(TICK)
        finally:
            for task in self._at_work.values():
                task.cancel()

    async def turn(self) -> None:
        if not self._controllers:
            return
        for order in await asyncio.to_thread(self._orders.take, self._now()):
            self._start(("order", str(order.id)), self.admit(order))
        for nas, controller in self._controllers.items():
            if time.monotonic() - self._looked.get(nas, -controller.every) >= controller.every:
                self._looked[nas] = time.monotonic()
                self._start(("look", nas), self.look(nas))

    def _start(self, key: tuple[str, str], work: Coroutine[Any, Any, None]) -> None:
        if key in self._at_work:
            work.close()
            return
        task = asyncio.create_task(self._safely(key[0], work))
        self._at_work[key] = task
        task.add_done_callback(lambda _: self._at_work.pop(key, None))

    async def _safely(self, what: str, work: Coroutine[Any, Any, None]) -> None:
        """What fails here is due again when its lease is over."""
        try:
            await work
        except DBAPIError as error:
            event(
                _log, logging.WARNING, "controllers wait for the database", what=what, reason=type(error.orig).__name__
            )
        except Exception:  # noqa: BLE001 - one order's bug is not the others'
            _log.exception("%s of a controller met a bug and wait", what)

    async def admit(self, order: Order) -> None:
        step = await self._step(order)
        await asyncio.to_thread(self._orders.note, order, step, self._now())
        if isinstance(step, Closed):
            self._count(order.nas, "admit", step.outcome)
            event(_log, logging.INFO, "a controller's order ended", nas=order.nas, outcome=step.outcome)

    async def _step(self, order: Order) -> Again | Closed:
        """The same promise as behind an Access-Accept first, then the controller, and online only who is seen in."""
        controller, nas = self._controllers.get(order.nas), self._sites.nas.get(order.nas)
        if controller is None or nas is None:
            return Closed(REFUSED)
        login = Login(order.grant_id, order.nas, nas.site, order.mac)
        decided = await self._book(login)
        if isinstance(decided, Refused):
            return Closed(decided.reason.value)
        if not isinstance(decided, Accepted):
            return after_silence(order, self._now())
        try:
            await asyncio.to_thread(controller.admit, Guest(order.mac, order.place, decided.limits))
            seen = await asyncio.to_thread(controller.look, order.mac)
        except Denied as denial:
            event(_log, logging.WARNING, "a controller refuses a client", nas=order.nas, reason=str(denial))
            return Closed(REFUSED)
        except Silent as silence:
            self._note(order.nas, silence)
            return after_silence(order, self._now())
        self._note(order.nas, None)
        if seen is None or not seen.is_in:
            return after_silence(order, self._now())
        done = await self._book(opening(login, decided.class_token, self._now()))
        return Closed(ADMITTED) if isinstance(done, Done) else after_silence(order, self._now())

    async def look(self, nas: str) -> None:
        """One report a client and minute; a visit whose time is over is ended where the controller did not."""
        asked_at = self._now()
        try:
            found = {seen.mac: seen for seen in await asyncio.to_thread(self._controllers[nas].clients)}
        except (Silent, Denied) as trouble:
            self._note(nas, trouble)
            return
        self._note(nas, None)
        if self._controllers[nas].is_asked:
            await self._book(SignOfLife(nas, asked_at))  # the monitor and the office see when it was heard
        known = await asyncio.to_thread(self._orders.entering, nas)
        stays = await asyncio.to_thread(self._stays.of, nas, asked_at)
        await self._tell(nas, found, [stay for stay in stays if stay.started_at < asked_at])
        known |= {stay.mac for stay in stays}
        for seen in found.values():
            if seen.is_in and seen.mac not in known:
                await self._book(stranger(seen, nas, self._sites.nas[nas].site, self._now()))

    async def _tell(self, nas: str, found: Mapping[Mac, Seen], stays: Sequence[Stay]) -> None:
        """Of sessions that had begun when the controller was asked."""
        now, meter = self._now(), self._meters.setdefault(nas, Meter())
        meter.forget({stay.key for stay in stays})
        for stay in stays:
            seen = found.get(stay.mac)
            if (step := report(stay, seen, meter, now)) is not None:
                await self._book(step)
            if now >= stay.ends_at and seen is not None and seen.is_in:
                await self._end(stay, SESSION_TIMEOUT)

    async def change(self, case: Case) -> Later | Finish:
        """A wish for a session behind a controller, as the changer asks a RADIUS NAS."""
        now, wish = self._now(), case.wish
        stays = await asyncio.to_thread(self._stays.of, case.nas, now)
        stay = next(
            (one for one in stays if (one.session_id, one.mac) == (case.target.session_id, case.target.mac)), None
        )
        if stay is None:
            return Finish(Outcome.OVER, wish.tries)
        try:
            if wish.act is Act.LIMIT and not self._controllers[case.nas].limits:
                return Finish(Outcome.IMPOSSIBLE, wish.tries)
            if wish.act is Act.LIMIT:
                guest = Guest(stay.mac, "", case.limits)
                await asyncio.to_thread(self._controllers[case.nas].admit, guest)
                return Finish(Outcome.DONE, wish.tries + 1)
            await self._end(stay, ADMIN_RESET)
        except Denied:
            return Finish(Outcome.REFUSED, wish.tries + 1)
        except Silent as silence:
            self._note(case.nas, silence)
            return after_answer(wish, None, now, bare_nak_is_gone=False)
        return Later(now + 1, wish.tries + 1, now)

    async def _end(self, stay: Stay, cause: int) -> None:
        """Booked as ended only when the controller does not let it in any more."""
        controller = self._controllers[stay.nas]
        await asyncio.to_thread(controller.end, stay.mac)
        seen = await asyncio.to_thread(controller.look, stay.mac)
        if seen is None or not seen.is_in:
            await self._book(closing(stay, cause, self._now()))

    async def _book(self, work: Work) -> Booked:
        answer: asyncio.Future[Booked] = asyncio.get_running_loop().create_future()

        def tell(outcome: Booked) -> None:
            if not answer.done():
                answer.set_result(outcome)

        return await answer if self._submit([Job(work, tell)]) else Undone()

    def _note(self, nas: str, trouble: Exception | None) -> None:
        """Once when it falls silent, once when it is back."""
        if trouble is not None and nas not in self._mute:
            event(_log, logging.WARNING, "a controller does not answer", nas=nas, reason=str(trouble))
            self._mute.add(nas)
        elif trouble is None and nas in self._mute:
            event(_log, logging.INFO, "a controller answers again", nas=nas)
            self._mute.discard(nas)

    def _now(self) -> int:
        return int(self._clock.now())
