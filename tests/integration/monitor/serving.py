"""The monitor's listener on a loop of its own in a thread, for tests whose other half is a real client."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator, Mapping

from hotspot.pages import Route, serve


@contextlib.contextmanager
def listener(routes: Mapping[str, Route]) -> Iterator[int]:
    """Yields the port."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def close(server: asyncio.Server) -> None:
        server.close()
        await server.wait_closed()

    try:
        server = asyncio.run_coroutine_threadsafe(serve("127.0.0.1", 0, routes, "HOTSPOT_MONITOR_LISTEN"), loop).result(
            5
        )
        yield int(server.sockets[0].getsockname()[1])
        asyncio.run_coroutine_threadsafe(close(server), loop).result(5)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()
