"""Traps of ZTE OLTs (ZTE-AN-OPTICAL-MODULE-MIB, ZTE-AN-PON-BASE-MIB); unverified, no recording has any.

What an ONU went for is no trap of these MIBs: the poll that a trap asks for reads its last down cause.
"""

from __future__ import annotations

from monitor.notices.notice import Notice, Table

VENDORS = {"1.3.6.1.4.1.3902": "zte"}
_MODULE, _PON = "1.3.6.1.4.1.3902.1082.30.40", "1.3.6.1.4.1.3902.1082.500.1"
_MODULE_RX, _PON_RX = f"{_MODULE}.2.4.1.2.", f"{_PON}.2.4.2.1.2."  # the received power, by ifIndex
NOTICES: Table = {
    f"{_MODULE}.3.1": Notice("optical module receives too little", "light", _MODULE_RX),
    f"{_MODULE}.3.2": Notice("optical module receives enough again", port=_MODULE_RX),
    f"{_PON}.3.1.3": Notice("zxAnPonRxPowerLowAlm", "light", _PON_RX),
    f"{_PON}.3.1.4": Notice("zxAnPonRxPowerLowClr", port=_PON_RX),
}
