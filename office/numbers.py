"""Counts, shares, days and spans as each language writes them, by Babel; times and amounts come from the porch."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date, format_timedelta
from babel.numbers import format_decimal, format_percent
from flask import Flask, g

from hotspot.sites.values import OpeningHours


def count(value: float, language: str) -> str:
    """12.345 in Indonesian."""
    return format_decimal(value, locale=language)


def decimal(value: float, language: str) -> str:
    """One digit after the comma: -18,2."""
    return format_decimal(value, format="#,##0.0", locale=language)


def speed(bits: float, language: str) -> str:
    """8 Mbit/s."""
    for size, unit in ((10**9, "Gbit/s"), (10**6, "Mbit/s")):
        if bits >= size:
            return f"{format_decimal(round(bits / size, 1), locale=language)} {unit}"
    return f"{format_decimal(round(bits / 1000), locale=language)} kbit/s"


def share(part: float, whole: float, language: str) -> str:
    return format_percent(part / whole if whole else 0.0, locale=language)


def day(written: str, language: str) -> str:
    """``2026-11-24`` as Selasa, 24 Nov."""
    return format_date(date.fromisoformat(written), "EEEE, d MMM", locale=language)


def weekday(number: int, language: str) -> str:
    """0 is Monday: Sen."""
    return format_date(date(2024, 1, 1 + number), "EEE", locale=language)


def month(written: str, language: str) -> str:
    """``2026-11`` as November 2026."""
    return format_date(date.fromisoformat(f"{written}-01"), "MMMM y", locale=language)


def span(seconds: float, language: str) -> str:
    """About how long, in one unit: 3 jam."""
    return format_timedelta(int(abs(seconds)), granularity="minute", threshold=1.5, locale=language)


def hours_left(seconds: float, language: str) -> str:
    """A promise in hours, as it was given; its last hour in minutes: 45 jam."""
    late = abs(int(seconds))
    if late >= 3600:
        return format_timedelta(late // 3600 * 3600, granularity="hour", threshold=float("inf"), locale=language)
    return format_timedelta(late // 60 * 60, granularity="minute", threshold=float("inf"), locale=language)


def hours(opening: OpeningHours, language: str) -> str:
    """05.00-23.00 in Indonesian."""
    written = str(opening)
    return written if language == "en" else written.replace(":", ".")


def teach(app: Flask) -> None:
    """Give templates the words above as filters; times and amounts come from the porch."""
    app.jinja_env.filters.update(
        count=lambda value: count(value, g.language),
        decimal=lambda value: decimal(value, g.language),
        speed=lambda bits: speed(bits, g.language),
        share=lambda part, whole: share(part, whole, g.language),
        day=lambda written: day(written, g.language),
        weekday=lambda number: weekday(number, g.language),
        month=lambda written: month(written, g.language),
        hours_left=lambda seconds: hours_left(seconds, g.language),
        hours=lambda opening: hours(opening, g.language),
        span=lambda seconds: span(seconds, g.language),
    )
