"""Traps of RouterOS (MIKROTIK-MIB): a general one, and one for its temperature."""

from __future__ import annotations

from monitor.notices.notice import Notice, Table

VENDORS = {"1.3.6.1.4.1.14988": "mikrotik"}
NOTICES: Table = {
    "1.3.6.1.4.1.14988.1.1.9.0.1": Notice("mtxrTrap"),
    "1.3.6.1.4.1.14988.1.1.9.0.2": Notice("mtxrTemperatureException"),
}
