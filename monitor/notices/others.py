"""Traps of vendors that document one or none: TP-Link's optical threshold; the rest is known by its enterprise."""

from __future__ import annotations

from monitor.notices.notice import Notice, Table

VENDORS = {
    "1.3.6.1.4.1.11863": "tplink",
    "1.3.6.1.4.1.5875": "fiberhome",
    "1.3.6.1.4.1.37950": "vsol",
    "1.3.6.1.4.1.41112": "ubiquiti",
    "1.3.6.1.4.1.17713": "cambium",
}
NOTICES: Table = {
    "1.3.6.1.4.1.11863.6.96.2.5": Notice("received light is over a threshold"),  # too much or too little
}
