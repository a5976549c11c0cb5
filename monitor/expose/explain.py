"""One device's last poll as text for people: what was asked, what came back, and why it counts as up or down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from monitor.expose.card import card
from monitor.expose.target import Target
from monitor.neighbours import Difference
from monitor.snapshot import STALE_INTERVALS, Answers, LinkEndView, Polled, Port, Snapshot

_STATUS = {1: "up", 2: "down", 3: "testing", 4: "unknown", 5: "dormant", 6: "not present", 7: "lower layer down"}


def explain(one: Target, snapshot: Snapshot, now: float, zone: ZoneInfo, cables: Iterable[Difference] = ()) -> str:
    """``cables``: where what devices hear of each other differs from sites.yaml."""
    state = snapshot.states.get((one.kind, one.id), "unknown")
    place = ", ".join(word for word in (one.role, one.site, one.kecamatan) if word)
    lines = [f"{one.id} ({place}) is {state}.", *_tries(snapshot.polled.get(one.id), snapshot, now, zone)]
    polled = snapshot.polled.get(one.id)
    if polled and polled.answers:
        lines += ["", *_answers(polled.answers)]
    lines += ["", *card(one, snapshot), "", *_links(one, snapshot)]
    lines += [_cable(found) for found in cables if found.device == one.id]
    return "\n".join(lines).rstrip() + "\n"


def _tries(polled: Polled | None, snapshot: Snapshot, now: float, zone: ZoneInfo) -> Iterator[str]:
    if polled is None or polled.tried_at is None:
        yield "It was not polled yet."
        return
    how = f"failed: {polled.error}" if polled.error else f"succeeded in {polled.seconds:.3f} s"
    yield f"Last poll {_ago(polled.tried_at, now, zone)} {how}."
    if polled.missed:
        yield f"Polls without an answer in a row: {polled.missed}."
    for probe in polled.probes:
        yield f"Echo {probe.what}: {probe.error or f'{probe.value} {probe.unit}'}"
    if polled.last_success_at is None:
        yield "It has never answered completely."
    else:
        fresh = polled.fresh(now, snapshot.interval) is not None
        use = "shown as the present" if fresh else f"older than {STALE_INTERVALS} intervals, so no longer shown"
        yield f"Last complete answer {_ago(polled.last_success_at, now, zone)}; {use}."


def _answers(answers: Answers) -> Iterator[str]:
    for name, value in (*answers.system.items(), *answers.scalars.items()):
        yield f"{name} = {value}"
    yield ""
    for port in answers.ports:
        yield _port(port)
    yield ""
    for reading in answers.readings:
        what = f"{reading.what} {reading.port}".rstrip()
        yield f"{what} = {reading.error or f'{reading.value} {reading.unit}'.rstrip()}"
    for table, rows in answers.tables.items():
        yield f"{table}: {len(rows)} rows"
    for table in answers.stale:
        yield f"{table}: it did not come to its end in the last poll; only the rows that came are shown"


def _port(port: Port) -> str:
    wanted = "" if port.is_wanted else ", switched off by its administrator"
    alias = f' "{port.alias}"' if port.alias else ""
    status = _STATUS.get(port.values.get("ifOperStatus", 4), "unknown")
    traffic = (
        f"; in {port.values.get('ifHCInOctets', 0)}, out {port.values.get('ifHCOutOctets', 0)} octets"
        if "ifHCInOctets" in port.values
        else ""
    )
    return f"port {port.index} {port.name}{alias}: {status}{wanted}{traffic}"


def _links(one: Target, snapshot: Snapshot) -> Iterator[str]:
    for view in snapshot.links.values():
        for end in (view.a, view.b):
            if end.device == one.id:
                light = f", receives {end.rx_dbm:.2f} dBm" if end.rx_dbm is not None else ""
                yield f"link {view.id} on port {end.port}: {view.state}{light}"
                yield from _outlook(end)


def _outlook(end: LinkEndView) -> Iterator[str]:
    """What its days tell of the coming ones, once a baseline is learned."""
    if end.light is None:
        return
    yield f"  its light is {end.light.drop:.1f} dB below its baseline"
    if end.light.bent:
        yield f"  it changed by {end.light.bent[1]:+.1f} dB at once on {end.light.bent[0]}: look who was at the fibre"
    if end.light.days_left is not None:
        yield f"  it falls: about {end.light.days_left} days until only the margin is left"


def _cable(found: Difference) -> str:
    where = f"neighbour on port {found.port}"
    match found.what:
        case "not-seen":
            return f"{where}: {found.expected} is declared there (link {found.link}), and nothing is heard"
        case "undeclared":
            return f"{where}: {found.heard} is heard, and sites.yaml has no link there"
        case "unknown":
            return f"{where}: {found.expected} is declared there (link {found.link}); sites.yaml has no {found.heard!r}"
        case _:
            return f"{where}: {found.expected} is declared there (link {found.link}), and {found.heard} is heard"


def _ago(at: float, now: float, zone: ZoneInfo) -> str:
    moment = datetime.fromtimestamp(at, zone)
    return f"{max(0, now - at):.0f} s ago ({moment:%Y-%m-%d %H:%M:%S %Z})"
