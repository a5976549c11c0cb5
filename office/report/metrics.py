"""Every figure of the monthly report for people, by its id; the words beside it are in words/id.yaml (pure).

A figure that cannot be given is None: nothing is divided by zero, and no mean is made of nothing. Its words say why.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from office.report import figures
from office.report.availability import Condition, outage_lengths, seconds
from office.report.crowding import saturated
from office.report.figures import PROMISE, Value
from office.report.lengths import median, quantile
from office.report.month import SiteMonth
from office.report.opinion import satisfaction

LONG_VISIT = 480  # minutes: whoever stays longer is apart, it is more often a device than a visitor
PAGE, TRAFFIC = "page", "traffic"  # the portal's own words for its page being opened and for the first octets
ACCEPTED = "accepted"  # every other result of a login is the reason why it was refused

Metric = Callable[[SiteMonth], Value]


def share(part: int, whole: int) -> float | None:
    """Percent with two digits, cut; None of nothing."""
    return part * 10_000 // whole / 100 if whole else None


def random_share(facts: SiteMonth) -> float | None:
    return share(sum(day.random_macs for day in facts.days), figures.devices_daily_sum(facts))


def devices_month_least(facts: SiteMonth) -> int | None:
    """If every phone that hides its address had changed it once within the month."""
    random, known = sum(day.random_macs for day in facts.days), figures.devices_daily_sum(facts)
    return facts.devices * known // (known + random) if known else None


def returning(facts: SiteMonth) -> int:
    return facts.seen_again


def new(facts: SiteMonth) -> int:
    return facts.devices - facts.seen_again


def across(facts: SiteMonth) -> int | None:
    return facts.across


def _ordinary(facts: SiteMonth) -> list[tuple[int, int]]:
    return [(minutes, visits) for minutes, visits in facts.visit_minutes if minutes <= LONG_VISIT]


def dwell_median(facts: SiteMonth) -> int | None:
    return quantile(_ordinary(facts), (1, 2))


def dwell_p90(facts: SiteMonth) -> int | None:
    return quantile(_ordinary(facts), (9, 10))


def long_visits(facts: SiteMonth) -> int:
    return sum(visits for minutes, visits in facts.visit_minutes if minutes > LONG_VISIT)


def busiest_hour(facts: SiteMonth) -> int | None:
    """The local hour of the day in which most client time was spent."""
    spent = [0] * 24
    for hour in facts.hours:
        spent[(hour.start + facts.offset(hour.start)) // 3600 % 24] += hour.client_seconds
    return spent.index(max(spent)) if any(spent) else None


def login_tries(facts: SiteMonth) -> int:
    return sum(number for _, number in facts.logins)


def login_refused(facts: SiteMonth) -> int:
    return sum(number for result, number in facts.logins if result != ACCEPTED)


def login_success(facts: SiteMonth) -> float | None:
    return share(login_tries(facts) - login_refused(facts), login_tries(facts))


def portal_pages(facts: SiteMonth) -> int:
    return dict(facts.steps).get(PAGE, 0)


def portal_online(facts: SiteMonth) -> float | None:
    """Of the pages that were opened; a phone that opens it twice and gets in once is half a success."""
    return share(dict(facts.steps).get(TRAFFIC, 0), portal_pages(facts))


def portal_refused(facts: SiteMonth) -> int:
    return sum(number for _, number in facts.portal_refusals)


def way_in_median(facts: SiteMonth) -> int | None:
    """Seconds."""
    return quantile(facts.ways_in, (1, 2))


def way_in_p95(facts: SiteMonth) -> int | None:
    """Seconds."""
    return quantile(facts.ways_in, (95, 100))


def by_itself(facts: SiteMonth) -> int:
    return sum(day.by_itself for day in facts.days)


def late_sessions(facts: SiteMonth) -> int:
    return facts.late_sessions


def citizen_success(facts: SiteMonth) -> float | None:
    return share(facts.citizen.came_in, facts.citizen.walks)


def answer_p95(facts: SiteMonth) -> float | None:
    """Milliseconds."""
    return _hundredths(facts.citizen.answers, 1000, (95, 100))


def speed_median(facts: SiteMonth) -> float | None:
    """Mbit/s."""
    return _hundredths(facts.citizen.speeds, 1e-6, (1, 2))


def rtt_p95(facts: SiteMonth) -> float | None:
    """Milliseconds."""
    return _hundredths(facts.echoes.hours, 1000, (95, 100))


def _hundredths(values: Sequence[float], scale: float, part: tuple[int, int]) -> float | None:
    """A quantile to two digits."""
    found = quantile([(round(value * scale * 100), 1) for value in values], part)
    return None if found is None else found / 100


def rtt_mean(facts: SiteMonth) -> float | None:
    """Milliseconds."""
    return round(facts.echoes.seconds / facts.echoes.trips * 1000, 2) if facts.echoes.trips else None


def rtt_worst(facts: SiteMonth) -> float | None:
    """Milliseconds."""
    return round(facts.echoes.worst * 1000, 2) if facts.echoes.trips else None


def loss(facts: SiteMonth) -> float | None:
    """Percent."""
    return round(facts.echoes.lost / facts.echoes.tries * 100, 2) if facts.echoes.tries else None


def availability_all_day(facts: SiteMonth) -> float | None:
    whole = ((facts.start, facts.until),)
    up, down = (seconds(facts.history, condition, whole) for condition in (Condition.UP, Condition.DOWN))
    return share(up, up + down)


def planned_minutes(facts: SiteMonth) -> int:
    return facts.planned_seconds // 60


def outage_median(facts: SiteMonth) -> int | None:
    """Whole minutes."""
    middle = median(outage_lengths(facts.history, facts.service))
    return None if middle is None else middle // 60


def outage_longest(facts: SiteMonth) -> int | None:
    return max(outage_lengths(facts.history, facts.service), default=-60) // 60 if figures.outages(facts) else None


def complaints_on_time_share(facts: SiteMonth) -> float | None:
    """Of those whose time is up or that are answered; one that still has time is neither kept nor broken."""
    due = [c for c in facts.complaints if c.answered_at is not None or c.received_at + PROMISE < facts.until]
    return share(figures.complaints_on_time(facts), len(due))


def complaints_late(facts: SiteMonth) -> int:
    """Answered too late, or not answered though the time is up."""
    return sum(
        (c.answered_at if c.answered_at is not None else facts.until) - c.received_at > PROMISE
        for c in facts.complaints
    )


def answer_median(facts: SiteMonth) -> int | None:
    """Whole minutes from receipt to answer."""
    taken = [c.answered_at - c.received_at for c in facts.complaints if c.answered_at is not None]
    middle = median(taken)
    return None if middle is None else middle // 60


def ikm(facts: SiteMonth) -> float | None:
    return satisfaction(facts.opinions).index


def ikm_margin(facts: SiteMonth) -> float | None:
    return satisfaction(facts.opinions).margin


def ikm_grade(facts: SiteMonth) -> str | None:
    return satisfaction(facts.opinions).grade


def ikm_answers(facts: SiteMonth) -> int:
    return len(facts.opinions)


def cost(facts: SiteMonth) -> int | None:
    return facts.place.cost_per_month


def cost_per_device_day(facts: SiteMonth) -> float | None:
    """Rupiah, to two digits."""
    devices, costs = figures.devices_daily_sum(facts), facts.place.cost_per_month
    return round(costs / devices, 2) if devices and costs is not None else None


def saturated_hours(facts: SiteMonth) -> int:
    return len(saturated(facts))


# The order is that of the tables. Those of figures.py are the columns of the CSV, under the same names.
METRICS: tuple[Metric, ...] = (
    figures.sessions,
    figures.visits,
    figures.devices_daily_sum,
    figures.devices_month,
    devices_month_least,
    random_share,
    figures.devices_not_counted,
    new,
    returning,
    across,
    dwell_median,
    dwell_p90,
    long_visits,
    figures.minutes,
    figures.unreported_sessions,
    figures.peak_clients,
    figures.peak_at,
    busiest_hour,
    saturated_hours,
    figures.download_bytes,
    figures.upload_bytes,
    figures.correction_download_bytes,
    figures.correction_upload_bytes,
    late_sessions,
    portal_pages,
    portal_online,
    portal_refused,
    way_in_median,
    way_in_p95,
    login_tries,
    login_success,
    login_refused,
    by_itself,
    figures.availability,
    availability_all_day,
    figures.availability_unknown_minutes,
    planned_minutes,
    rtt_mean,
    rtt_p95,
    rtt_worst,
    loss,
    citizen_success,
    answer_p95,
    speed_median,
    figures.outages,
    outage_median,
    outage_longest,
    figures.complaints,
    figures.complaints_on_time,
    complaints_on_time_share,
    complaints_late,
    answer_median,
    ikm,
    ikm_margin,
    ikm_grade,
    ikm_answers,
    cost,
    cost_per_device_day,
)
NAMES = tuple(metric.__name__ for metric in METRICS)


def values(facts: SiteMonth) -> dict[str, Value]:
    return {metric.__name__: metric(facts) for metric in METRICS}
