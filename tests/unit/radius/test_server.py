"""The way from datagram to reply, with the network and the database played by the test."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

import pytest

from hotspot import grants
from hotspot.metrics import Metrics
from hotspot.policy import Reason
from hotspot.secret import Secret
from hotspot.wire import Attr, Code, hidden, integer, request_authenticator
from hotspot.wire.proof import md5
from radius.books import Done, Seal, Undone
from radius.event import SignOfLife, Step, read_event
from radius.listener import Datagram, Listener
from radius.login import Login, Refused
from radius.measures import Measures
from radius.names import Names
from radius.peers import Peers
from radius.receive import Door, Peer
from radius.server import Server
from radius.writer import Job
from tests.conftest import FixedClock

SECRET = b"a secret that is long enough"
NAS = ("127.66.2.1", 40000)
NAMES = Names()
STRICT = Peer("gw-a", "a", "mikrotik", (SECRET,), SECRET, must_seal=True)
AUTH = b"sixteen octets.."
NEW = b"the newest secret of the NAS"


class Wire:
    """What a listener is to the server: a port that remembers what was sent from it."""

    def __init__(self, door: Door, number: int = 3) -> None:
        self.door, self.number = door, number
        self.sent: list[bytes] = []

    def answer(self, _datagram: Datagram, octets: bytes) -> None:
        self.sent.append(octets)


class Desk:
    """The server under test, and the writer's queue in the test's hand."""

    def __init__(self, peer: Peer = STRICT) -> None:
        peers = Peers([(peer, [NAS[0]])])
        self.measures = Measures(Metrics())
        self.jobs: list[Job] = []
        self.takes = True
        self.server = Server(
            peers,
            grant_key=Secret("key"),
            clock=FixedClock(),
            measures=self.measures,
            names=NAMES,
            submit=self._submit,
        )

    def _submit(self, jobs: Sequence[Job]) -> bool:
        if self.takes:
            self.jobs.extend(jobs)
        return self.takes

    def hear(self, wire: Wire, *datagrams: bytes, source: tuple[str, int] = NAS) -> None:
        self.server.take(cast("Listener", wire), [Datagram(octets, source) for octets in datagrams])

    def counted(self, **labels: str) -> float:
        lines = (line for line in self.measures.page().decode().splitlines() if "radius_requests_total{" in line)
        wanted = [f'{name}="{value}"' for name, value in labels.items()]
        return sum(float(line.rpartition(" ")[2]) for line in lines if all(word in line for word in wanted))


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def acct() -> Wire:
    return Wire(Door.ACCT)


def report(identifier: int, session: str = "s", secret: bytes = SECRET) -> bytes:
    kind, number = integer(Attr.ACCT_STATUS_TYPE, 1)
    attributes = bytes((kind, 6)) + number + bytes((44, len(session) + 2)) + session.encode()
    head = bytes((4, identifier)) + (20 + len(attributes)).to_bytes(2, "big")
    return head + request_authenticator(head + bytes(16) + attributes, secret) + attributes


def sealed(code: int, attributes: bytes = b"") -> bytes:
    head = bytes((code, 9)) + (38 + len(attributes)).to_bytes(2, "big") + AUTH
    seal = hmac.digest(SECRET, head + attributes + b"\x50\x12" + bytes(16), "md5")
    return head + attributes + b"\x50\x12" + seal


def test_a_report_is_answered_only_when_it_is_done(desk: Desk, acct: Wire) -> None:
    desk.hear(acct, report(1))
    assert (len(desk.jobs), acct.sent) == (1, [])
    assert isinstance(desk.jobs[0].work, Step)

    desk.jobs[0].tell(Done())

    assert acct.sent[0][:2] == bytes((5, 1))


def test_a_repeated_packet_is_silent_while_it_is_worked_on_and_answered_alike_afterwards(
    desk: Desk, acct: Wire
) -> None:
    desk.hear(acct, report(1), report(1))
    assert (len(desk.jobs), acct.sent) == (1, [])

    desk.jobs[0].tell(Done())
    desk.hear(acct, report(1))

    assert (len(desk.jobs), len(acct.sent), len(set(acct.sent))) == (1, 2, 1)
    assert (desk.counted(result="duplicate"), desk.counted(result="resent")) == (1, 1)


def test_what_could_not_be_done_stays_silent_and_is_new_when_it_comes_again(desk: Desk, acct: Wire) -> None:
    desk.hear(acct, report(1))
    desk.jobs[0].tell(Undone())
    desk.hear(acct, report(1))

    assert (len(desk.jobs), acct.sent, desk.counted(result="unavailable")) == (2, [], 1)


def test_when_too_much_is_waiting_new_work_is_dropped_in_silence(desk: Desk, acct: Wire) -> None:
    desk.takes = False
    desk.hear(acct, report(1), report(2))

    assert (acct.sent, desk.counted(result="unavailable")) == ([], 2)


def test_the_same_identifier_on_another_port_or_socket_is_another_packet(desk: Desk, acct: Wire) -> None:
    desk.hear(acct, report(1))
    desk.hear(acct, report(1), source=(NAS[0], 40001))
    desk.hear(Wire(Door.ACCT, number=4), report(1))

    assert len(desk.jobs) == 3


@pytest.mark.parametrize(("door", "code"), [(Door.AUTH, Code.ACCESS_ACCEPT), (Door.ACCT, Code.ACCOUNTING_RESPONSE)])
def test_status_server_is_answered_by_each_ports_own_code_each_time_anew(desk: Desk, door: Door, code: int) -> None:
    wire = Wire(door)
    desk.hear(wire, sealed(12), sealed(12))
    for job in desk.jobs:
        assert isinstance(job.work, SignOfLife)
        job.tell(Done())

    assert [octets[0] for octets in wire.sent] == [code, code]
    assert all(octets[20] == Attr.MESSAGE_AUTHENTICATOR for octets in wire.sent)


def test_a_name_that_is_no_grant_is_refused_at_once_and_sealed(desk: Desk) -> None:
    wire = Wire(Door.AUTH)
    desk.hear(wire, sealed(1, b"\x01\x05bob"))

    assert (desk.jobs, wire.sent[0][0], wire.sent[0][20]) == ([], Code.ACCESS_REJECT, Attr.MESSAGE_AUTHENTICATOR)
    assert 'hotspot_logins_total{result="unknown-client",site="a",way="none"} 1.0' in desk.measures.page().decode()


def test_a_stranger_is_counted_and_not_read(desk: Desk, acct: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("radius.server.receive", lambda *_: pytest.fail("it was read"))
    desk.hear(acct, report(1), source=("127.66.9.9", 1))

    assert (desk.jobs, acct.sent, desk.counted(result="unknown-source")) == ([], [], 1)


def test_a_packet_that_meets_a_bug_does_not_cost_the_others_their_answer(
    desk: Desk, acct: Wire, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(request: Any, *rest: Any) -> Any:
        if request.identifier == 1:
            raise ZeroDivisionError
        return read_event(request, *rest)

    monkeypatch.setattr("radius.server.read_event", broken)
    desk.hear(acct, report(1), report(2))

    assert len(desk.jobs) == 1
    assert "a packet met a bug" in caplog.text


def test_what_a_nas_is_asked_to_do_only_once_it_can_is_remembered_and_written_until_that_worked() -> None:
    desk, wire = Desk(replace(STRICT, must_seal=False, may_learn=True)), Wire(Door.AUTH)
    plain, forged = b"\x01\x05bob", b"\x01\x05bob\x21\x04zz"
    unsealed = b"\x01\x09\x00\x19" + AUTH + plain
    desk.hear(wire, unsealed, b"\x01\x09\x00\x1d" + AUTH + forged)
    assert (len(wire.sent), desk.jobs, desk.counted(result="unsealed")) == (1, [], 1)

    desk.hear(wire, sealed(1, plain))
    desk.hear(wire, b"\x01\x0a" + unsealed[2:])
    assert (len(wire.sent), desk.counted(result="unsealed")) == (2, 2)
    assert [job.work for job in desk.jobs] == [Seal("gw-a", int(FixedClock().now()))]

    desk.jobs.pop().tell(Undone(away=True))
    desk.hear(wire, sealed(1, plain + b"\x04\x06abcd"))
    desk.jobs.pop().tell(Done())
    desk.hear(wire, sealed(1, plain + b"\x04\x06efgh"))
    assert desk.jobs == []


def test_while_a_secret_is_changed_each_reply_is_under_the_secret_of_its_request(acct: Wire) -> None:
    desk = Desk(replace(STRICT, secrets=(SECRET, NEW), newest=NEW))
    for identifier, secret in enumerate((SECRET, NEW, SECRET)):
        octets = report(identifier, secret=secret)
        desk.hear(acct, octets)
        desk.jobs.pop().tell(Done())
        reply = acct.sent[-1]
        assert reply[4:20] == md5(reply[:4] + octets[4:20] + reply[20:] + secret)
        assert next(iter(desk.server.peers)).secrets[0] == secret


def test_an_unsealed_password_tells_the_secret_while_it_is_changed() -> None:
    grant = grants.new_id(bytes(10))
    peer = replace(STRICT, secrets=(SECRET, NEW), newest=NEW, must_seal=False)
    for secret in (SECRET, NEW):
        desk, wire = Desk(peer), Wire(Door.AUTH)
        kind, word = hidden(grants.password(Secret("key"), grant).encode(), AUTH, secret)
        attributes = b"".join(
            bytes((number, len(value) + 2)) + value
            for number, value in ((1, grant.encode()), (kind, word), (31, b"02-11-22-00-00-01"))
        )
        octets = b"\x01\x09" + (20 + len(attributes)).to_bytes(2, "big") + AUTH + attributes
        desk.hear(wire, octets)
        assert isinstance(desk.jobs[0].work, Login)

        desk.jobs[0].tell(Refused(Reason.FULL, "tap"))

        reply = wire.sent[0]
        assert reply[4:20] == md5(reply[:4] + AUTH + reply[20:] + secret)


def test_a_new_configuration_keeps_what_was_answered_and_forgets_who_is_gone(desk: Desk, acct: Wire) -> None:
    desk.hear(acct, report(1))
    desk.jobs[0].tell(Done())
    desk.hear(acct, report(2))
    desk.server.adopt(Peers([(STRICT, [NAS[0]])]), Secret("key"))
    desk.hear(acct, report(1))
    assert desk.counted(result="resent") == 1

    desk.server.adopt(Peers([]), Secret("key"))
    desk.jobs[1].tell(Undone())
    desk.hear(acct, report(3))
    assert desk.counted(result="unknown-source") == 1
