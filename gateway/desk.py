"""What the door does for a visitor who stands at it: RADIUS decides, or the site's rule while no server answers."""

from __future__ import annotations

import asyncio
import logging
from ipaddress import ip_address
from typing import Protocol

from gateway.change import Which
from gateway.down import decide
from gateway.gate import Gate
from gateway.keeper import Keeper, Newcomer
from gateway.known import KnownDevices
from gateway.lan import PAUSE_SECONDS, Lan
from gateway.measures import Measures
from gateway.radius_client import Accept, NoAnswer, Reject
from gateway.session import Address, Cause, Session
from gateway.terms import Terms
from hotspot.allowance import Limits
from hotspot.clock import Clock
from hotspot.command import OperatorError
from hotspot.log import event
from hotspot.mac import Mac
from hotspot.policy import Reason
from hotspot.sites import Policy

ASK_AGAIN_SECONDS = 60.0  # a phone's apps knock many times a minute; RADIUS is asked about its MAC once
MOST_ASKED = 10_000

_log = logging.getLogger(__name__)


class Radius(Protocol):
    """What is asked of ``gateway.radius_client.RadiusClient``."""

    otherwise: Limits

    @property
    def answers(self) -> bool: ...

    async def authenticate(
        self, user: str, password: str, mac: Mac, address: Address
    ) -> Accept | Reject | NoAnswer: ...


class Desk:
    """The partner of the responder (``gateway.responder.Desk``) and of RADIUS's changes of mind."""

    def __init__(
        self,
        *,
        keeper: Keeper,
        radius: Radius,
        lan: Lan,
        known: KnownDevices,
        policy: Policy,
        clock: Clock,
        measures: Measures,
    ) -> None:
        self._keeper = keeper
        self._gate = Gate(keeper)
        self._radius = radius
        self._lan = lan
        self._known = known
        self._policy = policy
        self._clock = clock
        self._measures = measures
        self._asked: dict[Mac, float] = {}
        self._tasks: set[asyncio.Task[object]] = set()

    async def mac_of(self, address: str) -> Mac | None:
        """Who has this address. A stranger's MAC is shown to RADIUS meanwhile, which may know it as a returning one."""
        mac = self._lan.mac_of(address)
        if mac is None:  # another newcomer was looked for a moment ago, and the table is not read twice in that time
            await asyncio.sleep(PAUSE_SECONDS)
            mac = self._lan.mac_of(address)
        if mac is not None and self._keeper.of(mac) is None and (not self._radius.answers or self._is_new(mac)):
            task: asyncio.Task[object] = asyncio.create_task(self._recognise(mac, address))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return mac

    def stay_of(self, mac: Mac) -> Session | None:
        return self._keeper.of(mac)

    async def log_in(self, mac: Mac, address: str, user: str, password: str) -> str | None:
        match await self._radius.authenticate(user, password, mac, ip_address(address)):
            case Accept(limits, classes):
                self._known.accepted(mac, self._clock.now(), self._policy.per_client.remember)
                return None if await self._let_in("accepted", mac, user, classes, limits) else Reason.BUSY
            case Reject(reason):
                self._measures.login("refused")
                return reason
            case NoAnswer():
                return None if await self._without_radius(mac, user) else Reason.BUSY

    async def log_out(self, mac: Mac) -> None:
        if (session := self._keeper.of(mac)) is not None:
            self._keeper.stop([session], Cause.USER_REQUEST)

    async def disconnect(self, which: Which) -> bool:
        """RADIUS ends a stay (RFC 5176); established connections end with it."""
        found = self._meant(which)
        self._keeper.stop(found, Cause.ADMIN_RESET)
        return bool(found)

    async def change(self, which: Which, terms: Terms) -> bool:
        found = self._meant(which)
        for session in found:
            self._keeper.change(session, terms.over(session.limits))
        return bool(found)

    def _meant(self, which: Which) -> list[Session]:
        return [session for session in self._keeper.sessions if which.fits(session)]

    async def _recognise(self, mac: Mac, address: str) -> None:
        """As MikroTik's login by MAC: name and password are the MAC; our own RADIUS refuses it at once.

        A server that is known to be silent is not asked: the client's next check finds it let in, or not.
        """
        name = mac.dashes
        if not self._radius.answers:
            await self._without_radius(mac, name)
            return
        match await self._radius.authenticate(name, name, mac, ip_address(address)):
            case Accept(limits, classes):
                await self._let_in("returning", mac, name, classes, limits)
            case NoAnswer():
                await self._without_radius(mac, name)

    async def _without_radius(self, mac: Mac, user: str) -> bool:
        is_known = self._known.knows(mac, self._clock.now(), self._policy.per_client.remember)
        verdict = decide(self._policy.radius_down, is_known=is_known)
        level = logging.WARNING if verdict.lets_in else logging.DEBUG
        event(_log, level, "no RADIUS server answers", client=mac, verdict=verdict.value)
        if not verdict.lets_in:
            self._measures.login("silent")
            return False
        return await self._let_in("let-through", mac, user, (), self._radius.otherwise, by_radius=False)

    async def _let_in(
        self, result: str, mac: Mac, user: str, classes: tuple[str, ...], limits: Limits, *, by_radius: bool = True
    ) -> bool:
        """False when the kernel would not: the visitor is asked to try again, and the operator reads why."""
        addresses = self._lan.addresses_of(mac)
        try:
            await self._gate.admit(Newcomer(mac, addresses, user, classes, limits, by_radius))
        except (OperatorError, OSError) as error:
            event(_log, logging.ERROR, "a client could not be let in", client=mac, reason=str(error))
            result = "failed"
        self._measures.login(result)
        return result != "failed"

    def _is_new(self, mac: Mac) -> bool:
        """Not asked about within the last minute."""
        now = asyncio.get_running_loop().time()
        if now - self._asked.get(mac, -ASK_AGAIN_SECONDS) < ASK_AGAIN_SECONDS:
            return False
        if len(self._asked) >= MOST_ASKED:
            self._asked = {mac: at for mac, at in self._asked.items() if now - at < ASK_AGAIN_SECONDS}
        self._asked[mac] = now
        return True
