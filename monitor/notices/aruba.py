"""Traps of Aruba about their access points (AI-AP-MIB, WLSX-TRAP-MIB); unverified."""

from __future__ import annotations

from monitor.notices.notice import Notice, Table

VENDORS = {"1.3.6.1.4.1.14823": "aruba"}
NOTICES: Table = {
    "1.3.6.1.4.1.14823.2.3.1.11.1.2.1040": Notice("access point up"),
    "1.3.6.1.4.1.14823.2.3.1.11.1.2.1041": Notice("access point down"),
}
