"""Traps of Ruckus controllers about their access points (RUCKUS-SZ-EVENT-MIB, RUCKUS-ZD-EVENT-MIB); unverified."""

from __future__ import annotations

from monitor.notices.notice import Notice, Table

VENDORS = {"1.3.6.1.4.1.25053": "ruckus"}
_SZ, _ZD = "1.3.6.1.4.1.25053.2.11.1", "1.3.6.1.4.1.25053.2.2.1"
NOTICES: Table = {
    f"{_SZ}.21": Notice("access point connected"),
    f"{_SZ}.23": Notice("access point disconnected"),
    f"{_SZ}.24": Notice("access point lost its heartbeat"),
    f"{_SZ}.25": Notice("access point rebooted"),
    f"{_ZD}.1": Notice("access point joined"),
    f"{_ZD}.5": Notice("access point lost"),
    f"{_ZD}.6": Notice("access point lost its heartbeat"),
    f"{_ZD}.8": Notice("access point reset"),
}
