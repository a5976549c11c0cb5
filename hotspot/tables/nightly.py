"""What the nightly job writes: days and months, and the proof of its own runs."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, String, Text

from hotspot.tables.head import Head, Number, table

# One local day of one site, recounted from the sessions that started on it while they exist.
site_days = table(
    "site_days",
    Head(
        read=("portal", "monitor", "office", "nightly"),
        insert=("nightly",),
        update={
            "nightly": (
                "sessions",
                "visits",
                "devices",
                "devices_not_counted",
                "random_macs",
                "unstopped",
                "by_itself",
                "seconds",
                "peak_clients",
                "peak_at",
                "rolled_at",
            )
        },
    ),
    Column("site", String(64), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("sessions", Integer, nullable=False),
    Column("visits", Integer, nullable=False),
    Column("devices", Integer, nullable=False),
    Column("devices_not_counted", Integer, nullable=False),
    Column("random_macs", Integer, nullable=False),
    Column("unstopped", Integer, nullable=False),  # sessions without a Stop, open ones among them
    Column("by_itself", Integer, nullable=False, default=0),  # that a NAS let in while RADIUS was away
    Column("seconds", BigInteger, nullable=False),
    Column("peak_clients", Integer, nullable=False),
    Column("peak_at", BigInteger),
    Column("rolled_at", BigInteger, nullable=False),
)

# Which days of a month a device was seen at a site, as bits (day 1 = bit 0): filled while the raw MAC still exists,
# never joined to a session. Rows go when their month is rolled into site_months.
device_months = table(
    "device_months",
    Head(read=("nightly", "office"), insert=("nightly",), update={"nightly": ("days_seen",)}),
    Column("month", String(7), primary_key=True),
    Column("site", String(64), primary_key=True),
    Column("token", String(20), primary_key=True),
    Column("days_seen", BigInteger, nullable=False),
)

site_months = table(
    "site_months",
    Head(
        read=("office", "nightly"),
        insert=("nightly",),
        update={"nightly": ("devices", "seen_again", "rolled_at")},
    ),
    Column("site", String(64), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("devices", Integer, nullable=False),
    Column("seen_again", Integer, nullable=False),
    Column("rolled_at", BigInteger, nullable=False),
)

# How long the visits of a day lasted: how many took how many whole minutes, those over eight hours as one number more
# than 480 (hotspot/nightly/figures.py). Medians of a month outlive its sessions here.
visit_lengths = table(
    "visit_lengths",
    Head(read=("office", "nightly"), insert=("nightly",)),
    Column("site", String(64), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("minutes", Integer, primary_key=True, autoincrement=False),
    Column("visits", Integer, nullable=False),
)

# Local hours in which somebody was online: client seconds in all, and the median of the hour's sixty minutes.
client_hours = table(
    "client_hours",
    Head(read=("office", "nightly"), insert=("nightly",)),
    Column("site", String(64), primary_key=True),
    Column("hour", BigInteger, primary_key=True, autoincrement=False),
    Column("client_seconds", BigInteger, nullable=False),
    Column("median_clients", Integer, nullable=False),
)

# Devices of a closed month over all sites, each once: the tokens of one month are the same at every site, and are gone
# when this row stands. `across` were at two sites or more.
town_months = table(
    "town_months",
    Head(read=("office", "nightly"), insert=("nightly",)),
    Column("month", String(7), primary_key=True),
    Column("devices", Integer, nullable=False),
    Column("seen_again", Integer, nullable=False),
    Column("across", Integer, nullable=False),
    Column("rolled_at", BigInteger, nullable=False),
)

# Each run of the nightly job's steps: the retention metric and the office's proof of destruction come from here.
nightly_runs = table(
    "nightly_runs",
    Head(read=("monitor", "office", "nightly"), insert=("nightly",), update={"nightly": ("finished_at", "outcome")}),
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("step", String(32), nullable=False),
    Column("began_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),
    Column("outcome", Text, nullable=False),
)
