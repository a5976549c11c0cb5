"""The test's own SNMP agent in a thread, for tests that run a command beside it; its objects can change under way."""

from __future__ import annotations

import asyncio
import threading
from typing import Any, Self

from pysnmp.proto import rfc1902

from tests.peers.snmp_agent import LyingAgent, Oid, oid

_COLUMNS = {"ifDescr": "1.3.6.1.2.1.2.2.1.2", "ifName": "1.3.6.1.2.1.31.1.1.1.1"}
_ADMIN, _OPER = "1.3.6.1.2.1.2.2.1.7", "1.3.6.1.2.1.2.2.1.8"


def ports_of(statuses: dict[str, int]) -> dict[Oid, Any]:
    """The system's uptime, and ports by name with their ifOperStatus."""
    objects: dict[Oid, Any] = {oid("1.3.6.1.2.1.1.3.0"): rfc1902.TimeTicks(4200)}
    for index, (name, status) in enumerate(statuses.items(), 1):
        for column in _COLUMNS.values():
            objects[*oid(column), index] = rfc1902.OctetString(name)
        objects[*oid(_ADMIN), index] = rfc1902.Integer32(1)
        objects[*oid(_OPER), index] = rfc1902.Integer32(status)
    return objects


class ThreadAgent:
    def __init__(self, host: str, objects: dict[Oid, Any]) -> None:
        self._host = host
        self._agent = LyingAgent(objects)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=f"agent {host}", daemon=True)
        self.port = 0

    @property
    def objects(self) -> dict[Oid, Any]:
        return self._agent.objects

    @objects.setter
    def objects(self, objects: dict[Oid, Any]) -> None:
        self._agent.objects = objects

    def silence(self) -> None:
        """From now on no answer."""
        self._agent.mute = 1_000_000

    def __enter__(self) -> Self:
        self._thread.start()
        opening = self._loop.create_datagram_endpoint(lambda: self._agent, local_addr=(self._host, 0))
        self._transport, _ = asyncio.run_coroutine_threadsafe(opening, self._loop).result(5)
        self.port = self._transport.get_extra_info("sockname")[1]
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _close(self) -> None:
        self._transport.close()
        await asyncio.sleep(0)  # the loop closes the socket in its next turn
