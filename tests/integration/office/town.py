"""A town with people, faults and complaints, written into a store as the other services would."""

from __future__ import annotations

import random
from datetime import date, timedelta

from argon2 import PasswordHasher
from sqlalchemy import insert

from hotspot import tables
from hotspot.clock import day_bounds, local_day
from hotspot.passwords import Passwords
from hotspot.sites import Sites
from hotspot.store import Store

MAC, ADDRESS, SESSION_ID, CONTACT = "a2b3c4d5e6f7", "10.11.12.13", "80a00042", "bu.sri@example.com"
COMPLAINT = "Sinyal di sisi timur alun-alun lemah. Hubungi 081234567890 atau a2:b3:c4:d5:e6:f7."
CUT = "purworejo-kutoarjo-trunk"


QUICK = Passwords(PasswordHasher(time_cost=1, memory_cost=64))  # the same hash with little work, for tests


def fill(store: Store, sites: Sites, now: float) -> None:
    """About a month of days, an evening of sessions, a cut trunk with its shadow, three complaints."""
    chance = random.Random(3306)
    with store.writing() as connection:
        connection.execute(insert(tables.sessions), _sessions(sites, now, chance))
        connection.execute(insert(tables.usage_hours), _hours(sites, now, chance))
        connection.execute(insert(tables.site_days), _days(sites, now, chance))
        connection.execute(insert(tables.portal_tallies), _ways_in(now))
        connection.execute(insert(tables.client_hours), _crowds(sites, now))
        connection.execute(insert(tables.states), _states(sites, now))
        connection.execute(insert(tables.complaints), _complaints(now))
        _incident(connection, sites, now)


