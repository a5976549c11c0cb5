"""What a backup holds and what it must not hold: it outlives every promise to forget (data, and its SQL).

A backup is kept for days on another machine, so nothing whose time is over in a day may go into it: no MAC, address or
user name, no hash of them that the keys in the same backup would open, and no pseudonym key, whose end is what makes
the tokens of its day anonymous. The price of a restore: visitors tap once more, and staff log in once more.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Update, case, null, or_, select, update

from hotspot.tables import metadata, sessions

# Rows that name a visitor's device, or let somebody in, and are over within a day or are asked for again.
LEFT_OUT = (
    *("grants", "reservations", "admissions", "refusals"),
    *("remembered", "codes", "otps"),  # whoever asked to be forgotten after the backup would be known again
    *("guesses", "login_tries", "staff_sessions"),
)
AUDIT_ANCHOR = "audit-anchor"  # the office's file in the state folder; it knows entries that came after a backup
EMPTIED = {"sessions": ("mac", "user_name", "address", "client")}

# Columns that sound like a person's and are kept, with the reason.
KEPT = {
    ("complaints", "contact"): "an answer must still reach whoever reported; goes with the oldest backup",
    ("complaints", "key"): "what the reporter looks the answer up with",
    ("blocks", "client"): "a block must outlive the disk",
    ("erasures", "client"): "a deletion that was promised must still be done",
    ("vouchers", "client"): "stands for a piece of paper, not for a person",
    ("staff", "mail"): "the office's own people",
}


def cleaned(name: str) -> Update:
    """Empty a copy of the table of what must not be kept."""
    table = metadata.tables[name]
    named = or_(*(table.c[column].is_not(None) for column in EMPTIED[name]))
    return update(table).where(named).values({column: _allowed(table.c[column]) for column in EMPTIED[name]})


def clean_rows(name: str) -> Select[Any]:
    """The rows of a table as they may be kept, columns in their order."""
    columns = metadata.tables[name].columns
    return select(*(_allowed(one).label(one.name) if one.name in EMPTIED[name] else one for one in columns))


def _allowed(column: Column[Any]) -> ColumnElement[Any]:
    """Nothing, but for the client of a voucher: what a session spends of it must still be charged."""
    if column is sessions.c.client:
        return case((sessions.c.way == "voucher", column), else_=null())
    return null()
