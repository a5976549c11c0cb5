"""The status page's HTML and JSON from what is known: no script, no address, no outside file, readable on a phone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from html import escape

from monitor.status.days import Day, share
from monitor.status.words import MONTHS, STATES, UNKNOWN_STATE, WORDS

_STYLE = """
:root{--ink:#1d2b25;--soft:#5b6b63;--paper:#fff;--ground:#f3f6f4;--up:#2e8b57;--some:#d99a1c;--down:#c0392b;--none:#c9d1cc}
@media(prefers-color-scheme:dark){:root{--ink:#e9f0ec;--soft:#a5b4ac;--paper:#1b2420;--ground:#121815;--none:#45504a}}
*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:46rem;margin:0 auto;padding:1rem}h1{font-size:1.3rem;margin:.5rem 0}
h2{font-size:1.05rem;margin:1.6rem 0 .4rem}
.banner{border-radius:.6rem;padding:.8rem 1rem;color:#fff;font-weight:600;background:var(--up)}
.banner.bad{background:var(--down)}.banner.unknown{background:#5b6b63}
.soft{color:var(--soft);font-size:.85rem}ul{list-style:none;padding:0;margin:0}
li{background:var(--paper);border-radius:.6rem;padding:.6rem .8rem;margin:.4rem 0}
.top{display:flex;justify-content:space-between;gap:.8rem}.state{white-space:nowrap}
.state::before{content:"";display:inline-block;width:.65rem;height:.65rem;border-radius:50%;margin-right:.35rem;background:var(--none)}
.state.up::before{background:var(--up)}.state.down::before{background:var(--down)}
svg{display:block;width:100%;height:1.8rem;margin-top:.35rem}.ends{display:flex;justify-content:space-between}
.u{fill:var(--up)}.s{fill:var(--some)}.d{fill:var(--down)}.n{fill:var(--none)}
"""
_LONG = 3600  # seconds without service that make a day red


@dataclass(frozen=True)
class Line:
    """One place or link as the public sees it; ``state`` is a state word, or planned or building."""

    id: str
    name: str
    state: str
    days: tuple[Day, ...] = ()


@dataclass(frozen=True)
class Status:
    region: str
    at: datetime
    sites: tuple[Line, ...]
    links: tuple[Line, ...]
    fresh: bool = True  # the monitor itself saw the network lately

    @property
    def troubled(self) -> int:
        """What is down by itself, and places that others darken: both are felt."""
        return sum(one.state in ("down", "shadow") for one in (*self.sites, *self.links))


def current(status: Status) -> Status:
    """What nobody has seen lately has no state now; its past stays."""
    if status.fresh:
        return status
    blank = [
        tuple(one if one.state in ("planned", "building") else replace(one, state="unknown") for one in group)
        for group in (status.sites, status.links)
    ]
    return replace(status, sites=blank[0], links=blank[1])


def html(told: Status) -> str:
    status = current(told)
    title = escape(WORDS["title"].format(region=status.region))
    lit = sum(one.state not in ("planned", "building") for one in status.links)
    progress = WORDS["lit"].format(n=lit, total=len(status.links))
    return (
        f'<!doctype html><html lang="id"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta http-equiv="refresh" content="300">'
        f"<style>{_STYLE}</style></head><body><main><h1>{title}</h1>{_banner(status)}"
        f'<p class="soft">{escape(WORDS["updated"].format(at=moment(status.at)))}</p>'
        f"<h2>{WORDS['sites']}</h2><ul>{''.join(map(_line, status.sites))}</ul>"
        f'<h2>{WORDS["links"]}</h2><p class="soft">{progress}</p><ul>{"".join(map(_line, status.links))}</ul>'
        f'<p class="soft">{WORDS["legend"]}</p></main></body></html>\n'
    )


def data(told: Status) -> str:
    """The same for machines."""
    status = current(told)
    lines = {"sites": status.sites, "links": status.links}
    found = {
        name: [{"id": one.id, "name": one.name, "state": one.state, "share_90_days": share(one.days)} for one in group]
        for name, group in lines.items()
    }
    return json.dumps({"updated": status.at.isoformat(), **found}, ensure_ascii=False, indent=1) + "\n"


def moment(at: datetime) -> str:
    return f"{at.day} {MONTHS[at.month - 1]} {at.year} pukul {at:%H.%M} {at.tzname()}"


def _banner(status: Status) -> str:
    if not status.fresh:
        return f'<p class="banner unknown" role="status">{WORDS["blind"]}</p>'
    if status.troubled:
        return f'<p class="banner bad" role="status">{WORDS["bad"].format(n=status.troubled)}</p>'
    return f'<p class="banner" role="status">{WORDS["good"]}</p>'


def _line(one: Line) -> str:
    kind = "up" if one.state in ("up", "weak") else "down" if one.state in ("down", "shadow") else ""
    state = WORDS.get(one.state) or STATES.get(one.state, UNKNOWN_STATE)
    top = f'<div class="top"><b>{escape(one.name)}</b><span class="state {kind}">{state}</span></div>'
    if not one.days:
        return f"<li>{top}</li>"
    known = share(one.days)
    told = WORDS["no-share"] if known is None else WORDS["share"].format(share=f"{known:.2%}"[:-1].replace(".", ","))
    ends = f'<div class="ends soft"><span>{WORDS["older"]}</span><span>{told}</span><span>{WORDS["today"]}</span></div>'
    return f"<li>{top}{_bars(one.name, told, one.days)}{ends}</li>"


def _bars(name: str, told: str, found: Sequence[Day]) -> str:
    bars = "".join(
        f'<rect class="{_shade(day)}" x="{place * 4}" width="3" height="20"><title>{_told(day)}</title></rect>'
        for place, day in enumerate(found)
    )
    label = escape(f"{name}: {told}", quote=True)
    box = f"0 0 {len(found) * 4 - 1} 20"
    return f'<svg role="img" aria-label="{label}" viewBox="{box}" preserveAspectRatio="none">{bars}</svg>'


def _shade(day: Day) -> str:
    if day.share is None:
        return "n"
    return "u" if day.down == 0 else "s" if day.down <= _LONG else "d"


def _told(day: Day) -> str:
    word = "day-unknown" if day.share is None else "day-down" if day.down else "day-up"
    return WORDS[word].format(day=_date(day.day), minutes=max(1, day.down // 60))


def _date(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]}"
