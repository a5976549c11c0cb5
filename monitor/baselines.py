"""What each port's light is like over days, from the polls and back into the store: one row of JSON a port."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from statistics import median
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, and_, insert, select, update

from hotspot.tables import baselines
from monitor.optics import DROPS, Learned, outlook
from monitor.optics_trend import Point
from monitor.snapshot import Light, LinkEndView

Key = tuple[str, str]  # device, port
WHAT = "rx-power"
_POOR = ("warn", "critical")


class Baselines:
    """Of the running day a restart loses the samples so far; ``changed`` is what the store does not have yet."""

    def __init__(self, learned: dict[Key, Learned], zone: ZoneInfo) -> None:
        self._learned = learned
        self._zone = zone
        self._today: dict[Key, tuple[int, list[float], list[float]]] = {}
        self._last: dict[Key, float] = {}
        self._outlooks: dict[Key, tuple[tuple[Point, ...], Light | None]] = {}
        self.changed: dict[Key, Learned] = {}

    def take(self, end: LinkEndView, at: float, celsius: float = 0.0) -> None:
        """One reading; the same one twice counts once, and a finished day becomes one median."""
        key, day = (end.device, end.port), datetime.fromtimestamp(at, self._zone).date().toordinal()
        if end.rx_dbm is None or at <= self._last.get(key, 0.0):
            return
        self._last[key] = at
        before = learned = self._learned.get(key, Learned())
        today, levels, heat = self._today.setdefault(key, (day, [], []))
        if day != today:
            learned = learned.with_day(today, median(levels), median(heat))
            _, levels, heat = self._today[key] = (day, [], [])
        levels.append(end.rx_dbm)
        heat.append(celsius)
        learned = self._learned[key] = learned.sample(end.rx_dbm)
        if (learned.days, learned.level) != (before.days, before.level):
            self.changed[key] = learned

    def faded(self, key: Key) -> str:
        """How far a port's light had fallen, if that was worth a warning."""
        learned = self._learned.get(key, Learned())
        if learned.level not in _POOR or learned.baseline is None:
            return ""
        return f"the light at {key[0]} had fallen by at least {dict(DROPS)[learned.level]:g} dB before"

    def outlook(self, key: Key) -> Light | None:
        """What a port's days tell of the coming ones; reckoned anew once a day."""
        learned = self._learned.get(key, Learned())
        known = self._outlooks.get(key)
        if known is None or known[0] != learned.days:
            known = self._outlooks[key] = (learned.days, _light(learned))
        return known[1]

    def complaint(self, ends: Iterable[LinkEndView]) -> str:
        """Why a link's light is poor, or nothing."""
        for end in ends:
            learned = self._learned.get((end.device, end.port), Learned())
            if learned.level in _POOR and learned.baseline is not None and end.rx_dbm is not None:
                drop = learned.baseline - end.rx_dbm
                return f"{end.device} receives {end.rx_dbm:.1f} dBm, {drop:.1f} dB less than when all was well"
        return ""


def _light(learned: Learned) -> Light | None:
    if learned.baseline is None or not learned.days:
        return None
    told = outlook(learned)
    bent = (date.fromordinal(int(told.bent.day)).isoformat(), round(told.bent.change, 1)) if told.bent else None
    left = int(told.days_left) if told.days_left is not None else None
    return Light(round(learned.baseline - learned.days[-1][1], 1), left, bent)


def read(connection: Connection) -> dict[Key, Learned]:
    rows = connection.execute(select(baselines).where(baselines.c.what == WHAT))
    return {(row.subject, row.port): _from_json(row.learned) for row in rows}


def write(connection: Connection, changed: dict[Key, Learned], at: float) -> None:
    for (subject, port), learned in changed.items():
        row = {"learned": json.dumps(asdict(learned)), "changed_at": int(at)}
        c = baselines.c
        here = and_(c.subject == subject, c.port == port, c.what == WHAT)
        if connection.execute(update(baselines).where(here).values(**row)).rowcount == 0:
            connection.execute(insert(baselines).values(subject=subject, port=port, what=WHAT, **row))


def _from_json(text: str) -> Learned:
    values = json.loads(text)
    days = tuple((float(day), float(value)) for day, value in values.pop("days"))
    return Learned(days=days, heat=tuple(values.pop("heat")), **values)