def online(sites: Sites) -> dict[str, int]:
    """How many clients :func:`fill` puts online at each site."""
    return {site.id: site.capacity // (index + 2) for index, site in enumerate(sites.sites)}


def _sessions(sites: Sites, now: float, chance: random.Random) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for site, count in online(sites).items():
        nas = next(nas.id for nas in sites.nases if nas.site == site)
        for _ in range(count):
            started = int(now) - chance.randrange(60, 3600)
            number = len(rows)
            rows.append(
                {
                    "uid": f"{SESSION_ID}-{number}",
                    "generation": 0,
                    "nas": nas,
                    "site": site,
                    "acct_session_id": f"{SESSION_ID}{number:04x}",
                    "mac": MAC,
                    "address": ADDRESS,
                    "started_at": started,
                    "last_seen_at": int(now) - 30,
                    "seconds": 60,
                    "input_octets": 10**6,
                    "output_octets": 10**7,
                    "interim": 300,
                    "counted_input": 10**6,
                    "counted_output": 10**7,
                    "first_received_at": started,
                    "changed_at": started,
                }
            )
    return rows


def _hours(sites: Sites, now: float, chance: random.Random) -> list[dict[str, object]]:
    """Every hour of the last thirty days; an evening hour carries most."""
    start, _ = day_bounds(_day(sites, now, 30), sites.timezone)
    return [
        {
            "site": nas.site,
            "nas": nas.id,
            "hour": hour,
            "corrects": "",
            "input_octets": size // 9,
            "output_octets": size,
        }
        for nas in sites.nases
        for hour in range(start, int(now) + 1, 3600)
        if (size := chance.randrange(10**6, 9 * 10**7) * (1 + (hour - start) % 86400 // 3600))
    ]


def _ways_in(now: float) -> list[dict[str, object]]:
    """Of this hour: most are in after twelve seconds, one in twenty after half a minute, one after ten."""
    counts = {"12": 90, "31": 6, "600": 4}
    fixed = {"site": "alun-alun-besar", "hour": int(now) // 3600 * 3600, "what": "way-in"}
    return [fixed | {"kind": seconds, "number": number} for seconds, number in counts.items()]


def _crowds(sites: Sites, now: float) -> list[dict[str, object]]:
    """Two weeks of evenings from six to nine, each site half full."""
    midnight, _ = day_bounds(local_day(now, sites.timezone), sites.timezone)
    return [
        {"site": site.id, "hour": hour, "client_seconds": site.capacity * 1800, "median_clients": site.capacity // 2}
        for site in sites.sites
        for back in range(1, 15)
        for hour in range(midnight - back * 86400 + 18 * 3600, midnight - back * 86400 + 21 * 3600, 3600)
    ]


def _days(sites: Sites, now: float, chance: random.Random) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for site in sites.sites:
        for back in range(1, 31):
            devices = 4 if back == 3 else chance.randrange(site.capacity, site.capacity * 3)
            rows.append(
                {
                    "site": site.id,
                    "day": _day(sites, now, back),
                    "sessions": devices * 2,
                    "visits": devices + devices // 3,
                    "devices": devices,
                    "devices_not_counted": 0,
                    "random_macs": devices // 2,
                    "unstopped": 0,
                    "seconds": devices * 2400,
                    "peak_clients": devices // 3,
                    "peak_at": int(now) - back * 86400,
                    "rolled_at": int(now),
                }
            )
    return rows


def _states(sites: Sites, now: float) -> list[dict[str, object]]:
    """All well but the trunk to Kutoarjo, all that hangs on it, and one access point's signal."""
    words = {("link", link.id): "up" for link in sites.links if link.status == "active"}
    words |= {("device", device.id): "up" for device in sites.devices}
    words |= {("nas", nas.id): "up" for nas in sites.nases}
    words |= dict.fromkeys(shadow(sites), "shadow")
    words |= {("link", CUT): "down", ("device", "ap-romansa-kuliner-2"): "weak"}
    return [
        {
            "kind": kind,
            "subject": subject,
            "state": word,
            "since": int(now) - 5400,
            "last_success_at": int(now) - 20,
            "detail": "{}",
            "changed_at": int(now),
        }
        for (kind, subject), word in words.items()
    ]


def shadow(sites: Sites) -> list[tuple[str, str]]:
    """Everything behind the trunk."""
    links = [link for link in sites.links if link.a and link.a.device == "core-kutoarjo" and link.status == "active"]
    devices = ["core-kutoarjo", *(link.b.device for link in links if link.b)]
    nases = [nas.id for nas in sites.nases if nas.uplink in devices]
    points = [device.id for device in sites.devices if device.uplink in nases]
    return [
        *(("link", link.id) for link in links),
        *(("device", name) for name in (*devices, *points)),
        *(("nas", name) for name in nases),
    ]


def _incident(connection: object, sites: Sites, now: float) -> None:
    assert hasattr(connection, "execute")
    row = {"cause": "link-down", "kind": "link", "subject": CUT, "evidence": "{}", "clients": 61}
    number = connection.execute(insert(tables.incidents), row | {"opened_at": int(now) - 5400}).inserted_primary_key[0]
    old = row | {"subject": "bayan", "clients": 3, "opened_at": int(now) - 400_000, "closed_at": int(now) - 390_000}
    connection.execute(insert(tables.incidents), old)
    members = [
        {"incident": number, "kind": kind, "subject": subject, "joined_at": int(now) - 5400}
        for kind, subject in shadow(sites)
    ]
    connection.execute(insert(tables.incident_members), members)


def _complaints(now: float) -> list[dict[str, object]]:
    def one(site: str, text: str, hours: float, **more: object) -> dict[str, object]:
        fixed = {"key": f"k{hours:g}", "channel": "portal", "language": "id", "site": site, "text": text}
        later = {"contact": None, "answered_at": None, "answer": None, "answered_by": None}
        return {**fixed, **later, "received_at": int(now - hours * 3600), **more}

    answered = {"answered_at": int(now) - 3600, "answer": "Sudah kami perbaiki pagi ini.", "answered_by": "ani"}
    return [
        one("museum-tosan-aji", "Halaman masuk tidak muncul di HP saya.", 3),
        one("alun-alun-besar", COMPLAINT, 46, contact=CONTACT),
        one("pendopo-wabup", "Lambat sekali malam hari.", 20, **answered),
    ]


def _day(sites: Sites, now: float, back: int) -> str:
    return (date.fromisoformat(local_day(now, sites.timezone)) - timedelta(days=back)).isoformat()
