"""From datagrams to replies: who sent it, is it new, what is decided at once and what has to be committed first."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from hotspot.clock import Clock
from hotspot.log import event
from hotspot.policy import Reason
from hotspot.secret import Secret
from hotspot.wire import HEADER, Attr, Code, Reply, Request, encode, text
from radius.books import Done, Outcome, Seal, Undone, Work
from radius.delay import at_once
from radius.duplicates import Duplicates, Entry, Key
from radius.event import SignOfLife, calling_mac, read_event
from radius.listener import Datagram, Listener
from radius.login import Accepted, Login, Refused, read_login, reply_to_login
from radius.measures import Measures
from radius.names import Names
from radius.peers import Peers, plain_address
from radius.receive import Believed, Door, Dropped, Peer, receive
from radius.record import record_of
from radius.refusals import Refusal
from radius.seldom import Seldom, network_of
from radius.told import GUESSES, Told
from radius.writer import Job

_log = logging.getLogger(__name__)
_NUMBER = re.compile(r"\d+")
_CODES = {code.value: code.name.lower().replace("_", "-") for code in Code}


@dataclass(slots=True)
class Exchange:
    """A believed request on its way to a reply under ``secret``; ``entry`` is its place among the recent ones."""

    listener: Listener
    datagram: Datagram
    peer: Peer
    request: Request
    secret: bytes
    began: float
    key: Key
    entry: Entry | None = None

    @property
    def code(self) -> str:
        return _CODES[self.request.code]


class Server:
    """Runs in the event loop; ``submit`` hands work to the writing thread and says whether it was taken."""

    def __init__(
        self,
        peers: Peers,
        *,
        grant_key: Secret,
        clock: Clock,
        measures: Measures,
        names: Names,
        submit: Callable[[Sequence[Job]], bool],
        later: Callable[[Callable[[], None]], bool] = at_once,
    ) -> None:
        """``later`` does something after a while, or says that it will not."""
        self._peers = peers
        self._grant_key = grant_key
        self._clock = clock
        self._measures = measures
        self._submit = submit
        self._later = later
        self._seldom, self._told = Seldom(), Told(names)
        self._duplicates = {peer.nas: Duplicates() for peer in peers}

    @property
    def peers(self) -> Peers:
        return self._peers

    def adopt(self, peers: Peers, grant_key: Secret) -> None:
        """Go on with what sites.yaml and the secrets say now."""
        peers.remember(self._peers)
        self._peers, self._grant_key = peers, grant_key
        self._duplicates = {peer.nas: self._duplicates.get(peer.nas) or Duplicates() for peer in peers}

    def take(self, listener: Listener, datagrams: Sequence[Datagram]) -> None:
        """All that one wake-up of the loop read; what has to be committed goes to the writer together."""
        jobs = [job for datagram in datagrams if (job := self._take_safely(listener, datagram))]
        if jobs and not self._submit(jobs):
            for job in jobs:
                job.tell(Undone())
        self._measures.settle()

    def tell(self, outcomes: Sequence[tuple[Job, Outcome]]) -> None:
        """What the writer says of jobs; one reply that meets a bug of ours does not keep back the others."""
        for job, outcome in outcomes:
            try:
                job.tell(outcome)
            except Exception:  # noqa: BLE001 - as above, on the way out
                _log.exception("a reply met a bug and was not sent")
        self._measures.settle()

    def _take_safely(self, listener: Listener, datagram: Datagram) -> Job | None:
        """A datagram that meets a bug of ours is dropped alone; the others of its wake-up go on."""
        try:
            return self._take_one(listener, datagram)
        except Exception:  # noqa: BLE001 - one packet must not cost the others their answer
            if self._seldom.is_due("bug", time.perf_counter()):
                _log.exception("a packet met a bug and was dropped")
            return None

    def _take_one(self, listener: Listener, datagram: Datagram) -> Job | None:
        began = time.perf_counter()
        peer = self._peers.find(datagram.address[0])
        if peer is None:
            self._refuse_stranger(datagram.address[0], began)
            return None
        octets = datagram.octets
        key = (*datagram.address, octets[1] if len(octets) >= HEADER else 0, listener.number)
        if known := self._duplicates[peer.nas].same(key, octets, began):
            self._repeat(listener, datagram, peer, known)
            return None
        believed = receive(octets, peer, listener.door)
        if isinstance(believed, Dropped):
            self._drop(peer, octets, believed, began)
            return None
        if believed.proof is not peer.secrets[0] or peer.may_learn:
            self._learn(peer, believed)
        exchange = Exchange(listener, datagram, peer, believed.request, believed.proof or peer.secrets[0], began, key)
        return None if self._is_repeated(exchange) else self._begin(exchange)

    def _repeat(self, listener: Listener, datagram: Datagram, peer: Peer, known: Entry) -> None:
        """Its reply again, or silence while that is worked on."""
        if known.reply is not None:
            listener.answer(datagram, known.reply)
        self._measures.packet(peer.nas, _CODES[datagram.octets[0]], "duplicate" if known.reply is None else "resent")

    def _refuse_stranger(self, address: str, now: float) -> None:
        """Not one octet of it is looked at."""
        self._measures.packet("none", "none", "unknown-source")
        network = network_of(plain_address(address))
        if self._seldom.is_due(network, now):
            told = "a packet came from an address that no NAS in sites.yaml has, and was dropped unread"
            event(_log, logging.WARNING, told, network=network)

    def _drop(self, peer: Peer, octets: bytes, dropped: Dropped, now: float) -> None:
        code = _CODES.get(octets[0], "none") if octets else "none"
        self._measures.packet(peer.nas, code, dropped.result)
        if self._seldom.is_due(f"{peer.nas} {code} {_sort_of(dropped.reason)}", now):
            event(_log, logging.WARNING, "a packet was dropped", nas=peer.nas, code=code, reason=dropped.reason)

    def _learn(self, peer: Peer, believed: Believed) -> None:
        """From what only the NAS can have sent: under which secret it is, and that it can seal its Access-Requests."""
        if believed.proof is not None and believed.proof != peer.secrets[0]:
            self._peers.prefer(peer.nas, believed.proof)
            which = "newest" if believed.proof == peer.newest else "previous"
            event(_log, logging.INFO, "a NAS uses its other secret now", nas=peer.nas, secret=which)
        if peer.may_learn and believed.request.code == Code.ACCESS_REQUEST:
            self._warn_of_unsealed(peer) if believed.proof is None else self._require_seal(peer)

    def _require_seal(self, peer: Peer) -> None:
        """At once, and written down; where that fails, the next sealed request writes it."""
        if not peer.must_seal:
            self._peers.require_seal(peer.nas)
            event(_log, logging.INFO, "a NAS seals its Access-Requests, and has to from now on", nas=peer.nas)
        work = Seal(peer.nas, int(self._clock.now()))
        self._submit([Job(work, lambda outcome: self._peers.settle(peer.nas, written=isinstance(outcome, Done)))])

    def _warn_of_unsealed(self, peer: Peer) -> None:
        if self._seldom.is_due(f"{peer.nas} unsealed", time.perf_counter()):
            told = "a NAS sends Access-Requests without Message-Authenticator, which can be forged (CVE-2024-3596)"
            event(_log, logging.WARNING, told, nas=peer.nas)

    def _is_repeated(self, exchange: Exchange) -> bool:
        """What says the same in other octets, such as other padding, is a repeat too; Status-Server is always new."""
        if exchange.request.code == Code.STATUS_SERVER:
            return False
        recent, authenticator = self._duplicates[exchange.peer.nas], exchange.request.authenticator
        known = recent.find(exchange.key, authenticator, exchange.began)
        if known is None:
            exchange.entry = recent.open(exchange.key, exchange.datagram.octets, exchange.began)
            return False
        self._repeat(exchange.listener, exchange.datagram, exchange.peer, known)
        return True

    def _begin(self, exchange: Exchange) -> Job | None:
        """The work that has to be on disk before the reply, or None when the reply has already gone."""
        now = int(self._clock.now())
        outcome = self._first_look(exchange, now)
        if isinstance(outcome, Refused):
            self._finish(exchange, outcome)
            return self._noted(exchange, outcome, now)
        return Job(outcome, lambda result: self._finish(exchange, result), _record(exchange, now))

    def _first_look(self, exchange: Exchange, now: int) -> Work | Refused:
        peer, request = exchange.peer, exchange.request
        if request.code == Code.STATUS_SERVER:
            return SignOfLife(peer.nas, now)
        if request.code == Code.ACCOUNTING_REQUEST:
            return read_event(request, peer.nas, peer.site, now)
        return self._read_login(exchange)

    def _read_login(self, exchange: Exchange) -> Login | Refused:
        """Where a request does not prove its secret, the one under which its password makes sense is taken."""
        peer, request = exchange.peer, exchange.request
        if request.sealed_at is not None:
            return read_login(request, peer.nas, peer.site, exchange.secret, self._grant_key)
        outcomes = [(read_login(request, peer.nas, peer.site, one, self._grant_key), one) for one in peer.secrets]
        likely = (pair for pair in outcomes if getattr(pair[0], "reason", None) is not Reason.PASSWORD)
        outcome, exchange.secret = next(likely, outcomes[0])
        return outcome

    def _noted(self, exchange: Exchange, refused: Refused, now: int) -> Job | None:
        """Written down behind its reply; a flood of names that mean nothing is not."""
        if refused.reason is Reason.UNKNOWN_CLIENT:
            return None
        mac = calling_mac(exchange.request)
        known = replace(refused, mac=None if mac is None else mac.digits)
        return Job(Refusal(exchange.peer.nas, exchange.peer.site, known, now), lambda _outcome: None)

    def _finish(self, exchange: Exchange, outcome: Outcome) -> None:
        """Guesses are answered late, everything else at once."""
        if isinstance(outcome, Undone):
            self._give_up(exchange, "unavailable")
            return
        if isinstance(outcome, (Accepted, Refused)):
            result = outcome.reason.value if isinstance(outcome, Refused) else "accepted"
            self._measures.login(exchange.peer.site, outcome.way, result)
        reply = _reply(exchange, outcome)
        sealed = exchange.request.code != Code.ACCOUNTING_REQUEST
        octets = encode(reply, exchange.request, exchange.secret, sealed=sealed)
        self._measures.answered(exchange.code, time.perf_counter() - exchange.began)
        if not isinstance(outcome, Refused) or outcome.reason not in GUESSES:
            self._answer(exchange, outcome, octets)
        elif not self._later(lambda: self._answer(exchange, outcome, octets)):
            self._give_up(exchange, "shed")

    def _answer(self, exchange: Exchange, outcome: Done | Accepted | Refused, octets: bytes) -> None:
        if exchange.entry is not None:
            exchange.entry.reply = octets
        exchange.listener.answer(exchange.datagram, octets)
        self._measures.packet(exchange.peer.nas, exchange.code, _CODES[octets[0]])
        self._told.tell(exchange.peer, exchange.request, outcome, exchange.began)

    def _give_up(self, exchange: Exchange, result: str) -> None:
        """Silence; when it is asked again it is new."""
        nas = exchange.peer.nas
        self._measures.packet(nas, exchange.code, result)
        if exchange.entry is not None and nas in self._duplicates:
            self._duplicates[nas].forget(exchange.key, exchange.entry)


@lru_cache(maxsize=1024)
def _sort_of(reason: str) -> str:
    """Without its numbers: an attacker could make a new complaint of each packet."""
    return _NUMBER.sub("N", reason)


def _record(exchange: Exchange, now: int) -> bytes | None:
    """What the journal may keep in the database's place: reports, never logins."""
    if exchange.listener.door is Door.AUTH:
        return None
    if exchange.request.code == Code.STATUS_SERVER:
        return b""
    return record_of(exchange.request.octets, exchange.peer.nas, exchange.peer.site, now)


def _reply(exchange: Exchange, outcome: Done | Accepted | Refused) -> Reply:
    if isinstance(outcome, (Accepted, Refused)):
        return reply_to_login(outcome, exchange.peer.kind, exchange.request.first(Attr.EAP_MESSAGE))
    if exchange.listener.door is Door.AUTH:  # Status-Server (RFC 5997 section 3)
        return Reply(Code.ACCESS_ACCEPT, (text(Attr.REPLY_MESSAGE, "alive"),))
    return Reply(Code.ACCOUNTING_RESPONSE)
