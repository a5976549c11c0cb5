"""Traps of Cisco (CISCO-ENTITY-SENSOR-MIB, AIRESPACE-WIRELESS-MIB): a sensor's threshold, access points; unverified."""

from __future__ import annotations

from monitor.notices.notice import Notice, Table

VENDORS = {"1.3.6.1.4.1.9": "cisco", "1.3.6.1.4.1.14179": "cisco"}
NOTICES: Table = {
    "1.3.6.1.4.1.9.9.91.2.0.1": Notice("entSensorThresholdNotification"),
    "1.3.6.1.4.1.9.9.91.2.0.2": Notice("entSensorThresholdRecoveryNotification"),
    "1.3.6.1.4.1.14179.2.6.3.7": Notice("access point associated"),
    "1.3.6.1.4.1.14179.2.6.3.8": Notice("access point disassociated"),
    "1.3.6.1.4.1.14179.2.6.3.9": Notice("radio up"),
    "1.3.6.1.4.1.14179.2.6.3.10": Notice("radio down"),
}
