"""A visitor with a phone: joins, is sent to the portal, taps the real button, uses the net, and leaves in some way."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Literal

from hotspot.mac import Mac
from lab.browser import Answer, Away, Browser
from lab.nas.box import Box
from lab.nas.client import Client
from lab.nas.internet import CHECK_URL
from lab.nas.stay import Appetite
from lab.world import World

CONNECT = "connect"  # the id of the portal's button (design section 5)
LANGUAGES = {"id": "id-ID,id;q=0.9,en;q=0.7", "en": "en-US,en;q=0.9", "jv": "jv,id;q=0.8"}
ANDROID = "Mozilla/5.0 (Linux; Android 13; 2201117TY; wv) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile"


@dataclass(frozen=True)
class Plan:
    """One visit: who comes when, how it taps, what it wants, how it goes. ``taps``: 1, or 2 for a double tap."""

    site: str
    at: float
    mac: Mac
    language: str
    taps: int
    impatient: bool
    seconds: int
    up: int
    down: int
    leaving: Literal["logout", "walk"]


@dataclass(frozen=True)
class Outcome:
    """``online``, ``refused`` (the portal said no), ``failed`` (the NAS or RADIUS did), ``away`` (nothing answered),
    ``no-address`` (the NAS had none left).
    """

    word: str
    status: int = 0
    page: str = ""


def write_arrival(world: World, plan: Plan, box: Box, outcome: Outcome) -> None:
    world.truth.write(
        world.clock.now(),
        "arrival",
        site=plan.site,
        nas=box.nas.id,
        phone=world.phone(plan.mac),
        random_mac=plan.mac.is_random,
        language=plan.language,
        outcome=outcome.word,
        status=outcome.status,
        page=outcome.page,
    )


@dataclass
class Phone:
    plan: Plan
    box: Box
    address: str
    world: World

    async def visit(self) -> None:
        """Arrive and get online if one can; a phone that logs out puts that on the agenda."""
        until = self.plan.at + self.plan.seconds
        client = self.box.join(self.plan.mac, self.address, Appetite(self.plan.up, self.plan.down, until))
        outcome = await self._get_online()
        write_arrival(self.world, self.plan, self.box, outcome)
        if outcome.word == "online" and self.plan.leaving == "logout":
            self.world.agenda.at(until, lambda: self._leave(client))

    async def _get_online(self) -> Outcome:
        browser = self._browser()
        try:
            answer = await browser.open(CHECK_URL)
            if self.plan.impatient and answer.status != 204:
                answer = await browser.open(CHECK_URL)  # loads it again before reading it; the first page is void
            if answer.status == 204:
                return Outcome("online", 204)
            if answer.page.form_with(CONNECT) is None:
                return Outcome("refused", answer.status, answer.page.title)
            last = await self._tap(browser, answer)
            check = await browser.open(CHECK_URL)
        except Away as error:
            return Outcome("away", page=str(error))
        if check.status == 204:
            return Outcome("online", last.status, last.page.title)
        return Outcome("refused" if last.status >= 400 else "failed", last.status, last.page.title)

    async def _tap(self, browser: Browser, answer: Answer) -> Answer:
        """A double tap sends the form twice; only the second answer is looked at, as browsers do."""
        taps = [browser.submit(answer, CONNECT) for _ in range(self.plan.taps)]
        return (await asyncio.gather(*taps))[-1]

    def _browser(self) -> Browser:
        headers = {"User-Agent": ANDROID, "Accept-Language": LANGUAGES[self.plan.language]}
        return Browser(self.address, self.box.web, headers, lambda _: self.box.has_uplink())

    async def _leave(self, client: Client) -> None:
        """A logout by the NAS's own page, which every kind has at /logout."""
        host, port = self.box.web
        if client.online is None:
            return
        try:
            await self._browser().open(f"http://{host}:{port}/logout")
        except Away:
            return
