"""Times, amounts and durations as the reader's language writes them, for templates."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal
from flask import Flask, g, request

_AMOUNTS = ((10**9, "GB"), (10**6, "MB"), (10**3, "kB"))


def clock_time(at: float, zone: ZoneInfo, language: str) -> str:
    """``16.05 WIB`` in Indonesian and Javanese, ``16:05 WIB`` in English."""
    moment = datetime.fromtimestamp(at, zone)
    return f"{moment:%H:%M}" if language == "en" else f"{moment:%H.%M}"


def zone_name(at: float, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(at, zone).tzname() or ""


def date_text(at: float, zone: ZoneInfo, language: str) -> str:
    return format_date(datetime.fromtimestamp(at, zone).date(), "d MMMM y", locale=language)


def amount(octets: float, language: str) -> str:
    """Octets as a phone shows them: 1,5 GB."""
    for size, unit in _AMOUNTS:
        if octets >= size:
            return f"{format_decimal(round(octets / size, 1), locale=language)} {unit}"
    return f"{int(octets)} B"


def teach(app: Flask, zone: ZoneInfo) -> None:
    """Template filters ``clock_time``, ``zone_name``, ``date_text``, ``amount``; functions ``in_language``."""
    app.jinja_env.filters.update(
        clock_time=lambda at: clock_time(at, zone, g.language),
        zone_name=lambda at: zone_name(at, zone),
        date_text=lambda at: date_text(at, zone, g.language),
        amount=lambda octets: amount(octets, g.language),
    )
    app.jinja_env.globals["in_language"] = in_language


def in_language(code: str) -> str:
    """This page's own address in another language; a page may say where it can be read again (``g.read_again``)."""
    path, arguments = g.get("read_again") or (request.path, request.args.to_dict(flat=False))
    return f"{quote(path)}?{urlencode({**arguments, 'lang': code}, doseq=True)}"
