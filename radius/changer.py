"""The part of RADIUS that asks NASes: takes wishes as they fall due, and looks for sessions that used too much."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Mapping

from sqlalchemy.exc import DBAPIError

from hotspot.clock import Clock
from hotspot.log import event
from hotspot.wire import Attr, Code, Request, change_request, integer
from hotspot.wishes import Act, Outcome
from radius.asking import ask
from radius.changes import CHANGES, ChangeKind
from radius.changes.kind import Attributes
from radius.controllers.doorman import Doorman
from radius.fulfilment import Finish, Later, Send, after_answer, next_step
from radius.overuse import Overuse
from radius.stations import Station
from radius.wishlist import Case, Wishlist

TICK = 0.5  # real seconds between two looks for wishes
LEAVE = 1.0  # between two looks whether somebody was blocked or a site has closed
SWEEP = 5.0  # and between two looks for overuse; an interim is at least a minute

_log = logging.getLogger(__name__)


class Changer:
    """``count`` is told the NAS, reason and outcome of each wish that ends."""

    def __init__(
        self,
        wishlist: Wishlist,
        overuse: Overuse,
        stations: Callable[[], Mapping[str, Station]],
        *,
        clock: Clock,
        source: str | None,
        count: Callable[[str, str, str], None],
        doorman: Doorman,
    ) -> None:
        self._wishlist = wishlist
        self._overuse = overuse
        self._stations = stations
        self._clock = clock
        self._source = source
        self._count = count
        self._doorman = doorman
        self._swept = self._looked = -SWEEP
        self._asking: dict[int, asyncio.Task[None]] = {}
        self._away = False

    async def run(self) -> None:
        """Until cancelled. While the database is away nothing is wished and nothing is lost."""
        try:
            while True:
                await self._turn()
                await asyncio.sleep(TICK)
        finally:
            for task in self._asking.values():
                task.cancel()

    async def _turn(self) -> None:
        try:
            await self.look()
            self._away = False
        except DBAPIError as error:
            if not self._away:
                event(_log, logging.WARNING, "wishes wait for the database", reason=type(error.orig).__name__)
            self._away = True
        except Exception:  # noqa: BLE001 - the next turn may go well, and RADIUS goes on
            _log.exception("a bug kept wishes waiting")

    async def look(self) -> None:
        if await self._is_sweep_due():
            await asyncio.to_thread(self._overuse.sweep, self._clock.now())
            self._swept = time.monotonic()
        for case in await asyncio.to_thread(self._wishlist.take, int(self._clock.now())):
            if case.wish.id not in self._asking:
                self._asking[case.wish.id] = asyncio.create_task(self._safely(case))

    async def _is_sweep_due(self) -> bool:
        if time.monotonic() - self._swept >= SWEEP:
            return True
        if time.monotonic() - self._looked < LEAVE:
            return False
        self._looked = time.monotonic()
        return await asyncio.to_thread(self._overuse.has_news, self._clock.now())

    async def _safely(self, case: Case) -> None:
        """What fails here is due again when the lease is over."""
        try:
            await self.fulfil(case)
        except DBAPIError as error:
            event(
                _log, logging.WARNING, "a wish waits for the database", nas=case.nas, reason=type(error.orig).__name__
            )
        except Exception:  # noqa: BLE001 - one wish's bug is not the others'
            _log.exception("a wish met a bug and waits")
        finally:
            self._asking.pop(case.wish.id, None)

    async def fulfil(self, case: Case) -> None:
        step = next_step(case.wish, case.life, int(self._clock.now()))
        if isinstance(step, Send):
            step = await self._send(case)
        await asyncio.to_thread(self._wishlist.note, case.wish, case.wish.session, step, int(self._clock.now()))
        if isinstance(step, Finish):
            self._count(case.nas, case.wish.reason, step.outcome.value)
            level = logging.INFO if step.outcome in (Outcome.DONE, Outcome.OVER, Outcome.GONE) else logging.WARNING
            event(
                _log, level, "a wish for a session ended", nas=case.nas, act=case.wish.act.value,
                reason=case.wish.reason, outcome=step.outcome.value, tries=step.tries, error_cause=step.error_cause,
            )  # fmt: skip

    async def _send(self, case: Case) -> Later | Finish:
        if self._doorman.stands_before(case.nas):
            return await self._doorman.change(case)
        station = self._stations().get(case.nas)
        kind = CHANGES.get(station.kind) if station else None
        told = _told(case, kind) if kind else None
        if station is None or station.address is None or kind is None or told is None:
            return Finish(Outcome.IMPOSSIBLE, case.wish.tries)
        answer = await self._ask(case.wish.act, told, station)
        return after_answer(case.wish, answer, int(self._clock.now()), bare_nak_is_gone=kind.bare_nak_is_gone)

    async def _ask(self, act: Act, told: Attributes, station: Station) -> Request | None:
        """Event-Timestamp is against packets that are sent again by others (RFC 5176 section 6.3)."""
        code = Code.DISCONNECT_REQUEST if act is Act.END else Code.COA_REQUEST
        stamped = (*told, integer(Attr.EVENT_TIMESTAMP, int(self._clock.now())))
        octets = change_request(code, secrets.randbelow(256), stamped, station.secret)
        assert station.address is not None  # noqa: S101 - _send looked
        return await ask(octets, station.secret, station.address, self._source)


def _told(case: Case, kind: ChangeKind) -> Attributes | None:
    """None where this kind cannot be told of this session, or of limits at all."""
    whom = kind.identify(case.target)
    if whom is None or case.wish.act is Act.END:
        return whom
    return None if kind.limit is None else (*whom, *kind.limit(case.limits, case.so_far))
