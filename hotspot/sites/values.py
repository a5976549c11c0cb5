"""The small languages of sites.yaml: durations, sizes, rates, opening hours, addresses, MACs, ids."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from ipaddress import IPv4Interface, IPv6Interface, ip_address, ip_network
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, WithJsonSchema

from hotspot.mac import Mac

_DURATION = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_SIZE = {"kB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
_RATE = {"k": 10**3, "M": 10**6, "G": 10**9}


def _quantity(units: dict[str, int], what: str) -> BeforeValidator:
    pattern = re.compile(rf"(\d+)\s*({'|'.join(units)})")

    def read(value: Any) -> Any:
        match = pattern.fullmatch(str(value).strip())
        if not match:
            raise ValueError(f"not {what}")
        return int(match[1]) * units[match[2]]

    return BeforeValidator(read)


def _schema(pattern: str, example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "examples": [example]})


Seconds = Annotated[int, _quantity(_DURATION, "a duration like 30s, 15m, 2h or 35d"), _schema(r"^\d+[smhd]$", "2h")]
Octets = Annotated[int, _quantity(_SIZE, "an amount like 500MB or 2GB"), _schema(r"^\d+[kMGT]B$", "2GB")]
BitsPerSecond = Annotated[int, _quantity(_RATE, "a speed in bit/s like 512k or 8M"), _schema(r"^\d+[kMG]$", "8M")]


def _identifier(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value):
        raise ValueError("not an id; use lower-case words joined by hyphens, like alun-alun-besar")
    return value


Id = Annotated[str, AfterValidator(_identifier), _schema(r"^[a-z0-9]+(-[a-z0-9]+)*$", "alun-alun-besar")]


def _address(value: str) -> str:
    try:
        return str(ip_address(value))
    except ValueError:
        raise ValueError("not an IP address like 10.66.1.1 or fd00::1") from None


Address = Annotated[str, AfterValidator(_address), _schema(r"^[0-9a-fA-F.:]+$", "10.66.1.1")]


def _source(value: str) -> str:
    try:
        return str(ip_network(value))
    except ValueError:
        raise ValueError("not a network like 10.99.4.0/24 or fd00:4::/64 (all bits behind the prefix are 0)") from None


Source = Annotated[str, AfterValidator(_source), _schema(r"^[0-9a-fA-F.:]+(/\d+)?$", "10.99.4.0/24")]


def _network(kind: type[IPv4Interface | IPv6Interface], example: str) -> BeforeValidator:
    """One's own address in a network: neither the network's own, its first, nor its broadcast address."""

    def read(value: Any) -> Any:
        try:
            own = kind(str(value))
        except ValueError:
            own = None
        if own is None or own.network.num_addresses < 8 or own.ip in (own.network[0], own.network[-1]):
            raise ValueError(f"not an own address with the prefix of its network like {example}")
        return own

    return BeforeValidator(read)


Network4 = Annotated[
    IPv4Interface,
    _network(IPv4Interface, "10.70.4.1/22"),
    PlainSerializer(str),
    _schema(r"^[0-9.]+/\d+$", "10.70.4.1/22"),
]


def _is_64(own: IPv6Interface) -> IPv6Interface:
    if own.network.prefixlen != 64:
        raise ValueError("not a /64, from which alone visitors make up their addresses (RFC 4862)")
    return own


Network6 = Annotated[
    IPv6Interface,
    AfterValidator(_is_64),
    _network(IPv6Interface, "fd70:4::1/64"),
    PlainSerializer(str),
    _schema(r"^[0-9a-fA-F:]+/\d+$", "fd70:4::1/64"),
]


def _interface_name(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,14}", value):
        raise ValueError("not a network interface like enp1s0 (at most 15 letters, digits, dots and hyphens)")
    return value


InterfaceName = Annotated[str, AfterValidator(_interface_name), _schema(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$", "enp1s0")]

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"


def _host_name(value: str) -> str:
    if not re.fullmatch(rf"({_LABEL}\.)+{_LABEL}", value) or len(value) > 253:
        raise ValueError("not a host name like gw-alun.wifi.example.go.id, in lower case")
    return value


HostName = Annotated[
    str, AfterValidator(_host_name), _schema(rf"^({_LABEL}\.)+{_LABEL}$", "gw-alun.wifi.example.go.id")
]


def _mac(value: Any) -> Any:
    return value if isinstance(value, Mac) else Mac.parse(str(value))


MacAddress = Annotated[
    Mac,
    BeforeValidator(_mac),
    PlainSerializer(lambda mac: mac.colons),
    _schema(r"^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}$", "02:11:22:aa:bb:cc"),
]


def _zone(value: Any) -> Any:
    if isinstance(value, ZoneInfo):
        return value
    try:
        return ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError("not a time zone like Asia/Jakarta") from None


Zone = Annotated[
    ZoneInfo, BeforeValidator(_zone), PlainSerializer(str), _schema(r"^[A-Za-z_]+/[A-Za-z_/]+$", "Asia/Jakarta")
]


def _url(value: str) -> str:
    if not re.fullmatch(r"https?://[A-Za-z0-9.\-\[\]:]+(/[^\s\"'<>\\]*)?", value):
        raise ValueError("not a web address like https://wifi.example.go.id")
    return value


Url = Annotated[str, AfterValidator(_url), _schema(r"^https?://", "https://wifi.example.go.id")]


@dataclass(frozen=True)
class OpeningHours:
    """From opening to closing on the same day, or past midnight when closing is not later than opening."""

    opens: time
    closes: time

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}-{self.closes:%H:%M}"

    def is_open(self, at: float, zone: ZoneInfo) -> bool:
        clock = datetime.fromtimestamp(at, zone).time()
        if self.opens < self.closes:
            return self.opens <= clock < self.closes
        return clock >= self.opens or clock < self.closes

    def closes_after(self, at: float, zone: ZoneInfo) -> int:
        """UTC seconds of the next closing time."""
        return _next_at(self.closes, at, zone)

    def opens_after(self, at: float, zone: ZoneInfo) -> int:
        """UTC seconds of the next opening time."""
        return _next_at(self.opens, at, zone)


def _next_at(clock: time, at: float, zone: ZoneInfo) -> int:
    now = datetime.fromtimestamp(at, zone)
    moment = now.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
    return int((moment if moment > now else moment + timedelta(days=1)).timestamp())


def _hours(value: Any) -> Any:
    if isinstance(value, OpeningHours):
        return value
    match = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)", str(value))
    if not match:
        raise ValueError('not opening hours like "05:00-23:00"')
    a, b, c, d = (int(part) for part in match.groups())
    return OpeningHours(time(a, b), time(c, d))


Hours = Annotated[
    OpeningHours,
    BeforeValidator(_hours),
    PlainSerializer(str),
    _schema(r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$", "05:00-23:00"),
]
