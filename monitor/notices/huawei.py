"""Traps of Huawei WLAN controllers about their access points (HUAWEI-WLAN-AP-MIB); unverified.

Of its OLTs no documented trap tells a dying gasp: the poll that any trap asks for reads the ONU's last down cause.
"""

from __future__ import annotations

from monitor.notices.notice import Notice, Table

VENDORS = {"1.3.6.1.4.1.2011": "huawei"}
NOTICES: Table = {
    "1.3.6.1.4.1.2011.6.139.13.1.1.1": Notice("access point at fault"),
    "1.3.6.1.4.1.2011.6.139.13.1.1.2": Notice("access point well again"),
}
