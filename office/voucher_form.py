"""What a form asks for as a batch of vouchers: the plan, or which field is wrong (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hotspot.sites import Sites
from office.gather.vouchers import Plan
from office.moments import moment, words

MOST = 1000  # vouchers of a batch: twenty-five sheets
LONGEST = 366 * 86400


@dataclass(frozen=True)
class Problem:
    word: str


def plan_of(form: Mapping[str, str], sites: Sites, now: float) -> tuple[Plan, int] | Problem:
    number = _whole(form.get("number", ""))
    if number is None or not 1 <= number <= MOST:
        return Problem("number")
    label = words(form.get("label", ""), 64)
    if not label:
        return Problem("label")
    site = form.get("site") or None
    if site is not None and site not in sites.site:
        return Problem("site")
    begins, ends = moment(form.get("from", ""), sites.timezone), moment(form.get("until", ""), sites.timezone)
    if begins is None or ends is None or ends <= begins or ends <= now or ends > now + LONGEST:
        return Problem("until")
    hours, days, megabytes = (_amount(form.get(name, "")) for name in ("hours", "days", "megabytes"))
    devices = _whole(form.get("devices", "1"))
    if -1 in (hours, days, megabytes) or devices is None or not 1 <= devices <= 20:
        return Problem("limits")
    return Plan(
        label=label,
        site=site,
        seconds=int(hours * 3600) or None,
        octets=int(megabytes * 10**6) or None,
        valid_seconds=int(days * 86400) or None,
        valid_from=begins,
        valid_until=ends,
        devices=devices,
    ), number


def _whole(text: str) -> int | None:
    word = text.strip()
    return int(word) if word.isascii() and word.isdigit() and len(word) < 10 else None


def _amount(text: str) -> float:
    """0 when nothing is said, -1 when it is no amount; a comma is as good as a point."""
    word = text.strip().replace(",", ".")
    if not word:
        return 0
    try:
        value = float(word)
    except ValueError:
        return -1
    return value if 0 < value <= 10**6 else -1
