"""The plain paragraphs of the monthly report, written from its figures (pure); the sentences are in words/id.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from hotspot.clock import local_day
from office.report import writing
from office.report.book import Book, Page
from office.report.crowding import Crowd
from office.report.events import Lesson
from office.report.figures import Value
from office.report.month import month_before
from office.report.writing import gigabytes, number, percent, rupiah, say

GOOD = 99.0  # percent of the service time below which a site is named among the problems
BUSY = 3  # hours of the day that are named

Paragraphs = Iterator[str]


def _number(page: Page, name: str) -> str:
    return number(_int(page.values[name]))


def _int(value: Value) -> int:
    return int(value) if isinstance(value, (int, float)) else 0


def use(book: Book) -> Paragraphs:
    total, month = book.total, writing.month(book.month)
    if not _int(total.values["visits"]) and not _int(total.values["sessions"]):
        yield say("use_none", month=month)
    else:
        yield say(
            "use",
            month=month,
            visits=_number(total, "visits"),
            devices=_number(total, "devices_daily_sum"),
            download=gigabytes(_int(total.values["download_bytes"])),
            upload=gigabytes(_int(total.values["upload_bytes"])),
        )
    yield from _compared(book)
    yield from _sites_in_words(book.sites)


def _compared(book: Book) -> Paragraphs:
    now = _int(book.total.values["visits"])
    previous, year_ago = (writing.month(month_before(book.month, months)) for months in (1, 12))
    for before, key, name in (
        (book.total.previous, "use_change", {"previous": previous}),
        (book.total.year_ago, "use_year", {"year_ago": year_ago}),
    ):
        if before is None:
            yield say("use_no_previous" if key == "use_change" else "use_no_year", **name)
        else:
            visits = _int(before["visits"])
            yield say(key, change=writing.change_in_words(now, visits), before=number(visits), **name)


def _sites_in_words(sites: Sequence[Page]) -> Paragraphs:
    used = [site for site in sites if _int(site.values["sessions"])]
    if used:
        best = max(used, key=lambda site: (_int(site.values["visits"]), site.name))
        dwell = best.values["dwell_median"]
        key = "busiest_unknown" if dwell is None else "busiest"
        yield say(key, site=best.name, visits=_number(best, "visits"), dwell=number(_int(dwell)))
    if empty := [site.name for site in sites if not _int(site.values["sessions"])]:
        yield say("empty_sites", sites="; ".join(empty))


def devices(book: Book) -> Paragraphs:
    values = book.total.values
    if _int(values["devices_month_least"]) and values["random_share"] is not None:
        yield say(
            "devices_range",
            least=_number(book.total, "devices_month_least"),
            most=_number(book.total, "devices_month"),
            share=percent(float(values["random_share"])),
        )


def busy(book: Book) -> Paragraphs:
    """The hours of the day in which most devices were there, over all days."""
    mean = [sum(day[hour] or 0 for day in book.total.week) for hour in range(24)]
    hours = sorted((hour for hour in range(24) if mean[hour]), key=lambda hour: (-mean[hour], hour))[:BUSY]
    if hours:
        yield say("hours", hours=", ".join(f"{hour:02}.00-{hour + 1:02}.00" for hour in sorted(hours)))


def available(book: Book) -> Paragraphs:
    values = book.total.values
    if (known := values["availability"]) is None:
        yield say("available_none")
    elif _int(values["outages"]):
        longest = writing.long_time(_int(values["outage_longest"]))
        key = "available_one" if _int(values["outages"]) == 1 else "available"
        yield say(key, share=percent(float(known)), outages=_number(book.total, "outages"), longest=longest)
    else:
        yield say("available_no_outage", share=percent(float(known)))
    if hours := _int(values["availability_unknown_minutes"]) // 60:
        yield say("available_unknown", hours=number(hours))
    blind = [site.name for site in book.sites if site.values["availability"] is None]
    if blind and known is not None:
        yield say("available_blind", sites="; ".join(blind))
    if worst := _worst(book.sites):
        yield say("worst_site", site=worst.name, share=percent(float(str(worst.values["availability"]))))
    yield _causes(book.total)
    yield from quality(book.total)


def quality(page: Page) -> Paragraphs:
    """What the probes inside sites measured; figures of an older frozen month may lack."""
    values = page.values
    if values.get("citizen_success") is None:
        yield say("quality_none")
        return
    yield say("quality", success=percent(float(values["citizen_success"] or 0)))
    if values.get("answer_p95") is not None:
        yield say("quality_answer", answer=number(float(values["answer_p95"] or 0), 0))
    if values.get("speed_median") is None:
        yield say("quality_no_speed")
    else:
        yield say("quality_speed", speed=number(float(values["speed_median"] or 0), 2))


def _worst(sites: Sequence[Page]) -> Page | None:
    known = [(float(v), site.name, site) for site in sites if isinstance(v := site.values["availability"], float)]
    share, _, site = min(known, default=(100.0, "", None), key=lambda one: one[:2])
    return site if share < 100 else None


def _causes(total: Page) -> str:
    if not total.causes:
        return say("causes_none")
    names: dict[str, str] = writing.words()["causes"]
    told = [f"{names.get(one.cause, one.cause).lower()} {number(one.incidents)} kali" for one in total.causes]
    return say("causes", causes=", ".join(told))


def complaints(book: Book) -> Paragraphs:
    values = book.total.values
    if not _int(values["complaints"]):
        yield say("complaints_none")
        return
    yield say(
        "complaints",
        complaints=_number(book.total, "complaints"),
        on_time=_number(book.total, "complaints_on_time"),
        late=_number(book.total, "complaints_late"),
    )
    waiting = _int(values["complaints"]) - _int(values["complaints_on_time"]) - _int(values["complaints_late"])
    if waiting > 0:
        yield say("complaints_waiting", waiting=number(waiting))
    if values["complaints_on_time_share"] is not None:
        yield say("complaints_share", share=percent(float(values["complaints_on_time_share"])))
    if values["answer_median"] is not None:
        yield say("answer", time=writing.long_time(_int(values["answer_median"])))


def satisfied(book: Book) -> Paragraphs:
    values = book.total.values
    if values["ikm"] is None:
        yield say("ikm_none", answers=_number(book.total, "ikm_answers"))
        return
    grade = str(values["ikm_grade"])
    yield say(
        "ikm",
        index=number(float(values["ikm"]), 2),
        margin=number(float(values["ikm_margin"] or 0), 2),
        answers=_number(book.total, "ikm_answers"),
        grade=grade,
        words=writing.words()["grades"][grade],
    )


def costs(page: Page) -> str:
    if (cost := page.values["cost"]) is None:
        return say("cost_unknown")
    if (each := page.values["cost_per_device_day"]) is None:
        return say("cost_none", cost=rupiah(_int(cost)))
    return say("cost", cost=rupiah(_int(cost)), each=rupiah(float(each)))


def advice(book: Book, zone: ZoneInfo, most: int = 8) -> Paragraphs:
    """What to do, the fullest places first, then what was empty, broken, late or not watched."""
    told = [(crowd, site) for site in book.sites for crowd in site.crowds]
    told.sort(key=lambda one: (-one[0].clients * one[0].times, one[1].name))
    for crowd, site in told[:most]:
        yield full(crowd, site)
    if not told:
        yield say("crowd_none")
    for site in book.sites:
        yield from _about(site)
    names = {site.site: site.name for site in book.sites}
    for one in book.lessons:
        yield learned(one, names.get(one.site, one.site), zone)
    if late := _int(book.total.values["complaints_late"]):
        yield say("advice_late", late=number(late))
    if hours := _int(book.total.values["availability_unknown_minutes"]) // 60:
        yield say("advice_unknown", hours=number(hours))


def full(crowd: Crowd, site: Page) -> str:
    key = "crowd_line" if crowd.why == "line" else "crowd_radio" if site.access_points else "crowd_radio_unknown"
    return say(
        key,
        weekday=writing.words()["weekdays"][crowd.weekday],
        first=f"{crowd.first:02}",
        last=f"{crowd.last:02}",
        site=site.name,
        clients=number(crowd.clients),
        access_points=number(site.access_points),
        times=number(crowd.times),
        more=number(crowd.access_points),
    )


def learned(one: Lesson, site: str, zone: ZoneInfo) -> str:
    """What the last event of the name says about the next one."""
    key = {"radio": "event_radio", "line": "event_line"}.get(one.why, "event_fine")
    return say(
        key,
        label=one.label,
        begins=writing.day(local_day(one.begins_at, zone)),
        before=writing.day(local_day(one.before, zone)),
        site=site,
        hours=number(one.hours),
        busiest=number(one.busiest),
        more=number(one.access_points),
    )


def _about(site: Page) -> Paragraphs:
    if not _int(site.values["sessions"]):
        cost = site.values["cost"]
        key = "advice_empty" if cost is None else "advice_empty_cost"
        yield say(key, site=site.name, cost=rupiah(_int(cost)))
    known = site.values["availability"]
    if isinstance(known, float) and known < GOOD:
        yield say("advice_outage", site=site.name, share=percent(known))
