"""Ready-made requests of many NASes: logins, reports, repeats and hostile ones, with what a real NAS puts in."""

from __future__ import annotations

import random
import socket
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bench.radius.blaster import Volley
from hotspot.wire import Attr, Attribute, Code, accounting_request, hidden, integer, sealed_request, text

START, STOP, INTERIM = 1, 2, 3  # Acct-Status-Type
Step = tuple[int, int, int, int]  # of them one, when, after how many seconds, with how many octets


@dataclass(frozen=True)
class Station:
    """A NAS that the load plays."""

    id: str
    site: str
    address: str
    secret: bytes


@dataclass(frozen=True)
class Guest:
    """A client with a grant; ``token`` is the Class that its reports carry."""

    name: str
    password: str
    mac: str
    token: str


def login(station: Station, guest: Guest, identifier: int, dice: random.Random, *, known: bool = True) -> bytes:
    """A stranger's name is neither a grant's nor a MAC: who guesses at a grant is answered late, which is no speed."""
    authenticator = dice.randbytes(16)
    attributes: list[Attribute] = [
        text(Attr.USER_NAME, guest.name if known else f"visitor-{guest.mac}"),
        hidden(guest.password.encode(), authenticator, station.secret),
        *_place(station, guest),
        integer(6, 1),  # Service-Type Login
    ]
    return sealed_request(Code.ACCESS_REQUEST, identifier, authenticator, attributes, station.secret)


def report(station: Station, guest: Guest, identifier: int, step: Step) -> bytes:
    kind, at, seconds, octets = step
    attributes: list[Attribute] = [
        integer(Attr.ACCT_STATUS_TYPE, kind),
        text(Attr.USER_NAME, guest.name),
        text(Attr.ACCT_SESSION_ID, f"s{guest.mac}"),
        text(Attr.CLASS, guest.token),
        integer(Attr.EVENT_TIMESTAMP, at),
        integer(Attr.ACCT_DELAY_TIME, 0),
        (Attr.FRAMED_IP_ADDRESS, socket.inet_aton("10.1.2.3")),
        *_place(station, guest),
    ]
    if kind != START:
        attributes += [
            integer(Attr.ACCT_SESSION_TIME, seconds),
            integer(Attr.ACCT_INPUT_OCTETS, octets),
            integer(Attr.ACCT_OUTPUT_OCTETS, 5 * octets),
        ]
    if kind == STOP:
        attributes.append(integer(Attr.ACCT_TERMINATE_CAUSE, 1))
    return accounting_request(identifier, attributes, station.secret)


def volleys(
    stations: Sequence[Station], guests: Sequence[Guest], make: Callable[[Station, Guest, int], bytes]
) -> list[Volley]:
    """Guests in turn to the stations; each station's Identifiers count up."""
    found = []
    for number, station in enumerate(stations):
        own = guests[number :: len(stations)]
        packets = [make(station, guest, place % 256) for place, guest in enumerate(own)]
        found.append(Volley(station.address, station.secret, packets))
    return found


def repeated(once: Iterable[Volley], times: int, most: int = 128) -> list[Volley]:
    """The first ``most`` packets of each, over and over: all but the first round are repeats."""
    return [Volley(one.source, one.secret, list(one.packets[:most]) * times) for one in once]


def hostile(once: Iterable[Volley], dice: random.Random) -> list[Volley]:
    """Every third forged, every third cut short, every third with an attribute that overruns it."""
    return [
        Volley(one.source, one.secret, [_spoilt(packet, n, dice) for n, packet in enumerate(one.packets)])
        for one in once
    ]


def _spoilt(packet: bytes, number: int, dice: random.Random) -> bytes:
    if number % 3 == 0:
        return packet[:22] + dice.randbytes(16) + packet[38:]
    if number % 3 == 1:
        return packet[:2] + (len(packet) - 7).to_bytes(2, "big") + packet[4 : len(packet) - 7]
    return packet[:-2] + bytes((packet[-2], 0))


def _place(station: Station, guest: Guest) -> list[Attribute]:
    dashed = "-".join(guest.mac[at : at + 2] for at in range(0, 12, 2)).upper()
    return [
        (Attr.NAS_IP_ADDRESS, socket.inet_aton(station.address)),
        text(32, station.id),
        integer(5, 1),  # NAS-Port
        integer(61, 19),  # NAS-Port-Type Wireless-802.11
        text(87, "bridge-hotspot"),  # NAS-Port-Id
        text(30, "hotspot1"),  # Called-Station-Id
        text(Attr.CALLING_STATION_ID, dashed),
    ]
