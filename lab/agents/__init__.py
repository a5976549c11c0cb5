"""SNMP agents of the rehearsal: standard tables for every device, a vendor's own for the kinds listed here.

To add a vendor, write one file with ``rows(state)`` from its MIB and add its line to VENDORS.
"""

from lab.agents import mikrotik
from lab.agents.rows import VendorRows

VENDORS: dict[str, VendorRows] = {"mikrotik": mikrotik.rows}

__all__ = ["VENDORS"]
