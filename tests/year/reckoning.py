"""A month's figures counted from the lab's own log, by their definitions alone: no table and no code of the product."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from lab.truth import Line, Session, sessions

LONG = 480  # minutes; longer visits are in no median
Figures = dict[str, int | float | str | None]
Span = tuple[int, int]


@dataclass(frozen=True)
class Stay:
    """A session of which the server has heard, as far as it has heard; ``first_heard`` is when it was told of it."""

    site: str
    phone: int
    random: bool
    began: int
    ended: int
    seconds: int
    stopped: bool
    first_heard: float


class Reckoning:
    """What the log says up to a moment; of what came later nothing can be known then."""

    def __init__(self, lines: Sequence[Line], zone: ZoneInfo, known_at: float, sites: Iterable[str]) -> None:
        self.zone, self.sites = zone, tuple(sites)
        told = [line for line in lines if line["at"] <= known_at]
        self.sessions = sessions(told)
        self._lines = [line for line in told if line["what"] == "acknowledged" and line["session"]]
        heard: dict[str, float] = {}
        for line in self._lines:
            heard.setdefault(line["session"], line["at"])
        self.random = {line["phone"]: bool(line["random_mac"]) for line in lines if line["what"] == "arrival"}
        self.stays = [self._stay(one, heard[key]) for key, one in self.sessions.items() if one.heard_at is not None]

    def _stay(self, one: Session, first_heard: float) -> Stay:
        return Stay(
            site=one.site,
            phone=one.phone,
            random=self.random.get(one.phone, False),
            began=one.started_at,
            ended=max(one.heard_at or 0, one.started_at),
            seconds=one.seconds,
            stopped=one.stop_acknowledged,
            first_heard=first_heard,
        )

    def day(self, at: float) -> str:
        return datetime.fromtimestamp(at, self.zone).strftime("%Y-%m-%d")

    def counted(self, stay: Stay) -> bool:
        """The key of a day is destroyed in the night after the next midnight: who is heard of later is nobody."""
        start = datetime.strptime(self.day(stay.began), "%Y-%m-%d").replace(tzinfo=self.zone)
        return stay.first_heard < (start + timedelta(days=2)).timestamp()

    def month(self, name: str, frozen: Mapping[str, float]) -> dict[str, Figures]:
        """By site, and of all under the empty name. ``frozen`` says when each closed month was closed."""
        octets, late = self._octets(name, frozen)
        found = {
            site: self._site(name, site) | octets[site] | late[site] | {"late_sessions": self._late(name, site, frozen)}
            for site in self.sites
        }
        return found | {"": self._everywhere(name, found)}

    def _late(self, name: str, site: str, frozen: Mapping[str, float]) -> int:
        """Sessions of closed months that no earlier report could name."""
        named = max((at for month, at in frozen.items() if month < name), default=float("inf"))
        own = [stay for stay in self.stays if stay.site == site and self.day(stay.began)[:7] < name]
        return sum(stay.first_heard > named for stay in own)

    def _site(self, name: str, site: str) -> Figures:
        own = [stay for stay in self.stays if stay.site == site and self.day(stay.began)[:7] == name]
        here = [stay for stay in self.stays if stay.site == site]
        lengths = self._visits(own)
        spent = self.hours(name, here)
        return {
            "sessions": len(own),
            "visits": len(lengths),
            **self._dwell(lengths),
            **self._devices([own]),
            "devices_not_counted": sum(not self.counted(stay) for stay in own),
            "minutes": sum(stay.seconds for stay in own) // 60,
            "unreported_sessions": sum(not stay.stopped for stay in own),
            **self._peak(name, here),
            "busiest_hour": self._busiest(spent),
        }

    def _everywhere(self, name: str, sites: Mapping[str, Figures]) -> Figures:
        own = [stay for stay in self.stays if self.day(stay.began)[:7] == name]
        by_site = [[stay for stay in own if stay.site == site] for site in self.sites]
        lengths = [length for stays in by_site for length in self._visits(stays)]
        at = Counter({stay.phone: 0 for stay in own})
        for stays in by_site:
            at.update({stay.phone for stay in stays})
        spent: Counter[datetime] = Counter()
        for site in self.sites:
            spent.update(self.hours(name, [stay for stay in self.stays if stay.site == site]))
        added = ("sessions", "visits", "devices_not_counted", "unreported_sessions", "late_sessions", *OCTETS)
        sums: Figures = {key: sum(int(sites[site][key] or 0) for site in self.sites) for key in added}
        sums["minutes"] = sum(stay.seconds for stay in own) // 60
        return sums | {
            **self._dwell(lengths),
            **self._devices(by_site),
            "across": sum(number > 1 for number in at.values()),
            "busiest_hour": self._busiest(spent),
        }

    def _visits(self, stays: Iterable[Stay]) -> list[int]:
        """Lengths in seconds: one phone, one day, gaps under half an hour bridged; an unknown phone each by itself."""
        by_phone: defaultdict[tuple[object, str], list[Span]] = defaultdict(list)
        for number, stay in enumerate(stays):
            phone = stay.phone if self.counted(stay) else f"unknown {number}"
            by_phone[phone, self.day(stay.began)].append((stay.began, stay.ended))
        return [length for spans in by_phone.values() for length in _bridged(sorted(spans))]

    @staticmethod
    def _dwell(lengths: Sequence[int]) -> Figures:
        minutes = sorted(length // 60 for length in lengths if length // 60 <= LONG)
        return {
            "dwell_median": minutes[(len(minutes) - 1) // 2] if minutes else None,
            "dwell_p90": minutes[-(-len(minutes) * 9 // 10) - 1] if minutes else None,
            "long_visits": len(lengths) - len(minutes),
        }

    def _devices(self, by_site: Sequence[Sequence[Stay]]) -> Figures:
        """Each phone once a day and site; of the month once, over all sites together."""
        daily = {
            (number, self.day(stay.began), stay.phone, stay.random)
            for number, stays in enumerate(by_site)
            for stay in stays
            if self.counted(stay)
        }
        dates: defaultdict[int, set[str]] = defaultdict(set)
        for stays in by_site:
            for stay in stays:
                dates[stay.phone].add(self.day(stay.began))
        again, random = sum(len(days) > 1 for days in dates.values()), sum(one[3] for one in daily)
        return {
            "devices_daily_sum": len(daily),
            "random_share": random * 10_000 // len(daily) / 100 if daily else None,
            "devices_month": len(dates),
            "devices_month_least": len(dates) * len(daily) // (len(daily) + random) if daily else None,
            "new": len(dates) - again,
            "returning": again,
        }

    def _peak(self, name: str, stays: Iterable[Stay]) -> Figures:
        """Count every full minute of the month in which somebody was there."""
        minutes: Counter[int] = Counter()
        for stay in stays:
            minutes.update(range(-(-stay.began // 60), -(-stay.ended // 60)))
        own = {minute: number for minute, number in minutes.items() if self.day(minute * 60)[:7] == name}
        most = max(own.values(), default=0)
        first = min((minute for minute, number in own.items() if number == most), default=None)
        at = None if first is None else datetime.fromtimestamp(first * 60, self.zone).isoformat()
        return {"peak_clients": most, "peak_at": at}

    def hours(self, name: str, stays: Iterable[Stay]) -> Counter[datetime]:
        """Seconds that clients were there, by local hour of the month."""
        spent: Counter[datetime] = Counter()
        for stay in stays:
            at = stay.began
            while at < stay.ended:
                hour = datetime.fromtimestamp(at, self.zone).replace(minute=0, second=0)
                until = min(stay.ended, int((hour + timedelta(hours=1)).timestamp()))
                if hour.strftime("%Y-%m") == name:
                    spent[hour] += until - at
                at = until
        return spent

    @staticmethod
    def _busiest(spent: Mapping[datetime, int]) -> int | None:
        of_day: Counter[int] = Counter()
        for hour, seconds in spent.items():
            of_day[hour.hour] += seconds
        return min((hour for hour in of_day), key=lambda hour: (-of_day[hour], hour), default=None)

    def week(self, name: str, site: str) -> list[list[float]]:
        """Mean clients of each weekday and hour of a whole month."""
        spent: Counter[tuple[int, int]] = Counter()
        for hour, seconds in self.hours(name, [stay for stay in self.stays if stay.site == site]).items():
            spent[hour.weekday(), hour.hour] += seconds
        dates = Counter(date.weekday() for date in self._dates(name))
        return [[round(spent[day, hour] / (dates[day] * 3600), 2) for hour in range(24)] for day in range(7)]

    def _dates(self, name: str) -> Iterator[datetime]:
        date = datetime.strptime(name, "%Y-%m").replace(tzinfo=self.zone)
        while date.strftime("%Y-%m") == name:
            yield date
            date = (date + timedelta(hours=36)).replace(hour=0)

    def _octets(self, name: str, frozen: Mapping[str, float]) -> tuple[dict[str, Figures], dict[str, Figures]]:
        """What each acknowledged report added to its session: in its own month or, once that was closed, when it came.

        The first report that brings octets books them; a later one with less adds nothing.
        """
        best: dict[str, list[int]] = {}
        booked: dict[str, Counter[str]] = {site: Counter() for site in self.sites}
        for line in self._lines:
            known = best.setdefault(line["session"], [0, 0])
            more = [max(0, line["input"] - known[0]), max(0, line["output"] - known[1])]
            best[line["session"]] = [known[0] + more[0], known[1] + more[1]]
            own = self.day(line["happened_at"])[:7]
            late = line["at"] >= frozen.get(own, float("inf"))
            if (self.day(line["at"])[:7] if late else own) == name:
                of_site = booked[self.sessions[line["session"]].site]
                of_site["late up" if late else "up"] += more[0]
                of_site["late down" if late else "down"] += more[1]
        return (
            {site: {"upload_bytes": of["up"], "download_bytes": of["down"]} for site, of in booked.items()},
            {
                site: {"correction_upload_bytes": of["late up"], "correction_download_bytes": of["late down"]}
                for site, of in booked.items()
            },
        )


OCTETS = ("download_bytes", "upload_bytes", "correction_download_bytes", "correction_upload_bytes")


def _bridged(spans: Iterable[Span]) -> Iterator[int]:
    begins, until = None, 0
    for began, ended in spans:
        if begins is not None and began - until >= 1800:
            yield until - begins
            begins = None
        begins, until = (began, ended) if begins is None else (begins, max(until, ended))
    if begins is not None:
        yield until - begins
