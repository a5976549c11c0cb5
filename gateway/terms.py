"""The limits that an Accept or a change of authorisation tells of a client; what it does not say stays (pure)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

from hotspot.allowance import Limits
from hotspot.wire import Attr, Request

SHORTEST_INTERIM = 60  # less is forbidden (RFC 2869 section 5.16)

_WISPR, _CHILLISPOT = 14122, 14559
_UP, _DOWN = (_WISPR, 7), (_WISPR, 8)  # WISPr-Bandwidth-Max-Up and -Down, bit/s
_TOTAL, _GIGAWORDS = (_CHILLISPOT, 3), (_CHILLISPOT, 23)  # CoovaChilli-Max-Total-Octets and its upper half
_NUMBER = 4

Path = tuple[int, int]  # vendor and attribute; vendor 0 is the standard space


@dataclass(frozen=True, slots=True)
class Terms:
    """Limits as far as they were said; None is "not a word"."""

    seconds: int | None = None
    idle: int | None = None
    octets: int | None = None
    up: int | None = None
    down: int | None = None
    interim: int | None = None

    def over(self, limits: Limits) -> Limits:
        """Those limits, with what was said in their place."""
        said = {field.name: getattr(self, field.name) for field in fields(self)}
        return replace(limits, **{name: value for name, value in said.items() if value is not None})


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An attribute whose value cannot be meant."""

    reason: str


LIMITS = frozenset(
    {(0, Attr.SESSION_TIMEOUT), (0, Attr.IDLE_TIMEOUT), (0, Attr.ACCT_INTERIM_INTERVAL), _UP, _DOWN, _TOTAL, _GIGAWORDS}
)


def read_terms(request: Request) -> Terms | Unreadable:
    """All attributes that are limits; others are somebody else's to judge."""
    values: dict[Path, int] = {}
    for path, octets in everything(request):
        if path not in LIMITS:
            continue
        if len(octets) != _NUMBER:
            return Unreadable(f"attribute {path[0]}.{path[1]} is not four octets long")
        values[path] = int.from_bytes(octets, "big")
    if 0 in (values.get(_UP), values.get(_DOWN)):
        return Unreadable("a speed of 0")
    interim = values.get((0, Attr.ACCT_INTERIM_INTERVAL))
    return Terms(
        seconds=values.get((0, Attr.SESSION_TIMEOUT)),
        idle=values.get((0, Attr.IDLE_TIMEOUT)),
        octets=_total(values),
        up=values.get(_UP),
        down=values.get(_DOWN),
        interim=None if interim is None else max(SHORTEST_INTERIM, interim),
    )


def everything(request: Request) -> Iterator[tuple[Path, bytes]]:
    """Each attribute with its place; a vendor's that does not add up stands under the vendor's attribute 0."""
    for kind, values in request.attributes.items():
        for value in values:
            if kind == Attr.VENDOR_SPECIFIC:
                yield from _of_vendor(value)
            else:
                yield (0, kind), value


def _of_vendor(value: bytes) -> Iterator[tuple[Path, bytes]]:
    vendor, rest = int.from_bytes(value[:4], "big"), value[4:]
    if len(value) < 6:
        yield (vendor, 0), value
    while rest:
        size = rest[1] if len(rest) > 1 else 0
        if not 2 <= size <= len(rest):
            yield (vendor, 0), rest
            return
        yield (vendor, rest[0]), rest[2:size]
        rest = rest[size:]


def _total(values: dict[Path, int]) -> int | None:
    """Both halves; 0 means no limit to CoovaChilli, and to us that nothing is left, so that no slip opens the door."""
    low = values.get(_TOTAL)
    high = values.get(_GIGAWORDS)
    return None if low is None and high is None else ((high or 0) << 32) + (low or 0)
