"""What each port's light is like over days, from the polls and back into the store: one row of JSON a port."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from statistics import median
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, and_, insert, select, update

from hotspot.tables import baselines
from monitor.optics import Learned
from monitor.snapshot import LinkEndView

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

    def complaint(self, ends: Iterable[LinkEndView]) -> str:
        """Why a link's light is poor, or nothing."""
        for end in ends:
            learned = self._learned.get((end.device, end.port), Learned())
            if learned.level in _POOR and learned.baseline is not None and end.rx_dbm is not None:
                drop = learned.baseline - end.rx_dbm
                return f"{end.device} receives {end.rx_dbm:.1f} dBm, {drop:.1f} dB less than when all was well"
        return ""


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
