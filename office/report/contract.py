"""What a fibre link did in a month beside what its contract promises, up, down and not known apart (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hotspot.watched import Kept
from office.report.availability import Condition, History, outage_lengths, pieces, seconds


@dataclass(frozen=True)
class LinkMonth:
    """Seconds of a link's month; ``promised`` in percent, None where no contract says anything."""

    link: str
    kecamatan: str
    name: str
    contractor: str
    status: str
    promised: float | None
    up: int
    down: int
    unknown: int
    outages: tuple[int, ...]

    @property
    def measured(self) -> float | None:
        """Percent of the known time, cut to two digits; None of an unknown month."""
        return self.up * 10_000 // (self.up + self.down) / 100 if self.up + self.down else None

    @property
    def verdict(self) -> str:
        """``kept`` or ``broken`` only where the unknown time could not turn it, so that no contractor is wronged."""
        whole = self.up + self.down + self.unknown
        if self.promised is None or not self.up + self.down:
            return "unjudged"
        if self.down * 100 > whole * (100 - self.promised):
            return "broken"
        return "kept" if (self.down + self.unknown) * 100 <= whole * (100 - self.promised) else "unjudged"


@dataclass(frozen=True)
class Contract:
    """A link as sites.yaml has it; ``since`` is when it was taken into service, in UTC seconds."""

    link: str
    kecamatan: str
    name: str
    contractor: str
    status: str
    promised: float | None
    since: int


def link_month(contract: Contract, history: History, start: int, end: int) -> LinkMonth:
    """Around the clock, from the day on which the link was taken into service; a planned one has no time yet."""
    begins = max(start, contract.since) if contract.status == "active" else end
    whole = ((begins, end),) if begins < end else ()
    own = [one for one in history if one.state is not Kept.SHADOW]  # what darkened it counts against that, not it
    known = pieces((own,), begins, end) if whole else ()
    up, down = (seconds(known, condition, whole) for condition in (Condition.UP, Condition.DOWN))
    return LinkMonth(
        link=contract.link,
        kecamatan=contract.kecamatan,
        name=contract.name,
        contractor=contract.contractor,
        status=contract.status,
        promised=contract.promised,
        up=up,
        down=down,
        unknown=max(0, end - begins) - up - down,
        outages=outage_lengths(known, whole),
    )


def by_kecamatan(links: Sequence[LinkMonth]) -> tuple[LinkMonth, ...]:
    """The links of districts in the order of their codes; the trunks, which belong to none, first."""
    return tuple(sorted(links, key=lambda link: (link.kecamatan, link.link)))
