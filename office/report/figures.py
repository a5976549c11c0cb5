"""The columns of the monthly report: each a function of a site's facts whose docstring is its definition (pure).

All times are local; a day is 00:00 to 24:00, a month the calendar month. Download and upload are the visitor's; the
NAS counts the other way round (RFC 2866 section 5.3), which the gathering has turned.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from office.report.availability import Condition
from office.report.availability import outages as count_outages
from office.report.availability import seconds as service_seconds
from office.report.month import SiteMonth

PROMISE = 2 * 24 * 3600  # seconds from a complaint to its answer, on the calendar, without pauses

Value = str | int | float | None


def month(facts: SiteMonth) -> str:
    """The calendar month, YYYY-MM."""
    return facts.month


def site(facts: SiteMonth) -> str:
    """The site's id in sites.yaml."""
    return facts.site


def site_name(facts: SiteMonth) -> str:
    """The site's name."""
    return facts.name


def kecamatan(facts: SiteMonth) -> str:
    """The official code of the site's kecamatan."""
    return facts.kecamatan


def sessions(facts: SiteMonth) -> int:
    """Sessions that started in the month: distinct by NAS and accounting session, repeated packets dropped."""
    return sum(day.sessions for day in facts.days)


def visits(facts: SiteMonth) -> int:
    """Sessions of one device of one day, merged while the gap is under 30 minutes; without a device each by itself."""
    return sum(day.visits for day in facts.days)


def devices_daily_sum(facts: SiteMonth) -> int:
    """Distinct devices of each day, added up over the days."""
    return sum(day.devices for day in facts.days)


def devices_month(facts: SiteMonth) -> int:
    """Distinct MACs of the month, as of the last hourly run; an upper bound, because phones change theirs."""
    return facts.devices


def minutes(facts: SiteMonth) -> int:
    """Session time as the NASes reported it, of sessions that started in the month; whole minutes of the sum."""
    return sum(day.seconds for day in facts.days) // 60


def download_bytes(facts: SiteMonth) -> int:
    """Octets to the visitors (Acct-Output), each in the hour in which it was used, not on the session's start day."""
    return facts.octets.download


def upload_bytes(facts: SiteMonth) -> int:
    """Octets from the visitors (Acct-Input), each in the hour in which it was used."""
    return facts.octets.upload


def peak_clients(facts: SiteMonth) -> int:
    """The most sessions under way at a full minute of the month."""
    return max((day.peak_clients for day in facts.days), default=0)


def peak_at(facts: SiteMonth) -> str | None:
    """The first minute with that many, in local time with its offset (ISO 8601); empty when there was nobody."""
    most = peak_clients(facts)
    times = [day.peak_at for day in facts.days if day.peak_at is not None and day.peak_clients == most]
    return datetime.fromtimestamp(min(times), facts.zone).isoformat() if times else None


def availability(facts: SiteMonth) -> float | None:
    """Percent of the known service time in which the network was up, cut (never rounded up) to two digits.

    Time in which the monitor did not know is neither up nor down; empty when nothing is known.
    """
    up = service_seconds(facts.history, Condition.UP, facts.service)
    down = service_seconds(facts.history, Condition.DOWN, facts.service)
    return up * 10_000 // (up + down) / 100 if up + down else None


def outages(facts: SiteMonth) -> int | None:
    """Outages of at least two minutes in the service hours of the month; empty when nothing is known."""
    return None if availability(facts) is None else count_outages(facts.history, facts.service)


def complaints(facts: SiteMonth) -> int:
    """Complaints received in the month."""
    return len(facts.complaints)


def complaints_on_time(facts: SiteMonth) -> int:
    """Those of them that were answered within 2 x 24 hours of receipt."""
    return sum(
        complaint.answered_at is not None and complaint.answered_at - complaint.received_at <= PROMISE
        for complaint in facts.complaints
    )


def devices_not_counted(facts: SiteMonth) -> int:
    """Sessions whose device is in no count, because they were reported after their day's key had been destroyed."""
    return sum(day.devices_not_counted for day in facts.days)


def unreported_sessions(facts: SiteMonth) -> int:
    """Sessions of the month that ended without a Stop: what they used after their last report is in no figure."""
    return max(0, sum(day.unstopped for day in facts.days) - facts.open_now)


def correction_download_bytes(facts: SiteMonth) -> int:
    """Octets to the visitors that arrived in this month for one whose report was frozen; not in download_bytes."""
    return facts.corrections.download


def correction_upload_bytes(facts: SiteMonth) -> int:
    """Octets from the visitors that arrived in this month for one whose report was frozen; not in upload_bytes."""
    return facts.corrections.upload


def availability_unknown_minutes(facts: SiteMonth) -> int:
    """Whole minutes of service time, up to now, of which nothing is known."""
    total = sum(closes - opens for opens, closes in facts.service)
    known = (service_seconds(facts.history, condition, facts.service) for condition in (Condition.UP, Condition.DOWN))
    return (total - sum(known)) // 60


# The order is fixed; other offices' tools read the file by it. New columns go to the end.
COLUMNS: tuple[Callable[[SiteMonth], Value], ...] = (
    month,
    site,
    site_name,
    kecamatan,
    sessions,
    visits,
    devices_daily_sum,
    devices_month,
    minutes,
    download_bytes,
    upload_bytes,
    peak_clients,
    peak_at,
    availability,
    outages,
    complaints,
    complaints_on_time,
    devices_not_counted,
    unreported_sessions,
    correction_download_bytes,
    correction_upload_bytes,
    availability_unknown_minutes,
)


@dataclass(frozen=True)
class Report:
    """A month's table, one row a site."""

    month: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def report(month: str, sites: tuple[SiteMonth, ...]) -> Report:
    columns = tuple(column.__name__ for column in COLUMNS)
    return Report(month, columns, tuple(tuple(column(facts) for column in COLUMNS) for facts in sites))
