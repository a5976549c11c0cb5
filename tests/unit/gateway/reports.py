"""Stays to report of."""

from __future__ import annotations

from ipaddress import ip_address

from gateway.accounting import Record, Who, going_on, started, stopped
from gateway.admission import Octets
from gateway.session import Cause
from hotspot.mac import Mac

AT = 1_780_000_000
MAC = Mac("021122000001")
CLASS = (b"hs1:" + b"ab" * 16).hex()


def who(session: str = "s1", *, by_radius: bool = True) -> Who:
    addresses = (ip_address("10.70.7.20"), ip_address("2001:db8::20"))
    return Who(session, "gabcdefghijklmnop", MAC, addresses, (CLASS,), by_radius)


def start(session: str = "s1", at: int = AT) -> Record:
    return started(who(session), at)


def interim(session: str = "s1", seconds: int = 300) -> Record:
    return going_on(who(session), AT + seconds, seconds, Octets(seconds, 10 * seconds, 1, 2))


def stop(session: str = "s1", seconds: int = 900) -> Record:
    octets = Octets(7, 5 * 2**32 + 1_952_267_900, 3, 4)
    return stopped(who(session), AT + seconds, seconds, octets, Cause.IDLE_TIMEOUT)
