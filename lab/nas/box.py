"""What every kind of NAS does: know its clients, ask RADIUS, enforce the answer, account for it, boot, be cut off."""

from __future__ import annotations

import asyncio
import contextlib
from abc import ABC, abstractmethod
from collections.abc import Callable
from ipaddress import IPv4Address

from hotspot.mac import Mac
from hotspot.sites import Nas
from lab.nas.client import Client, Credentials, Online, Verdict
from lab.nas.coa import Ear
from lab.nas.http import Request, Response, serve
from lab.nas.limits import Limits
from lab.nas.line import Answer, Line
from lab.nas.outbox import Outbox
from lab.nas.records import Record, Status, fallen_back, of_nas, of_stay
from lab.nas.stay import Appetite, Cause, Stay
from lab.nas.wire import Asked, Code, Key, Reply, access_request, address
from lab.world import World

ACCESS_TRIES = 3
ACCESS_SECONDS = 3.0
LAST_SECONDS = 2.0  # real time that a shutdown leaves for the last records
OWN_INTERIM = 600  # where the Accept names none


class Box(ABC):
    """One NAS. A kind fills in its pages, its attributes and how it reads an Accept."""

    quota_cause = Cause.NAS_REQUEST

    def __init__(self, nas: Nas, world: World) -> None:
        self.nas = nas
        self.world = world
        self.is_cut = False
        self.secret = world.secrets.read(f"nas-{nas.id}").octets
        signed = nas.message_authenticator == "required"
        self.auth = Line(world.weather, hurry=world.hurry, signed=signed)
        self.acct = Line(world.weather, hurry=world.hurry, signed=signed)
        self.outbox = Outbox(world, self.acct, self.secret, self.has_uplink)
        self.ear = Ear(self.secret, lambda: world.auth[0], self._answer_change)
        self.clients: dict[str, Client] = {}
        self._server: asyncio.Server | None = None
        self._boots = 0

    # --- what a kind fills in

    @property
    @abstractmethod
    def web(self) -> tuple[str, int]:
        """Where its pages are."""

    @abstractmethod
    def new_session_id(self) -> str: ...

    @abstractmethod
    def station(self, mac: Mac) -> str:
        """A MAC as this kind spells it."""

    @abstractmethod
    def identity(self, client: Client) -> list[tuple[Key, bytes]]:
        """What stands in every request about a client."""

    @abstractmethod
    def read_limits(self, reply: Reply) -> Limits: ...

    @abstractmethod
    def meant(self, told: Reply) -> Client | int | None:
        """Whose stay a Disconnect or CoA means; an Error-Cause where it is refused, None where nothing is said."""

    @abstractmethod
    def changed_limits(self, now: Limits, told: Reply) -> Limits:
        """What a CoA makes of the limits of a stay."""

    @abstractmethod
    async def answer(self, client: Client, request: Request) -> Response:
        """A page of its own, or what it does with a request that it intercepted."""

    # --- power and wires

    async def start(self, *, announce: bool = True) -> None:
        await self.auth.open(self.nas.address, self.world.auth)
        await self.acct.open(self.nas.address, self.world.acct)
        host, port = self.web
        self._server = await serve(host, port, self._handle)
        if self.nas.coa_port is not None:
            await self.ear.open(self.nas.address, self.nas.coa_port)
        if announce:
            self._announce(Status.ON)

    async def stop(self) -> None:
        """An orderly shutdown: everybody is stopped, Accounting-Off says so, what can be delivered soon is."""
        for client in list(self.clients.values()):
            self.finish(client, Cause.ADMIN_REBOOT)
        self._announce(Status.OFF)
        await self._deliver_the_rest()
        self.release()

    def release(self) -> None:
        """Let go of every socket, whatever is still to be said."""
        if self._server is not None:
            self._server.close()
        self.auth.close()
        self.acct.close()
        self.ear.close()

    async def _deliver_the_rest(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_SECONDS):
                while self.outbox.waiting and self.has_uplink():
                    await self.outbox.flush()

    def reboot(self, *, announce: bool = True) -> None:
        """Power was lost: sessions and unsent records are gone; without Accounting-On nobody is told."""
        self._fault("reboot" if announce else "silent-reboot")
        for client in self.clients.values():
            if client.online is not None:
                self._log_end(client.online, "power-lost", self.world.clock.now())
            client.online, client.challenge, client.session_id = None, b"", ""
        self.outbox.forget()
        self._boots += 1
        if announce:
            self._announce(Status.ON)

    def cut(self) -> None:
        self._fault("cut")
        self.is_cut = True

    async def restore(self) -> None:
        self._fault("restore")
        self.is_cut = False
        await self.outbox.flush()

    def has_uplink(self) -> bool:
        return not self.is_cut and self.world.reaches(self.nas.id)

    # --- clients

    def join(self, mac: Mac, source: str, appetite: Appetite) -> Client:
        """A phone joins the site's Wi-Fi: from now on what comes from this address is this phone."""
        self.clients[source] = Client(source, mac, self.world.phone(mac), appetite)
        return self.clients[source]

    def client(self, source: str) -> Client:
        known = self.clients.get(source)
        if known is None:
            mac = Mac("02c1" + IPv4Address(source).packed.hex())
            known = self.clients[source] = Client(source, mac, self.world.phone(mac))
        return known

    async def _handle(self, request: Request) -> Response:
        return await self.answer(self.client(request.client), request)

    # --- login

    async def log_in(self, client: Client, credentials: Credentials) -> Verdict:
        client.session_id = client.session_id or self.new_session_id()
        answer = await self._asked(client, credentials)
        reply = answer.reply if answer.heard else None
        if reply is None:
            verdict = Verdict(accepted=False, answered=False)
        else:
            verdict = Verdict(reply.code == Code.ACCESS_ACCEPT, message=reply.text(18))
        result = "accepted" if verdict.accepted else "rejected" if verdict.answered else "no-answer"
        self._log("login", phone=client.number, result=result, message=verdict.message)
        if reply is not None and verdict.accepted:
            self._begin(client, credentials.user_name, reply)
        return verdict

    async def _asked(self, client: Client, credentials: Credentials) -> Answer:
        """The same octets are sent again while nothing is heard, as RFC 5080 section 2.2.1 wants it."""
        if not self.has_uplink():
            return Answer(None, heard=False)
        attributes = [(1, credentials.user_name.encode()), *self._about(client)]
        if credentials.chap is not None:
            attributes += [(60, credentials.chap[0]), (3, credentials.chap[1])]
        request = access_request(self.auth.identifier(), self.secret, attributes, credentials.password)
        answer = Answer(None, heard=False)
        for _ in range(ACCESS_TRIES):
            answer = await self.auth.ask(request, ACCESS_SECONDS)
            if answer.heard:
                break
        return answer

    def _begin(self, client: Client, user_name: str, reply: Reply) -> None:
        now = self.world.clock.now()
        key = f"{self.nas.id}/{self._boots}/{client.session_id}/{int(now)}"
        stay = Stay(now, self.read_limits(reply), client.appetite)
        online = Online(stay, client.session_id, key, user_name, reply.attributes.get(25, []))
        client.online, client.session_id = online, ""
        token = b"".join(online.classes[:1]).decode(errors="replace")
        self._log(
            "start", phone=client.number, session=key, id=online.session_id, started_at=int(now), **{"class": token}
        )
        self._account(Status.START, client, online, now)
        self._plan_end(client, online)
        self._plan_interim(client, online)

    def _plan_end(self, client: Client, online: Online) -> None:
        stay = online.stay
        ends_at, cause = stay.end(self.quota_cause)
        self._later(ends_at, client, online, lambda: self.finish(client, cause) if online.stay is stay else None)

    def _plan_interim(self, client: Client, online: Online) -> None:
        def report() -> None:
            record = self._account(Status.INTERIM, client, online, self.world.clock.now())
            if self.world.lies.happens():
                self.outbox.add(fallen_back(record, self._about(client), online))
            self._plan_interim(client, online)

        when = self.world.clock.now() + (online.stay.limits.interim or OWN_INTERIM)
        self._later(when, client, online, report)

    def _later(self, when: float, client: Client, online: Online, action: Callable[[], None]) -> None:
        """Do something with a stay unless it is over by then."""

        async def event() -> None:
            if client.online is online:
                action()

        if when != float("inf"):
            self.world.agenda.at(when, event)

    def finish(self, client: Client, cause: Cause) -> None:
        if client.online is not None:
            now = self.world.clock.now()
            self._account(Status.STOP, client, client.online, now, cause)
            self._log_end(client.online, cause.name.lower(), now)
            client.online = None

    # --- what RADIUS wants of a stay that goes on

    def _answer_change(self, asked: Asked) -> bytes | None:
        client = self.meant(asked.told) if self.has_uplink() else None
        if client is None:
            return None
        lies = isinstance(client, Client) and self.world.false_promises.happens()
        phone, refused = (client.number, None) if isinstance(client, Client) else (None, client)
        self._log("told", act="limit" if asked.is_change else "end", phone=phone, refused=refused, lies=lies)
        if not isinstance(client, Client):
            return asked.nak(client or None)
        if not lies:
            self._obey(client, asked)
        return asked.ack()

    def _obey(self, client: Client, asked: Asked) -> None:
        if not asked.is_change:
            self.finish(client, Cause.ADMIN_RESET)
        elif (online := client.online) is not None:
            limits = self.changed_limits(online.stay.limits, asked.told)
            online.stay = online.stay.under(limits, self.world.clock.now())
            self._plan_end(client, online)

    # --- accounting

    def _announce(self, status: Status) -> None:
        self.outbox.add(of_nas(status, self._own_name(), self.world.clock.now()))

    def _account(
        self, status: Status, client: Client, online: Online, now: float, cause: Cause | None = None
    ) -> Record:
        record = of_stay(status, self._about(client), online, now, cause)
        self.outbox.add(record)
        return record

    def _about(self, client: Client) -> list[tuple[Key, bytes]]:
        return [*self.identity(client), *self._own_name()]

    def _own_name(self) -> list[tuple[Key, bytes]]:
        return [(4, address(self.nas.address)), (32, self.nas.id.encode())]

    # --- the log of the truth

    def _log(self, what: str, **facts: object) -> None:
        self.world.truth.write(self.world.clock.now(), what, site=self.nas.site, nas=self.nas.id, **facts)

    def _log_end(self, online: Online, cause: str, now: float) -> None:
        used = online.counters(now)
        self._log("end", session=online.key, cause=cause, input=used.input, output=used.output, seconds=used.seconds)

    def _fault(self, name: str) -> None:
        self._log("fault", fault=name)
