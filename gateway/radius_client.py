"""A gateway asks RADIUS who may come in and reports who did, the secondary where the primary is silent."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gateway import accounting
from gateway.accounting import Receipt, Record
from gateway.channel import Write
from gateway.endpoint import Endpoint
from gateway.identity import Identity, client_attributes
from gateway.session import Address
from gateway.terms import Unreadable, read_terms
from hotspot.allowance import Limits
from hotspot.mac import Mac
from hotspot.secret import Secret
from hotspot.wire import Attr, Code, Request, accounting_request, hidden, sealed_request, text

LOGIN_PACE = (1.0, 2.0, 3.0)  # a visitor is waiting: the secondary is asked after six seconds
REPORT_PACE = (2.0, 4.0, 8.0)  # nobody is waiting (RFC 5080 section 2.2.1)
PROBE_PACE = (2.0,)
PROBE_EVERY = 10.0
RETRY_AFTER = 300.0  # a server that knows no Status-Server is asked again after this time
MOST_CLASSES = 8  # they go back in every report, which has 4096 octets
_AUTHENTICATOR = 16
_LONGEST_NAME, _LONGEST_PASSWORD = 253, 128  # RFC 2865 sections 5 and 5.2


@dataclass(frozen=True, slots=True)
class Server:
    """A RADIUS server's address and its two ports."""

    host: str
    auth_port: int = 1812
    acct_port: int = 1813


@dataclass(frozen=True, slots=True)
class Accept:
    """Come in. ``classes``, in hex, go back in every report; ``message`` is for the visitor."""

    limits: Limits
    classes: tuple[str, ...] = ()
    message: str = ""


@dataclass(frozen=True, slots=True)
class Reject:
    """``reason`` is the server's Reply-Message, which the portal translates."""

    reason: str


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """No server spoke; what happens now is the site's ``radius_down``."""


class RadiusClient:
    """``otherwise`` are the limits where the server says none. Times on the wire are the loop's; ``now`` is UTC."""

    def __init__(
        self,
        identity: Identity,
        servers: Sequence[Server],
        secret: Secret,
        *,
        now: Callable[[], float],
        otherwise: Limits,
        source: str = "",
        must_seal: bool = True,
    ) -> None:
        self.otherwise = otherwise
        self._identity = identity
        self._secret = secret.octets
        self._now = now

        def endpoint(host: str, port: int) -> Endpoint:
            return Endpoint((host, port), self._secret, source=source, must_seal=must_seal)

        self._auth = [endpoint(server.host, server.auth_port) for server in servers]
        self._acct = [endpoint(server.host, server.acct_port) for server in servers]

    async def authenticate(
        self, user: str, password: str, mac: Mac, address: Address | None = None, session: str = ""
    ) -> Accept | Reject | NoAnswer:
        """Each server in its turn gets a packet of its own, with an authenticator that it has never seen."""
        if len(user.encode()) > _LONGEST_NAME or len(password.encode()) > _LONGEST_PASSWORD:
            return Reject("password")
        for server in self._in_order(self._auth):
            write = self._access(user, password, mac, address, session)
            reply = await server.ask(write, LOGIN_PACE)
            if reply is not None:
                return self._outcome(reply)
        return NoAnswer()

    async def account(self, record: Record) -> Receipt:
        """Only a report that is KEPT may be forgotten."""

        def write(identifier: int) -> bytes:
            attributes = accounting.attributes(record, self._identity, self._now())
            return accounting_request(identifier, attributes, self._secret)

        for server in self._in_order(self._acct):
            if await server.ask(write, REPORT_PACE, rewrite=True) is not None:
                return Receipt.KEPT
        return Receipt.IGNORED if await self._is_one_alive(self._acct) else Receipt.SILENCE

    @property
    def answers(self) -> bool:
        """Whether some server is known to let people in now, as far as one can know."""
        return any(server.silent_since is None for server in self._auth)

    async def watch(self) -> None:
        """Ask the silent whether they are back (Status-Server, RFC 5997), so that no visitor has to; never ends."""
        while True:
            await asyncio.sleep(PROBE_EVERY)
            await self._is_one_alive([s for s in (*self._auth, *self._acct) if s.silent_since is not None])

    def close(self) -> None:
        for server in (*self._auth, *self._acct):
            server.close()

    async def _is_one_alive(self, servers: Sequence[Endpoint]) -> bool:
        return any(await asyncio.gather(*(server.is_alive(self._status(), PROBE_PACE) for server in servers)))

    def _in_order(self, servers: Sequence[Endpoint]) -> list[Endpoint]:
        """As configured, those last that are known to be silent."""
        before = asyncio.get_running_loop().time() - RETRY_AFTER
        return sorted(servers, key=lambda server: server.silent_since is not None and server.silent_since > before)

    def _access(self, user: str, password: str, mac: Mac, address: Address | None, session: str) -> Write:
        authenticator = secrets.token_bytes(_AUTHENTICATOR)
        attributes = (
            text(Attr.USER_NAME, user),
            hidden(password.encode(), authenticator, self._secret),
            *self._identity.attributes,
            *client_attributes(mac, () if address is None else (address,)),
            *((text(Attr.ACCT_SESSION_ID, session),) if session else ()),
        )
        return lambda identifier: sealed_request(
            Code.ACCESS_REQUEST, identifier, authenticator, attributes, self._secret
        )

    def _status(self) -> Write:
        authenticator = secrets.token_bytes(_AUTHENTICATOR)
        attributes = self._identity.attributes[:2]
        return lambda identifier: sealed_request(
            Code.STATUS_SERVER, identifier, authenticator, attributes, self._secret
        )

    def _outcome(self, reply: Request) -> Accept | Reject:
        """A challenge that nobody can answer is a refusal, and so is an unreadable Accept (RFC 2865 section 5)."""
        message = reply.words(Attr.REPLY_MESSAGE) or ""
        if reply.code != Code.ACCESS_ACCEPT:
            return Reject(message)
        terms = read_terms(reply)
        if isinstance(terms, Unreadable):
            return Reject(terms.reason)
        return Accept(
            terms.over(self.otherwise), tuple(value.hex() for value in reply.every(Attr.CLASS)[:MOST_CLASSES]), message
        )
