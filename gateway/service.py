"""The gateway as a running service: from what disk and kernel know to ready, and to a stop that drops nobody."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from ssl import SSLContext

from gateway import coa, dnsmasq, neighbours
from gateway.accounting import Record, Status, gateway_up
from gateway.book import Book
from gateway.capport import Capport, api_url, tls_context
from gateway.control import Control
from gateway.desk import Desk
from gateway.exchange import Respond, Server
from gateway.keeper import Keeper
from gateway.kernel import Kernel
from gateway.known import KnownDevices
from gateway.lan import Lan
from gateway.measures import Measures
from gateway.office import Office
from gateway.queue import Queue
from gateway.radius_client import RadiusClient
from gateway.responder import Responder, Way
from gateway.sender import Sender
from gateway.setting import COA_PORT, KIND, Setting
from hotspot.clock import Clock
from hotspot.command import OperatorError, Settings
from hotspot.log import event
from hotspot.metrics import Metrics
from hotspot.nas import NAS_KINDS
from hotspot.ops import Health, Ops
from hotspot.running import announce, withdraw

CYCLE_SECONDS = 10.0  # how far a client may overrun its data or its idling
DAY = 86_400
TICK_SECONDS = 0.5  # how far it may overrun its time

_KIND = NAS_KINDS[KIND]
_log = logging.getLogger(__name__)


class Service:
    """Everything that lives while the gateway runs; ``read`` reads the configuration anew."""

    def __init__(self, settings: Settings, setting: Setting, read: Callable[[], Setting]) -> None:
        self._read = read
        self._settings = settings
        self._setting = setting
        self._clock = settings.clock(sample=setting.sample)
        self._queue = Queue(folder_of(settings) / "reports")
        self._keeper = Keeper(
            Kernel(setting.place), Book(folder_of(settings) / "sessions.json"), self._clock, self._tell
        )
        self._measures = Measures(
            Metrics(),
            setting.nas.id,
            setting.nas.site,
            online=lambda: len(self._keeper.sessions),
            waiting=lambda: len(self._queue),
        )
        self._radius = radius_of(settings, setting, self._clock)
        self._uam = settings.secrets.read(_KIND.secret_name(setting.nas.id, "uam"))
        self._known = KnownDevices(folder_of(settings) / "known", self._uam)
        self._tidied_at = 0.0
        self._lan = Lan(partial(neighbours.read, setting.place.lan), time.monotonic)
        self._fault: str | None = None

    async def run(self) -> bool:
        """Serve until told to stop (False) or to begin anew with a new configuration (True); nobody is dropped."""
        stopping, again = asyncio.Event(), asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stopping.set)
        loop.add_signal_handler(signal.SIGHUP, again.set)
        self._begin()
        async with contextlib.AsyncExitStack() as stack:
            addresses = await self._open(stack)
            works = [
                asyncio.create_task(work)
                for work in (Sender(self._queue, self._radius.account).run(), self._radius.watch(), self._watch())
            ]
            stack.push_async_callback(_ended, works)
            announce(self._settings.run_folder, "gateway", addresses)
            stack.callback(withdraw, self._settings.run_folder, "gateway")
            if fault := self._setting.certificate_fault:
                event(_log, logging.WARNING, "the Captive Portal API is not offered", fault=fault)
            event(
                _log, logging.INFO, "the gateway is open", nas=self._setting.nas.id, online=len(self._keeper.sessions)
            )
            while not await self._is_over(works, stopping, again):
                again.clear()
        self._radius.close()
        self._queue.close()
        return again.is_set() and not stopping.is_set()

    async def _is_over(self, works: list[asyncio.Task[None]], stopping: asyncio.Event, again: asyncio.Event) -> bool:
        """Told to stop, or to take up a new configuration that can be read; one that cannot is told of.

        A work that ends by itself met a bug, and the process ends with it: half a gateway is worse than a restart.
        """
        await _first(works, stopping, again)
        if stopping.is_set():
            return True
        try:
            self._read()
        except OperatorError as error:
            for problem in str(error).splitlines():
                event(_log, logging.ERROR, "the new configuration is not taken up", problem=problem)
            return False
        return True

    def _begin(self) -> None:
        restored = self._keeper.restore()
        if not restored:
            self._queue.put(gateway_up(int(self._clock.now())))
        self._keeper.cycle()
        conf, box = folder_of(self._settings) / "dnsmasq.conf", self._setting.gateway
        api = api_url(box) if self._setting.certificate else None
        conf.write_text(dnsmasq.render(box, self._setting.place.garden, conf.with_name("leases"), api))

    async def _open(self, stack: contextlib.AsyncExitStack) -> dict[str, str]:
        """All listeners; the addresses that are announced."""
        setting = self._setting
        desk = self._desk()
        way = Way(setting.portal_url, setting.nas.id, self._uam)
        responder = Responder(setting.gateway, way, desk, self._clock.now)
        addresses = {"door": await self._listen(stack, responder.answer, setting.place.login_port, None)}
        if setting.certificate is not None and setting.place.api_port is not None:
            tls = tls_context(setting.certificate)
            api = Capport(setting.gateway, setting.venue_url, responder, desk, self._clock.now)
            addresses["api"] = await self._listen(stack, api.answer, setting.place.api_port, tls)
        addresses["coa"] = await self._hear(stack, desk)
        control = Control(folder_of(self._settings), Office(self._keeper, self._queue, self._clock).answer)
        await control.start()
        stack.callback(control.stop)
        addresses["ops"] = await self._tell_operators(stack)
        return addresses

    async def _tell_operators(self, stack: contextlib.AsyncExitStack) -> str:
        host, port = self._settings.listen("HOTSPOT_GATEWAY_OPS", "127.0.0.1:9814")
        try:
            server = await asyncio.start_server(Ops(self._health, self._measures.page).serve, host or None, port)
        except OSError as error:
            raise OperatorError(f"cannot listen on {host}:{port}: {error.strerror}; set HOTSPOT_GATEWAY_OPS") from None
        stack.callback(server.close)
        name = server.sockets[0].getsockname()
        return f"{name[0]}:{name[1]}"

    async def _health(self) -> Health:
        return Health(well=not self._fault, sentence=self._fault or "the door stands")

    def _desk(self) -> Desk:
        return Desk(
            keeper=self._keeper,
            radius=self._radius,
            lan=self._lan,
            known=self._known,
            policy=self._setting.policy,
            clock=self._clock,
            measures=self._measures,
        )

    async def _hear(self, stack: contextlib.AsyncExitStack, desk: Desk) -> str:
        """What RADIUS wants changed, at the address that it sends to."""
        setting = self._setting
        usual = f"{setting.nas.address}:{setting.nas.coa_port or COA_PORT}"
        heard = await coa.listen(
            self._settings.listen("HOTSPOT_GATEWAY_COA", usual),
            setting.identity,
            self._settings.secrets.read(_KIND.secret_name(setting.nas.id)),
            setting.gateway.radius,
            now=self._clock.now,
            disconnect=desk.disconnect,
            change=desk.change,
        )
        stack.push_async_callback(heard.stop)
        return f"{heard.address[0]}:{heard.address[1]}"

    async def _listen(
        self, stack: contextlib.AsyncExitStack, respond: Respond, port: int, tls: SSLContext | None
    ) -> str:
        """On the visitors' side alone."""
        place = self._setting.place
        hosts = [str(network.ip) for network in (place.network, place.network6) if network]
        server = Server(respond)
        stack.callback(server.stop)
        try:
            return (await server.start(hosts, port, tls))[0]
        except OSError as error:
            raise OperatorError(f"cannot listen on port {port} of {' and '.join(hosts)}: {error.strerror}") from error

    async def _watch(self) -> None:
        """Ends what is over; one failure of the kernel's tools is told and tried again."""
        due = time.monotonic() + CYCLE_SECONDS
        while True:
            await asyncio.sleep(TICK_SECONDS)
            if time.monotonic() < due and not self._keeper.is_any_over():
                continue
            began = time.monotonic()
            try:
                self._cycle()
                self._fault = self._queue.fault
            except (OperatorError, OSError) as error:
                self._fault = str(error)
                event(_log, logging.ERROR, "the kernel could not be asked", reason=str(error))
            self._measures.cycled(time.monotonic() - began)
            due = began + CYCLE_SECONDS

    def _cycle(self) -> None:
        self._keeper.cycle()
        self._tidy()
        self._lan.look()
        self._keeper.move({session.mac: self._lan.addresses_of(session.mac) for session in self._keeper.sessions})

    def _tidy(self) -> None:
        """Once a day, devices that were here too long ago are forgotten."""
        now = self._clock.now()
        if now - self._tidied_at >= DAY:
            self._known.tidy(now, self._setting.policy.per_client.remember)
            self._tidied_at = now

    def _tell(self, *records: Record) -> None:
        self._queue.put(*records)
        self._fault = self._queue.fault
        for record in records:
            if record.status is Status.STOP and record.cause is not None:
                self._measures.ended(record.cause.name.lower().replace("_", "-"))
                self._measures.octets(record.octets.up, record.octets.down)


