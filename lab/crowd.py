"""Who comes to a site on a day, when and for how long: a seeded plan that is the same for the same seed (pure)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from hotspot.clock import day_bounds
from hotspot.mac import Mac
from hotspot.sites import Site
from lab.phones import Plan

REGULARS = 12  # phones that keep their own MAC and come again, per site
_OUT_OF_HOURS = 0.03  # somebody always tries when it is closed
_MEDIAN_MINUTES, _MEDIAN_MEGABYTES = 35, 60
_LANGUAGES = ("id",) * 7 + ("en",) * 1 + ("jv",) * 2


def day_of_visits(site: Site, day: str, zone: ZoneInfo, *, per_day: float, seed: int) -> list[Plan]:
    """Visits of one local day in the order of their arrival."""
    chance = random.Random(f"{seed}/{site.id}/{day}")
    count = max(0, round(chance.gauss(per_day, per_day * 0.25)))
    regulars = _regulars(site, seed)
    chance.shuffle(regulars)
    plans = [_visit(site, day, zone, chance, regulars) for _ in range(count)]
    return sorted(plans, key=lambda plan: plan.at)


def _visit(site: Site, day: str, zone: ZoneInfo, chance: random.Random, regulars: list[Mac]) -> Plan:
    seconds = min(5 * 3600, max(180, round(chance.lognormvariate(0, 0.7) * _MEDIAN_MINUTES * 60)))
    octets = min(3e9, chance.lognormvariate(0, 1.2) * _MEDIAN_MEGABYTES * 1e6)
    down = max(8_000, int(octets * 8 / seconds))
    return Plan(
        site=site.id,
        at=_arrival(site, day, zone, chance),
        mac=regulars.pop() if regulars and chance.random() < 0.35 else random_mac(chance),
        language=chance.choice(_LANGUAGES),
        taps=2 if chance.random() < 0.06 else 1,
        impatient=chance.random() < 0.08,
        seconds=seconds,
        up=int(down * chance.uniform(0.06, 0.2)),
        down=down,
        leaving="logout" if chance.random() < 0.4 else "walk",
    )


def _arrival(site: Site, day: str, zone: ZoneInfo, chance: random.Random) -> float:
    """Two waves over the opening hours, the later one larger; whole seconds."""
    start, end = day_bounds(day, zone)
    if chance.random() < _OUT_OF_HOURS:
        return float(chance.randrange(start, end))
    hours = site.hours.daily
    opens = hours.opens_after(start - 1, zone)
    closes = hours.closes_after(opens, zone)
    middle, spread = (0.3, 0.12) if chance.random() < 0.4 else (0.68, 0.15)
    share = min(0.98, max(0.01, chance.gauss(middle, spread)))
    return float(round(opens + share * (closes - opens)))


def _regulars(site: Site, seed: int) -> list[Mac]:
    """Phones with their maker's address: the locally-administered bit is off."""
    return list(_fixed_macs(random.Random(f"{seed}/{site.id}/regulars")))


def _fixed_macs(chance: random.Random) -> Iterator[Mac]:
    for _ in range(REGULARS):
        yield Mac(f"{chance.choice(('8c', '9c', 'd4', 'f4'))}{chance.getrandbits(40):010x}")


def random_mac(chance: random.Random) -> Mac:
    """As phones make them up: unicast, locally administered (IEEE 802 section 8.2.2)."""
    first = (chance.getrandbits(8) & 0xFC) | 0x02
    return Mac(f"{first:02x}{chance.getrandbits(40):010x}")
