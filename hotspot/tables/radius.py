"""What RADIUS writes: promises, sessions, usage, refusals, and what it knows of NASes."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, UniqueConstraint, text

from hotspot.tables.head import Head, Number, table

# The promise behind an Access-Accept, committed before it is sent. `class_token` travels as the Class attribute.
reservations = table(
    "reservations",
    Head(read=("portal", "radius", "nightly"), insert=("radius",), update={"radius": ("started_at", "ends_at")}),
    Column("class_token", String(40), primary_key=True),
    Column("grant_id", String(32), unique=True),  # none behind a MAC that was remembered
    Column("nas", String(64), nullable=False),
    Column("site", String(64), nullable=False),
    Column("mac", String(12), nullable=False, index=True),
    Column("client", String(32), index=True),
    Column("way", String(16), nullable=False),
    Column("device_day", String(20)),
    Column("reserved_at", BigInteger, nullable=False, index=True),
    Column("ends_at", BigInteger, nullable=False),
    Column("interim", Integer, nullable=False),
    Column("started_at", BigInteger),
    Index(None, "site", "reserved_at"),
    postgresql_with={"fillfactor": 50},  # each is written once more when its session begins
)

# One client's stay as facts merged from accounting; open, stale, closed by reboot and stopped are computed from them
# (hotspot/session.py). Upload is input_octets: RADIUS counts from the NAS's side (RFC 2866 section 5.3).
# counted_* is what usage_hours has already been credited with.
# No index holds a column that each report changes: with room in its page PostgreSQL then writes an interim without
# touching any index (a HOT update), at a quarter of the cost. A Stop changes one.
sessions = table(
    "sessions",
    Head(
        read=("portal", "radius", "monitor", "office", "nightly"),
        insert=("radius",),
        update={
            "radius": (
                "class_token",
                "grant_id",
                "client",
                "way",
                "authentic",
                "user_name",
                "mac",
                "address",
                "random_mac",
                "device_day",
                "started_at",
                "last_seen_at",
                "seconds",
                "input_octets",
                "output_octets",
                "stopped_at",
                "stop_cause",
                "interim",
                "counted_input",
                "counted_output",
                "changed_at",
                "gone_at",
            ),
            "nightly": ("user_name", "mac", "client", "address", "scrubbed_at"),  # emptied, never filled
        },
        unseen={"monitor": ("user_name", "mac", "client", "address"), "office": ("user_name", "address")},
    ),
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("uid", String(40), nullable=False),
    Column("generation", Integer, nullable=False),
    Column("nas", String(64), nullable=False),
    Column("site", String(64), nullable=False),
    Column("acct_session_id", String(253), nullable=False),
    Column("class_token", String(40)),
    Column("grant_id", String(32), index=True),
    Column("client", String(32), index=True),
    Column("way", String(16)),
    Column("authentic", Integer),  # Acct-Authentic: 1 RADIUS, 2 local, which is "let in while RADIUS was down"
    Column("user_name", String(253)),
    Column("mac", String(12), index=True),
    Column("address", String(45)),
    Column("random_mac", Boolean),
    Column("device_day", String(20), index=True),
    Column("started_at", BigInteger, nullable=False, index=True),
    Column("last_seen_at", BigInteger, nullable=False),
    Column("seconds", BigInteger, nullable=False),
    Column("input_octets", BigInteger, nullable=False),
    Column("output_octets", BigInteger, nullable=False),
    Column("stopped_at", BigInteger),
    Column("stop_cause", Integer),
    Column("interim", Integer, nullable=False),
    Column("counted_input", BigInteger, nullable=False),
    Column("counted_output", BigInteger, nullable=False),
    Column("first_received_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Column("gone_at", BigInteger),  # when its NAS said that it knows no such session; a later report makes it void
    Column("scrubbed_at", BigInteger),
    UniqueConstraint("uid", "generation"),
    Index(None, "site", "started_at"),
    Index(
        "ix_sessions_open",  # who is online at a site is asked at each login, however long the history
        "site",
        sqlite_where=text("stopped_at IS NULL"),
        postgresql_where=text("stopped_at IS NULL"),
    ),
    postgresql_with={"fillfactor": 50},
)

# What is known of a NAS beyond sites.yaml: its latest boot (Accounting-On or -Off), when it was last heard, and since
# when it has been known to seal its Access-Requests (from then on an `auto` NAS is believed only when it does).
nas_facts = table(
    "nas_facts",
    Head(
        read=("portal", "radius", "monitor", "office", "nightly"),
        insert=("radius",),
        update={"radius": ("boot_at", "heard_at", "sealed_at")},
    ),
    Column("nas", String(64), primary_key=True),
    Column("boot_at", BigInteger),
    Column("heard_at", BigInteger, nullable=False),
    Column("sealed_at", BigInteger),
)

# How far each journal of RADIUS (a file that stood in for the database while that was away) is applied, written in the
# same transaction as what was applied: a crash between the two cannot apply a record twice.
journals = table(
    "journals",
    Head(read=("radius", "nightly"), insert=("radius",), update={"radius": ("applied_to", "changed_at")}),
    Column("name", String(32), primary_key=True),
    Column("applied_to", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
)

# What shall happen to a session that goes on: "end" it, or "limit" it to what its client is allowed now. Asked for by
# any room, taken by moving `due_at` with a conditional UPDATE, finished by RADIUS (radius/fulfilment.py). One wish of
# a kind is open for a session at a time.
wishes = table(
    "wishes",
    Head(
        read=("portal", "radius", "office", "nightly"),
        insert=("portal", "radius", "office"),
        update={"radius": ("tries", "due_at", "acknowledged_at", "finished_at", "outcome", "error_cause")},
    ),
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("session", BigInteger, nullable=False),
    Column("act", String(8), nullable=False),
    Column("reason", String(32), nullable=False),
    Column("asked_by", String(16), nullable=False),
    Column("asked_at", BigInteger, nullable=False, index=True),
    Column("tries", Integer, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("acknowledged_at", BigInteger),
    Column("finished_at", BigInteger),
    Column("outcome", String(16)),
    Column("error_cause", Integer),
    Index("ix_wishes_session", "session"),
    Index(
        "uq_wishes_open",
        "session",
        "act",
        unique=True,
        sqlite_where=text("finished_at IS NULL"),
        postgresql_where=text("finished_at IS NULL"),
    ),
)

# Octets by NAS and site-local hour, credited by event time. A row with `corrects` set holds what arrived for a month
# whose report was already frozen; it counts in the month of `hour` and is listed apart.
usage_hours = table(
    "usage_hours",
    Head(
        read=("portal", "radius", "monitor", "office", "nightly"),
        insert=("radius",),
        update={"radius": ("input_octets", "output_octets")},
    ),
    Column("site", String(64), primary_key=True),
    Column("nas", String(64), primary_key=True),
    Column("hour", BigInteger, primary_key=True, autoincrement=False),
    Column("corrects", String(7), primary_key=True),
    Column("input_octets", BigInteger, nullable=False),
    Column("output_octets", BigInteger, nullable=False),
)

# The birth and death of each pseudonym key: the commitment is public, the key never is.
pseudonym_keys = table(
    "pseudonym_keys",
    Head(
        read=("radius", "office", "nightly"),
        insert=("radius", "nightly"),
        update={"nightly": ("destroyed_at",)},
    ),
    Column("period", String(16), primary_key=True),
    Column("commitment", String(64), nullable=False),
    Column("born_at", BigInteger, nullable=False),
    Column("destroyed_at", BigInteger),
)

# Who was refused in the last day and why, so that a person can be told: written with a batch, at most so many a minute
# (radius/refusals.py); the nightly job deletes them with the raw MACs.
refusals = table(
    "refusals",
    Head(read=("radius", "office", "nightly"), insert=("radius",)),
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("nas", String(64), nullable=False),
    Column("site", String(64), nullable=False),
    Column("mac", String(12), index=True),
    Column("client", String(32), index=True),
    Column("grant_id", String(32)),
    Column("way", String(16)),
    Column("reason", String(32), nullable=False),
    Column("refused_at", BigInteger, nullable=False, index=True),
)

# Logins of a site's local hour by way and result, for the report's "success and reasons of failure".
login_hours = table(
    "login_hours",
    Head(read=("radius", "office", "nightly"), insert=("radius",), update={"radius": ("number",)}),
    Column("site", String(64), primary_key=True),
    Column("hour", BigInteger, primary_key=True, autoincrement=False),
    Column("way", String(16), primary_key=True),
    Column("result", String(32), primary_key=True),
    Column("number", BigInteger, nullable=False),
)
