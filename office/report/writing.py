"""Figures as an Indonesian letter writes them: 1.234.567, 99,53 %, Rp1.500.000,00, 23 November 2026, 14.05 (Babel)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal

from office.report.figures import Value

LOCALE = "id_ID"
_WORDS = Path(__file__).parent / "words" / "id.yaml"
GIGA = 1_000_000_000


@cache
def words() -> dict[str, Any]:
    """The catalogue of the report."""
    loaded: dict[str, Any] = yaml.safe_load(_WORDS.read_text(encoding="utf-8"))
    return loaded


def say(key: str, **figures: str) -> str:
    """One sentence with its figures in place."""
    sentence: str = words()["sentences"][key]
    return sentence.format(**figures).strip()


def number(value: float, digits: int = 0) -> str:
    return format_decimal(value, format="#,##0" + ("." + "0" * digits if digits else ""), locale=LOCALE)


def percent(value: float) -> str:
    return f"{number(value, 2)} %"


def rupiah(value: float) -> str:
    return format_currency(value, "IDR", format="¤#,##0.00", locale=LOCALE, currency_digits=False).replace("\xa0", "")


def gigabytes(octets: int) -> str:
    """Decimal units; little is not written as nothing."""
    for size, unit in ((10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if abs(octets) >= size:
            return f"{number(octets / size, 2)} {unit}"
    return f"{octets} B"


def long_time(minutes: int) -> str:
    """``75`` as 1 jam 15 menit."""
    hours, rest = divmod(minutes, 60)
    return (
        " ".join(f"{number(amount)} {unit}" for amount, unit in ((hours, "jam"), (rest, "menit")) if amount)
        or "0 menit"
    )


def month(name: str) -> str:
    return format_date(date.fromisoformat(f"{name}-01"), "MMMM y", locale=LOCALE)


def day(name: str) -> str:
    return format_date(date.fromisoformat(name), "d MMMM y", locale=LOCALE)


def short_day(name: str) -> str:
    return format_date(date.fromisoformat(name), "EEE, d MMM", locale=LOCALE)


def moment(at: datetime) -> str:
    """``23 November 2026 14.05``."""
    return format_datetime(at, "d MMMM y HH.mm", locale=LOCALE)


def _hour(value: Value) -> str:
    start = int(value or 0)
    return f"{start:02}.00-{start + 1:02}.00"


def _time(value: Value) -> str:
    return moment(datetime.fromisoformat(str(value)))


UNITS: dict[str, Callable[[Any], str]] = {
    "count": number,
    "minutes": lambda value: f"{number(value)} menit",
    "seconds": lambda value: f"{number(value)} detik",
    "percent": percent,
    "bytes": gigabytes,
    "rupiah": rupiah,
    "number": lambda value: number(value, 2),
    "hour": _hour,
    "time": _time,
    "text": str,
}


def figure(name: str, value: Value) -> str:
    """A metric's value with its unit; where there is none, why."""
    about = words()["metrics"][name]
    if value is None:
        return str(about.get("none", words()["sentences"]["none"]))
    return UNITS[about["unit"]](value)


def short_figure(name: str, value: Value) -> str:
    """For a narrow cell: a dash where there is none."""
    return "-" if value is None else figure(name, value)


def change(name: str, now: Value, before: Value) -> str:
    """``+12,50 %``, of shares ``+1,20 poin``; from nothing, of nothing and without a comparison in words."""
    if not isinstance(now, (int, float)) or not isinstance(before, (int, float)):
        return say("no_previous")
    if now == before:
        return say("equal")
    if words()["metrics"][name]["unit"] == "percent":
        return f"{format_decimal(now - before, format='+#,##0.00;-#,##0.00', locale=LOCALE)} poin"
    if before == 0:
        return say("change_from_nothing")
    return f"{format_decimal((now - before) / before * 100, format='+#,##0.00;-#,##0.00', locale=LOCALE)} %"


def change_in_words(now: int, before: int) -> str:
    if now == before:
        return say("change_none")
    if before == 0:
        return say("change_from_nothing")
    share = percent(abs(now - before) / before * 100)
    return say("change_up" if now > before else "change_down", percent=share)
