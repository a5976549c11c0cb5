"""sites.yaml and the secrets are read again when they change or SIGHUP comes; what is wrong leaves all as it was."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

from hotspot.command import OperatorError, Settings
from hotspot.log import event
from hotspot.sites import Sites, load
from radius.peers import needs

_log = logging.getLogger(__name__)
LOOK_SECONDS = 2.0

Signature = tuple[tuple[str, int, int, int], ...]


class Reload:
    """``adopt`` is given what was read, and raises OperatorError where it cannot be used."""

    def __init__(
        self, settings: Settings, adopt: Callable[[Sites], Awaitable[None]], count: Callable[[str], None]
    ) -> None:
        self._settings = settings
        self._adopt = adopt
        self._count = count
        self._asked = asyncio.Event()
        self._seen = signature(settings)
        self.is_fresh = True

    def ask(self) -> None:
        self._asked.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._asked.wait(), LOOK_SECONDS)
            found = await asyncio.to_thread(signature, self._settings)
            if self._asked.is_set() or found != self._seen:
                self._asked.clear()
                self._seen = found
                await self._reload()

    async def _reload(self) -> None:
        try:
            sites = await asyncio.to_thread(load, self._settings.sites, self._settings.secrets, needs)
            await self._adopt(sites)
        except OperatorError as error:
            self.is_fresh = False
            self._count("failed")
            for line in str(error).splitlines():
                event(_log, logging.ERROR, "the new configuration is wrong; the old one stays", reason=line)
            return
        self.is_fresh = True
        self._count("done")
        event(_log, logging.INFO, "the new configuration is in use", nases=len(sites.nases))


def signature(settings: Settings) -> Signature:
    """What changes when somebody writes sites.yaml or a secret, or lets others read it: ctime, as mtime does not."""
    found = []
    for path in (settings.sites, *sorted(settings.secrets.folder.glob("*"))):
        with contextlib.suppress(OSError):
            is_ = path.stat()
            found.append((path.name, is_.st_ino, is_.st_ctime_ns, is_.st_size))
    return tuple(found)
