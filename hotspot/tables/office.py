"""What the office writes: staff, vouchers, blocks, calendar, notes, audit, closed months."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Text, UniqueConstraint

from hotspot.tables.head import Head, Number, table

# A member of staff: `role` is one of office/roles.py; `opd` is whose complaints a responder answers. The portal reads
# what it needs to let staff online. `totp_step` is the last step that was used, so that a code serves once.
staff = table(
    "staff",
    Head(
        read=("office", "portal"),
        insert=("office",),
        update={
            "office": (
                "password_hash",
                "role",
                "opd",
                "mail",
                "totp_secret",
                "totp_since",
                "totp_step",
                "oidc_subject",
                "disabled_at",
            )
        },
        unseen={"portal": ("totp_secret", "totp_step", "oidc_subject", "mail")},
    ),
    Column("name", String(64), primary_key=True),
    Column("password_hash", String(256), nullable=False),
    Column("role", String(32), nullable=False),
    Column("opd", String(64)),
    Column("mail", String(128)),
    Column("totp_secret", String(256)),  # sealed with the office key
    Column("totp_since", BigInteger),
    Column("totp_step", BigInteger),
    Column("oidc_subject", String(256), unique=True),
    Column("created_at", BigInteger, nullable=False),
    Column("disabled_at", BigInteger),
)

# Who is logged in to the office; `hash` is of the cookie's token, which itself is never stored.
staff_sessions = table(
    "staff_sessions",
    Head(read=("office", "nightly"), insert=("office",), update={"office": ("seen_at", "ended_at")}),
    Column("hash", String(64), primary_key=True),
    Column("name", String(64), nullable=False, index=True),
    Column("began_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("ends_at", BigInteger, nullable=False, index=True),
    Column("ended_at", BigInteger),
)

# Tries of a login, so that the limit holds across workers. `bucket` is 16 bits of a keyed hash of a name or an address:
# the table cannot grow beyond them and names nobody (office/throttle.py).
login_tries = table(
    "login_tries",
    Head(read=("office",), insert=("office",), update={"office": ("spent", "since")}),
    Column("bucket", Integer, primary_key=True, autoincrement=False),
    Column("spent", Integer, nullable=False),
    Column("since", BigInteger, nullable=False),
)

# A month that is closed: its figures as they were published, and their sha256.
frozen_months = table(
    "frozen_months",
    Head(read=("radius", "office", "nightly"), insert=("office",)),
    Column("month", String(7), primary_key=True),
    Column("figures", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("frozen_at", BigInteger, nullable=False),
)

# Everything that staff did, as a chain: each row's hash covers the row and the hash before it, so that a row that is
# changed or taken out is seen (office/audit.py). Never updated; deleted from its old end only.
audit = table(
    "audit",
    Head(read=("office", "nightly"), insert=("office",)),
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False, index=True),
    Column("by", String(64), nullable=False),
    Column("act", String(48), nullable=False),
    Column("subject", String(128), nullable=False),
    Column("detail", Text, nullable=False),
    Column("previous", String(64), nullable=False, unique=True),
    Column("hash", String(64), nullable=False),
)

# A batch of vouchers and what each of them allows; speeds in bit/s, `site` empty means everywhere. What is not set is
# the site's policy.
batches = table(
    "batches",
    Head(
        read=("portal", "radius", "office", "nightly"),
        insert=("office",),
        update={"office": ("revoked_at",)},
    ),
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("label", String(64), nullable=False),
    Column("site", String(64)),
    Column("seconds", BigInteger),  # time online in all
    Column("octets", BigInteger),  # data in all
    Column("up", BigInteger),
    Column("down", BigInteger),
    Column("devices", Integer, nullable=False),
    Column("valid_seconds", BigInteger),  # counted from the first use
    Column("valid_from", BigInteger, nullable=False),
    Column("valid_until", BigInteger, nullable=False),
    Column(
        "salt", String(32)
    ),  # from which the codes are derived, so that a sheet can be printed again; none if imported
    Column("created_by", String(64), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
)

# `hash` is a keyed hash of the code (hotspot/vouchers.py), which itself is never stored. What a voucher's scrubbed
# sessions used is added to spent_* by the nightly job, so that its allowance outlives the MACs.
vouchers = table(
    "vouchers",
    Head(
        read=("portal", "radius", "office", "nightly"),
        insert=("office",),
        update={"office": ("revoked_at",), "nightly": ("spent_seconds", "spent_octets")},
    ),
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("batch", BigInteger, nullable=False, index=True),
    Column("serial", Integer, nullable=False),
    Column("hash", String(32), nullable=False, unique=True),
    Column("client", String(32), nullable=False, unique=True),
    Column("spent_seconds", BigInteger, nullable=False),
    Column("spent_octets", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
    UniqueConstraint("batch", "serial"),
)

# Who may not go online, why and until when. A client is named by its keyed hash, as its session shows it; a voucher and
# a member of staff have one of their own.
blocks = table(
    "blocks",
    Head(
        read=("portal", "radius", "office", "nightly"),
        insert=("office",),
        update={"office": ("lifted_at", "lifted_by")},
    ),
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("kind", String(8), nullable=False),  # client | voucher | staff
    Column("client", String(32), nullable=False, index=True),
    Column("label", String(64), nullable=False),  # what the office calls it
    Column("reason", String(200), nullable=False),
    Column("blocked_by", String(64), nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("until", BigInteger),
    Column("lifted_at", BigInteger),
    Column("lifted_by", String(64)),
)

# Events: in their time a site (or, without one, every site) follows another policy of sites.yaml, or is open or closed.
calendar = table(
    "calendar",
    Head(
        read=("portal", "radius", "monitor", "office", "nightly"),
        insert=("office",),
        update={"office": ("cancelled_at",)},
    ),
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("site", String(64), index=True),
    Column("label", String(64), nullable=False),
    Column("began_at", BigInteger, nullable=False),
    Column("ends_at", BigInteger, nullable=False, index=True),
    Column("policy", String(64)),
    Column("doors", String(8)),  # open | closed; as the site's hours say when not set
    Column("created_by", String(64), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("cancelled_at", BigInteger),
)

# Work on a device, NAS, link or site, and on all that is reached through it.
maintenances = table(
    "maintenances",
    Head(
        read=("portal", "monitor", "office", "nightly"),
        insert=("office",),
        update={"office": ("ends_at", "cancelled_at")},
    ),
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("kind", String(8), nullable=False),  # device | nas | link | site
    Column("subject", String(64), nullable=False, index=True),
    Column("reason", String(200), nullable=False),
    Column("began_at", BigInteger, nullable=False),
    Column("ends_at", BigInteger, nullable=False, index=True),
    Column("created_by", String(64), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("cancelled_at", BigInteger),
)

# What people write beside an incident ("incident") or a site ("site"): notes, acknowledgements, who takes it.
notes = table(
    "notes",
    Head(read=("monitor", "office", "nightly"), insert=("office",)),
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("about", String(8), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("act", String(16), nullable=False),  # note | acknowledge | assign
    Column("text", Text, nullable=False),
    Column("by", String(64), nullable=False),
    Column("at", BigInteger, nullable=False),
    Index(None, "about", "subject"),
)
