"""What the monitor writes: states, history, incidents, readings by the hour."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, Integer, String, Text

from hotspot.tables.head import Head, Number, table

# How each device, NAS and link is now.
states = table(
    "states",
    Head(
        read=("portal", "monitor", "office", "nightly"),
        insert=("monitor",),
        update={"monitor": ("state", "since", "last_success_at", "detail", "changed_at")},
    ),
    Column("kind", String(8), primary_key=True),  # device | nas | link
    Column("subject", String(64), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("last_success_at", BigInteger),
    Column("detail", Text, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
)

# History as intervals; the one without `until` is going on. `seen_until` is the last tick that confirmed it, so that
# the time in which the monitor itself was away is "no data", neither up nor down.
intervals = table(
    "intervals",
    Head(
        read=("portal", "monitor", "office", "nightly"),
        insert=("monitor",),
        update={"monitor": ("seen_until", "ended_at")},
    ),
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("kind", String(8), nullable=False),
    Column("subject", String(64), nullable=False, index=True),
    Column("state", String(16), nullable=False),
    Column("began_at", BigInteger, nullable=False, index=True),
    Column("seen_until", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
)

# One root cause each, with everything that it darkens. What was judged first may turn out to be something else.
incidents = table(
    "incidents",
    Head(
        read=("portal", "monitor", "office", "nightly"),
        insert=("monitor",),
        update={"monitor": ("cause", "kind", "subject", "grade", "evidence", "clients", "closed_at")},
    ),
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("cause", String(32), nullable=False),  # monitor/cause.py names them; rogue-dhcp is the sensors'
    Column("kind", String(8), nullable=False),  # device | nas | link | section | site | district | monitor
    Column("subject", String(64), nullable=False, index=True),
    Column("grade", String(16), nullable=False, default="unknown"),  # fibre | power | device | maintenance | unknown
    Column("evidence", Text, nullable=False),
    Column("clients", Integer, nullable=False),
    Column("opened_at", BigInteger, nullable=False, index=True),
    Column("closed_at", BigInteger),
)

incident_members = table(
    "incident_members",
    Head(
        read=("portal", "monitor", "office", "nightly"),
        insert=("monitor",),
        update={"monitor": ("left_at",)},
    ),
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("incident", BigInteger, nullable=False, index=True),
    Column("kind", String(8), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("joined_at", BigInteger, nullable=False),
    Column("left_at", BigInteger),
)

# Hourly figures of readings that matter over months (optical power, round trip, loss); raw readings are not kept.
reading_hours = table(
    "reading_hours",
    Head(
        read=("monitor", "office", "nightly"),
        insert=("monitor",),
        update={"monitor": ("samples", "lowest", "highest", "total")},
    ),
    Column("subject", String(64), primary_key=True),
    Column("port", String(64), primary_key=True),
    Column("what", String(32), primary_key=True),
    Column("hour", BigInteger, primary_key=True, autoincrement=False),
    Column("samples", Integer, nullable=False),
    Column("lowest", Float, nullable=False),
    Column("highest", Float, nullable=False),
    Column("total", Float, nullable=False),
)

# What a port's optical power is when all is well, and what is known of its drift (monitor/optics.py), as a JSON text:
# it takes days to learn and outlives a restart.
baselines = table(
    "baselines",
    Head(
        read=("monitor", "office", "nightly"),
        insert=("monitor",),
        update={"monitor": ("learned", "changed_at")},
    ),
    Column("subject", String(64), primary_key=True),
    Column("port", String(64), primary_key=True),
    Column("what", String(32), primary_key=True),
    Column("learned", Text, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
)

# What each device said about itself: kind, software, what it can tell and what is unverified (its capability card),
# what was remembered about asking it. JSON texts.
capabilities = table(
    "capabilities",
    Head(read=("monitor", "office", "nightly"), insert=("monitor",), update={"monitor": ("card", "changed_at")}),
    Column("device", String(64), primary_key=True),
    Column("card", Text, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
)

# What a doctor's visit to a NAS found: `hotspot doctor <nas>` and the office's page of NASes. JSON text.
diagnoses = table(
    "diagnoses",
    Head(read=("monitor", "office", "nightly"), insert=("monitor",), update={"monitor": ("findings", "made_at")}),
    Column("nas", String(64), primary_key=True),
    Column("findings", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
)
