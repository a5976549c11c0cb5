"""The door as a visitor finds it: responder and API in the gateway's namespace, kernel and neighbour table real.

RADIUS is played by one word, because what it says is tested where it is asked.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

from gateway import neighbours
from gateway.admission import FIRST_MARK, Admission
from gateway.capport import Capport, tls_context
from gateway.exchange import Server
from gateway.kernel import Kernel
from gateway.responder import Responder, Way
from gateway.session import Session
from hotspot.allowance import Limits
from hotspot.mac import Mac
from hotspot.secret import Secret
from hotspot.sites.gateway import Gateway
from tests.peers.gateway_place import INTERNET, LOGIN_PORT, NETWORK, NETWORK6, PORTAL_NAME, Site, inside

NAME = "gw-a.wifi.example.net"
PORTAL_URL, SECRET = f"http://{PORTAL_NAME}", Secret("rahasia-pintu")
VENUE = f"{PORTAL_URL}/venue/museum-tosan-aji"
GRANT, WORD = "gaaaaaaaaaaaaaaaa", "sesame"
NOW = 1_790_000_000.0

_TABLE = {"lan": "lan", "wan": "wan", "network": str(NETWORK), "network6": str(NETWORK6), "login_port": LOGIN_PORT}
BOX = Gateway.model_validate({**_TABLE, "name": NAME, "radius": ["203.0.113.9"], "resolvers": [INTERNET]})


@dataclass
class Desk:
    """Lets in whoever knows the word, for as long as the kernel's net."""

    kernel: Kernel
    stays: dict[Mac, Session] = field(default_factory=dict)

    async def mac_of(self, address: str) -> Mac | None:
        return neighbours.read("lan").macs.get(ip_address(address))

    def stay_of(self, mac: Mac) -> Session | None:
        return self.stays.get(mac)

    async def log_in(self, mac: Mac, address: str, user: str, password: str) -> str | None:  # noqa: ARG002
        if password != WORD:
            return "closed"
        mark, addresses = FIRST_MARK + len(self.stays), neighbours.read("lan").addresses(mac)
        limits = Limits(seconds=600, idle=900, octets=None, up=20_000_000, down=20_000_000, interim=300)
        self.stays[mac] = Session("s", mark, mac, addresses, user, (), limits, NOW, NOW, NOW)
        self.kernel.admit([Admission(mark, mac, addresses, limits.up, limits.down, 600)])
        return None

    async def log_out(self, mac: Mac) -> None:
        if (stay := self.stays.pop(mac, None)) is not None:
            self.kernel.cut([stay.mark])


@contextlib.contextmanager
def doorstep(place: Site, kernel: Kernel, certificate: Path) -> Iterator[Desk]:
    """Serve from a thread that lives in the gateway's namespace."""
    desk, ready = Desk(kernel), threading.Event()
    end: list[Callable[[], object]] = []

    async def serve() -> None:
        ending, loop = asyncio.Event(), asyncio.get_running_loop()
        end.append(lambda: loop.call_soon_threadsafe(ending.set))
        responder = Responder(BOX, Way(PORTAL_URL, "gw-a", SECRET), desk, lambda: NOW)
        door, api = Server(responder.answer), Server(Capport(BOX, VENUE, responder, desk, lambda: NOW).answer)
        own = [str(NETWORK.ip), str(NETWORK6.ip)]
        await door.start(own, BOX.login_port)
        await api.start(own, BOX.api_port, tls_context(certificate))
        ready.set()
        await ending.wait()
        door.stop()
        api.stop()

    def live() -> None:
        with inside(place.gate):
            asyncio.run(serve())

    thread = threading.Thread(target=live)
    thread.start()
    try:
        assert ready.wait(10), "the door does not listen"
        yield desk
    finally:
        for ring in end:
            ring()
        thread.join(10)
