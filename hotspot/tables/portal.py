"""What the portal writes: grants and the ways to them, consents, complaints, opinions."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Text

from hotspot.tables.head import Head, Number, table

# A grant: minted by the portal at the tap, redeemed by RADIUS. `flow` makes a double tap one grant. `client` is who is
# counted (hotspot/clients.py): a MAC, a voucher, a member of staff or a number, as a keyed hash.
# Its MAC is personal data; the nightly job deletes the row a day after it expired.
grants = table(
    "grants",
    Head(read=("portal", "radius", "nightly"), insert=("portal",)),
    Column("id", String(32), primary_key=True),
    Column("flow", String(32), nullable=False, unique=True),
    Column("nas", String(64), nullable=False),
    Column("site", String(64), nullable=False),
    Column("mac", String(12), nullable=False),
    Column("client", String(32)),
    Column("way", String(16), nullable=False),
    Column("minted_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
)

# Proof of consent without a person: which notice (sha256 of its text), which language, where and when.
consents = table(
    "consents",
    Head(read=("portal", "office", "nightly"), insert=("portal",)),
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("grant_id", String(32), nullable=False),
    Column("notice", String(64), nullable=False),
    Column("language", String(8), nullable=False),
    Column("site", String(64), nullable=False),
    Column("given_at", BigInteger, nullable=False, index=True),
)

# Every notice that somebody agreed to, word by word: what `consents.notice` is the sha256 of. Kept for ever.
notices = table(
    "notices",
    Head(read=("portal", "office", "nightly"), insert=("portal",)),
    Column("hash", String(64), primary_key=True),
    Column("version", String(16), nullable=False),
    Column("language", String(8), nullable=False),
    Column("text", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
)

# "Delete my data": asked for by the portal with the receipt that the visitor keeps, of one client or of one grant; done
# by the nightly job, which then empties what names them.
erasures = table(
    "erasures",
    Head(
        read=("portal", "office", "nightly"),
        insert=("portal",),
        update={"nightly": ("client", "grant_id", "done_at", "rows")},
        unseen={"office": ("client", "grant_id")},
    ),
    Column("receipt", String(16), primary_key=True),
    Column("client", String(32)),
    Column("grant_id", String(32)),
    Column("asked_at", BigInteger, nullable=False, index=True),
    Column("done_at", BigInteger),
    Column("rows", Integer, nullable=False),
)

# Which client a MAC is, after its owner came in with a return code, voucher, account or number or tapped where the
# policy remembers: such a MAC may log in by itself until `until`. `token` is a keyed hash of the MAC
# (hotspot/clients.py). "Forget me" sets `forgotten_at`; the nightly job deletes what is forgotten or over.
remembered = table(
    "remembered",
    Head(
        read=("portal", "radius", "nightly"),
        insert=("portal",),
        update={"portal": ("client", "way", "notice", "language", "since", "until", "forgotten_at")},
    ),
    Column("token", String(32), primary_key=True),
    Column("client", String(32), nullable=False, index=True),
    Column("way", String(16), nullable=False),
    Column("notice", String(64), nullable=False),
    Column("language", String(8), nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False, index=True),
    Column("forgotten_at", BigInteger),
)

# Return codes: a keyed hash of the code that brings a client back from another MAC.
codes = table(
    "codes",
    Head(read=("portal", "nightly"), insert=("portal",), update={"portal": ("until", "forgotten_at")}),
    Column("hash", String(32), primary_key=True),
    Column("client", String(32), nullable=False, index=True),
    Column("way", String(16), nullable=False),
    Column("issued_at", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False, index=True),
    Column("forgotten_at", BigInteger),
)

# One-time codes by message, and the words of reverse ones ("kirim MASUK 4821"). `device` is the MAC that asked, as it
# would be remembered (hotspot/clients.py): a mini-browser that was closed finds its code again. `number` is a keyed
# hash of the number, which itself is never stored; for a reverse code it is filled when the message comes in.
otps = table(
    "otps",
    Head(
        read=("portal", "nightly"),
        insert=("portal",),
        update={"portal": ("number", "sent_at", "outcome", "tries", "confirmed_at", "used_at")},
    ),
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("way", String(16), nullable=False),
    Column("device", String(32), nullable=False, index=True),
    Column("number", String(32), index=True),
    Column("hash", String(32), nullable=False, index=True),
    Column("site", String(64), nullable=False),
    Column("asked_at", BigInteger, nullable=False, index=True),
    Column("expires_at", BigInteger, nullable=False),
    Column("sent_at", BigInteger),
    Column("outcome", String(32)),
    Column("tries", Integer, nullable=False),
    Column("confirmed_at", BigInteger),
    Column("used_at", BigInteger),
)

# How many messages each sender was given in a month, for the cap.
send_counts = table(
    "send_counts",
    Head(read=("portal", "office", "nightly"), insert=("portal",), update={"portal": ("sent", "failed")}),
    Column("month", String(7), primary_key=True),
    Column("sender", String(32), primary_key=True),
    Column("sent", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
)

# Wrong guesses of codes and passwords, so that the limit holds across workers and restarts. `bucket` is 16 bits of a
# keyed hash of a client, a NAS or a name: the table cannot grow and names nobody.
guesses = table(
    "guesses",
    Head(read=("portal",), insert=("portal",), update={"portal": ("spent", "since")}),
    Column("bucket", Integer, primary_key=True, autoincrement=False),
    Column("spent", Integer, nullable=False),
    Column("since", BigInteger, nullable=False),
)

# When a voucher was first used; from then its time runs.
voucher_uses = table(
    "voucher_uses",
    Head(
        read=("portal", "radius", "office", "nightly"),
        insert=("portal",),
    ),
    Column("voucher", BigInteger, primary_key=True, autoincrement=False),
    Column("first_used_at", BigInteger, nullable=False),
)

# A client that a controller (a NAS without RADIUS) shall let in: asked for by the portal with its grant, taken by a
# conditional UPDATE of `due_at`, finished by RADIUS (radius/controllers).
admissions = table(
    "admissions",
    Head(
        read=("portal", "radius", "nightly"),
        insert=("portal",),
        update={
            "radius": ("tries", "due_at", "finished_at", "outcome"),
            "portal": ("fetched_at", "left_at", "left_cause", "upload", "download"),
        },
    ),
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("grant_id", String(32), nullable=False, unique=True),
    Column("nas", String(64), nullable=False, index=True),
    Column("mac", String(12), nullable=False),
    Column("place", String(64), nullable=False),  # the access point's MAC and such, as the kind needs it
    Column("token", String(64)),  # by which openNDS knows the client
    Column("asked_at", BigInteger, nullable=False, index=True),
    Column("tries", Integer, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),
    Column("outcome", String(32)),
    # Of a box that comes for its orders (openNDS' authmon): when it had done this one, and what it said at the end.
    Column("fetched_at", BigInteger),
    Column("left_at", BigInteger),
    Column("left_cause", Integer),
    Column("upload", BigInteger),
    Column("download", BigInteger),
)

# The funnel and other sums of a site's local hour: how often `what` happened with `kind` (a browser family, a service,
# an emergency number, a reason, the seconds to the internet). Nobody is in it.
portal_tallies = table(
    "portal_tallies",
    Head(read=("portal", "office", "nightly"), insert=("portal",), update={"portal": ("number",)}),
    Column("site", String(64), primary_key=True),
    Column("hour", BigInteger, primary_key=True, autoincrement=False),
    Column("what", String(24), primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("number", BigInteger, nullable=False),
)

# Answers to the one rotating question of a visit (IKM): four grades, no person; one answer a visit.
ikm_answers = table(
    "ikm_answers",
    Head(read=("portal", "office", "nightly"), insert=("portal",)),
    Column("visit", String(32), primary_key=True),  # a keyed hash of the flow, good for nothing else
    Column("site", String(64), nullable=False),
    Column("question", String(8), nullable=False),
    Column("grade", Integer, nullable=False),
    Column("given_at", BigInteger, nullable=False, index=True),
    Index(None, "site", "given_at"),
)

# A visitor's report of a problem. The visitor's half is the portal's, the rest is the office's; the nightly job empties
# `contact` and `text` when their time is up. `incident` is what the monitor knew when it came in; `link`, `place` and
# `happened_at` are of those that the office wrote down from social media, a message or the counter.
complaints = table(
    "complaints",
    Head(
        read=("portal", "monitor", "office", "nightly"),
        insert=("portal", "office"),
        update={
            "office": (
                "answered_at",
                "answer",
                "answered_by",
                "opd",
                "forwarded_at",
                "escalated_at",
                "published_at",
            ),
            "nightly": ("contact", "text"),
        },
        unseen={"monitor": ("text", "contact", "key")},
    ),
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("key", String(16), nullable=False),
    Column("site", String(64), nullable=False, index=True),
    Column("channel", String(16), nullable=False),
    Column("language", String(8), nullable=False),
    Column("text", Text, nullable=False),
    Column("contact", String(128)),
    Column("incident", BigInteger),
    Column("link", String(512)),
    Column("place", String(200)),
    Column("happened_at", BigInteger),
    Column("received_at", BigInteger, nullable=False, index=True),
    Column("entered_by", String(64)),
    Column("opd", String(64)),
    Column("forwarded_at", BigInteger),
    Column("escalated_at", BigInteger),
    Column("answered_at", BigInteger),
    Column("answer", Text),
    Column("answered_by", String(64)),
    Column("published_at", BigInteger),
)