def folder_of(settings: Settings) -> Path:
    """Where sessions, reports and the control socket lie; its user's alone."""
    folder = settings.state / "gateway"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def certificate_of(settings: Settings) -> Path | None:
    """Key and chain in one PEM file; without it, no Captive Portal API is offered or announced."""
    named = settings.environ.get("HOTSPOT_GATEWAY_CERTIFICATE")
    path = Path(named) if named else settings.state / "secrets" / "gateway-certificate"
    return path if named or path.exists() else None


def radius_of(settings: Settings, setting: Setting, clock: Clock) -> RadiusClient:
    nas = setting.nas
    return RadiusClient(
        setting.identity,
        setting.servers,
        settings.secrets.read(_KIND.secret_name(nas.id)),
        now=clock.now,
        otherwise=setting.limits,
        must_seal=nas.message_authenticator == "required",
    )


async def _first(works: list[asyncio.Task[None]], *events: asyncio.Event) -> None:
    """Until one of the events, or the error of a work."""
    waiting = [asyncio.create_task(event.wait()) for event in events]
    await asyncio.wait([*works, *waiting], return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
    for work in works:
        if work.done():
            work.result()


async def _ended(works: list[asyncio.Task[None]]) -> None:
    for work in works:
        work.cancel()
    await asyncio.gather(*works, return_exceptions=True)
