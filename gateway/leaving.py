"""Takes the gateway away: every stay ended and reported, no rule, class, address or visitor's trace left behind."""

from __future__ import annotations

import asyncio
import contextlib

from gateway.accounting import gateway_down
from gateway.book import Book
from gateway.keeper import Keeper
from gateway.kernel import Kernel
from gateway.queue import Queue
from gateway.sender import Sender
from gateway.service import folder_of, radius_of
from gateway.setting import Setting
from hotspot.command import Settings

# Who had which address, who is known, and what dnsmasq was told; the box itself may go on to another use.
VISITORS_FILES = ("leases", "known", "dnsmasq.conf")
REPORT_SECONDS = 10.0  # for the last reports; those that nobody acknowledged stay on disk


async def leave(settings: Settings, setting: Setting) -> str:
    """A sentence that says what became of it."""
    folder = folder_of(settings)
    clock = settings.clock(sample=setting.sample)
    queue = Queue(folder / "reports")
    keeper = Keeper(Kernel(setting.place), Book(folder / "sessions.json"), clock, queue.put)
    ended = keeper.restore()
    keeper.leave()
    queue.put(gateway_down(int(clock.now())))
    radius = radius_of(settings, setting, clock)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(REPORT_SECONDS):
            await _sent(queue, Sender(queue, radius.account))
    radius.close()
    left = len(queue)
    queue.close()
    for name in VISITORS_FILES:
        (folder / name).unlink(missing_ok=True)
    where = f"; {left} reports that no server acknowledged lie in {folder / 'reports'}" if left else ""
    return f"{ended} stays have ended, and nothing of the gateway is left in the kernel{where}"


async def _sent(queue: Queue, sender: Sender) -> None:
    """Until all reports are acknowledged."""
    task = asyncio.create_task(sender.run())
    try:
        while len(queue):  # noqa: ASYNC110 - the queue tells its sender of news, not of the last one gone
            await asyncio.sleep(0.05)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
