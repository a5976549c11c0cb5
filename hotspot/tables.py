"""Every table on one page; the head of each says which service reads, inserts, updates and deletes.

Each column has one writing room (design rule R4): a request to another room is a row that the asker inserts and the
doer finishes. Only the nightly job deletes. The heads generate the GRANTs of one PostgreSQL role per service
(hotspot/roles.py). Times are whole UTC seconds since 1970; days and months are local, "2026-11-24" and "2026-11".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

SERVICES = ("portal", "radius", "monitor", "office", "nightly")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite gives its row number only to a column that is declared INTEGER, which is 64 bits wide there.
Number = BigInteger().with_variant(Integer, "sqlite")


@dataclass(frozen=True)
class Head:
    """Who does what with a table; ``update`` names the columns, because each column has one writing room.

    ``unseen`` names the columns that a reading service must not see: what names a person is for those who need it.
    """

    read: tuple[str, ...]
    insert: tuple[str, ...]
    update: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unseen: dict[str, tuple[str, ...]] = field(default_factory=dict)


HEADS: dict[str, Head] = {}


def _table(name: str, head: Head, *columns: Column[Any] | UniqueConstraint | Index) -> Table:
    HEADS[name] = head
    return Table(name, metadata, *columns)


# --- What the portal writes ------------------------------------------------------------------------------------------

# A grant: minted by the portal at the tap, redeemed by RADIUS. `flow` makes a double tap one grant.
# Its MAC is personal data; the nightly job deletes the row a day after it expired.
grants = _table(
    "grants",
    Head(read=("portal", "radius", "nightly"), insert=("portal",)),
    Column("id", String(32), primary_key=True),
    Column("flow", String(32), nullable=False, unique=True),
    Column("nas", String(64), nullable=False),
    Column("site", String(64), nullable=False),
    Column("mac", String(12), nullable=False),
    Column("way", String(16), nullable=False),
    Column("minted_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
)

# Proof of consent without a person: which notice (sha256 of its text), which language, where and when.
consents = _table(
    "consents",
    Head(read=("portal", "office", "nightly"), insert=("portal",)),
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("grant_id", String(32), nullable=False),
    Column("notice", String(64), nullable=False),
    Column("language", String(8), nullable=False),
    Column("site", String(64), nullable=False),
    Column("given_at", BigInteger, nullable=False, index=True),
)

# A visitor's report of a problem. The visitor's half is the portal's, the answer is the office's; the nightly job
# empties `contact` and `text` when their time is up.
complaints = _table(
    "complaints",
    Head(
        read=("portal", "monitor", "office", "nightly"),
        insert=("portal", "office"),
        update={"office": ("answered_at", "answer", "answered_by"), "nightly": ("contact", "text")},
        unseen={"monitor": ("text", "contact", "key")},
    ),
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("key", String(16), nullable=False),
    Column("site", String(64), nullable=False, index=True),
    Column("channel", String(16), nullable=False),
    Column("language", String(8), nullable=False),
    Column("text", Text, nullable=False),
    Column("contact", String(128)),
    Column("received_at", BigInteger, nullable=False, index=True),
    Column("answered_at", BigInteger),
    Column("answer", Text),
    Column("answered_by", String(64)),
)

# --- What RADIUS writes ----------------------------------------------------------------------------------------------

# The promise behind an Access-Accept, committed before it is sent. `class_token` travels as the Class attribute.
reservations = _table(
    "reservations",
    Head(read=("portal", "radius", "nightly"), insert=("radius",), update={"radius": ("started_at",)}),
    Column("class_token", String(40), primary_key=True),
    Column("grant_id", String(32), nullable=False, unique=True),
    Column("nas", String(64), nullable=False),
    Column("site", String(64), nullable=False),
    Column("mac", String(12), nullable=False, index=True),
    Column("way", String(16), nullable=False),
    Column("device_day", String(20)),
    Column("reserved_at", BigInteger, nullable=False, index=True),
    Column("ends_at", BigInteger, nullable=False),
    Column("interim", Integer, nullable=False),
    Column("started_at", BigInteger),
    Index(None, "site", "reserved_at"),
)

# One client's stay as facts merged from accounting; open, stale, closed by reboot and stopped are computed from them
# (hotspot/session.py). Upload is input_octets: RADIUS counts from the NAS's side (RFC 2866 section 5.3).
# counted_* is what usage_hours has already been credited with.
sessions = _table(
    "sessions",
    Head(
        read=("portal", "radius", "monitor", "office", "nightly"),
        insert=("radius",),
        update={
            "radius": (
                "class_token",
                "grant_id",
                "way",
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
            "nightly": ("user_name", "mac", "address", "scrubbed_at"),  # emptied, never filled
        },
        unseen={"monitor": ("user_name", "mac", "address"), "office": ("user_name", "mac", "address")},
    ),
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("uid", String(40), nullable=False),
    Column("generation", Integer, nullable=False),
    Column("nas", String(64), nullable=False, index=True),
    Column("site", String(64), nullable=False),
    Column("acct_session_id", String(253), nullable=False),
    Column("class_token", String(40), index=True),
    Column("grant_id", String(32)),
    Column("way", String(16)),
    Column("user_name", String(253)),
    Column("mac", String(12), index=True),
    Column("address", String(45)),
    Column("random_mac", Boolean),
    Column("device_day", String(20), index=True),
    Column("started_at", BigInteger, nullable=False, index=True),
    Column("last_seen_at", BigInteger, nullable=False, index=True),
    Column("seconds", BigInteger, nullable=False),
    Column("input_octets", BigInteger, nullable=False),
    Column("output_octets", BigInteger, nullable=False),
    Column("stopped_at", BigInteger, index=True),
    Column("stop_cause", Integer),
    Column("interim", Integer, nullable=False),
    Column("counted_input", BigInteger, nullable=False),
    Column("counted_output", BigInteger, nullable=False),
    Column("first_received_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False, index=True),
    Column("gone_at", BigInteger),  # when its NAS said that it knows no such session; a later report makes it void
    Column("scrubbed_at", BigInteger),
    UniqueConstraint("uid", "generation"),
    Index(None, "site", "stopped_at"),  # who is online at a site is asked at each login, however long the history
)

# What is known of a NAS beyond sites.yaml: its latest boot (Accounting-On or -Off), when it was last heard, and since
# when it has been known to seal its Access-Requests (from then on an `auto` NAS is believed only when it does).
nas_facts = _table(
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
journals = _table(
    "journals",
    Head(read=("radius", "nightly"), insert=("radius",), update={"radius": ("applied_to", "changed_at")}),
    Column("name", String(32), primary_key=True),
    Column("applied_to", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
)

# What shall happen to a session that goes on: "end" it, or "limit" it to what its client is allowed now. Asked for by
# any room, taken by moving `due_at` with a conditional UPDATE, finished by RADIUS (radius/fulfilment.py). One wish of
# a kind is open for a session at a time.
wishes = _table(
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
usage_hours = _table(
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
pseudonym_keys = _table(
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

# --- What the monitor writes -----------------------------------------------------------------------------------------

# How each device, NAS and link is now.
states = _table(
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
intervals = _table(
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

# One root cause each, with everything that it darkens.
incidents = _table(
    "incidents",
    Head(
        read=("portal", "monitor", "office", "nightly"),
        insert=("monitor",),
        update={"monitor": ("closed_at",)},
    ),
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("cause", String(32), nullable=False),  # link-down | device-down | nas-down | optics-weak | rogue-dhcp
    Column("kind", String(8), nullable=False),
    Column("subject", String(64), nullable=False, index=True),
    Column("evidence", Text, nullable=False),
    Column("clients", Integer, nullable=False),
    Column("opened_at", BigInteger, nullable=False, index=True),
    Column("closed_at", BigInteger),
)

incident_members = _table(
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
reading_hours = _table(
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

# --- What the office writes ------------------------------------------------------------------------------------------

staff = _table(
    "staff",
    Head(
        read=("office",),
        insert=("office",),
        update={"office": ("password_hash", "disabled_at")},
    ),
    Column("name", String(64), primary_key=True),
    Column("password_hash", String(256), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("disabled_at", BigInteger),
)

# Tries of a login, so that the limit holds across workers. `bucket` is 16 bits of a keyed hash of a name or an address:
# the table cannot grow beyond them and names nobody (office/throttle.py).
login_tries = _table(
    "login_tries",
    Head(read=("office",), insert=("office",), update={"office": ("spent", "since")}),
    Column("bucket", Integer, primary_key=True, autoincrement=False),
    Column("spent", Integer, nullable=False),
    Column("since", BigInteger, nullable=False),
)

# A month that is closed: its figures as they were published, and their sha256.
frozen_months = _table(
    "frozen_months",
    Head(read=("radius", "office", "nightly"), insert=("office",)),
    Column("month", String(7), primary_key=True),
    Column("figures", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("frozen_at", BigInteger, nullable=False),
)

# --- What the nightly job writes -------------------------------------------------------------------------------------

# One local day of one site, recounted from the sessions that started on it while they exist.
site_days = _table(
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
    Column("seconds", BigInteger, nullable=False),
    Column("peak_clients", Integer, nullable=False),
    Column("peak_at", BigInteger),
    Column("rolled_at", BigInteger, nullable=False),
)

# Which days of a month a device was seen at a site, as bits (day 1 = bit 0): filled while the raw MAC still exists,
# never joined to a session. Rows go when their month is rolled into site_months.
device_months = _table(
    "device_months",
    Head(read=("nightly", "office"), insert=("nightly",), update={"nightly": ("days_seen",)}),
    Column("month", String(7), primary_key=True),
    Column("site", String(64), primary_key=True),
    Column("token", String(20), primary_key=True),
    Column("days_seen", BigInteger, nullable=False),
)

site_months = _table(
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

# Each run of the nightly job's steps: the retention metric and the office's proof of destruction come from here.
nightly_runs = _table(
    "nightly_runs",
    Head(read=("monitor", "office", "nightly"), insert=("nightly",), update={"nightly": ("finished_at", "outcome")}),
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("step", String(32), nullable=False),
    Column("began_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),
    Column("outcome", Text, nullable=False),
)
