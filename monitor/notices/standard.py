"""Traps of standard MIBs: UPS-MIB (RFC 1628), ENTITY-MIB (RFC 6933), LLDP-MIB, POWER-ETHERNET-MIB (RFC 3621)."""

from __future__ import annotations

from monitor.notices.notice import Notice, Table

VENDORS = {"1.3.6.1.2.1": "standard", "1.0.8802": "standard", "1.3.6.1.6": "standard"}
NOTICES: Table = {
    "1.3.6.1.2.1.33.2.1": Notice("upsTrapOnBattery", "battery"),  # sent again every minute while it lasts
    "1.3.6.1.2.1.33.2.3": Notice("upsTrapAlarmEntryAdded"),
    "1.3.6.1.2.1.33.2.4": Notice("upsTrapAlarmEntryRemoved"),
    "1.3.6.1.2.1.47.2.0.1": Notice("entConfigChange"),
    "1.0.8802.1.1.2.0.0.1": Notice("lldpRemTablesChange"),
    "1.3.6.1.2.1.105.0.1": Notice("pethPsePortOnOffNotification"),
}
