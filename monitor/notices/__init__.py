"""What the traps of vendors mean, one small table a vendor; one that is in none is known by its enterprise alone."""

from __future__ import annotations

from monitor.notices import aruba, cisco, huawei, mikrotik, others, ruckus, standard, zte
from monitor.notices.notice import Notice, if_index

__all__ = ["VENDORS", "Notice", "if_index", "known", "vendor"]
PAGES = (standard, mikrotik, zte, huawei, ruckus, aruba, cisco, others)
_NOTICES = {oid: notice for page in PAGES for oid, notice in page.NOTICES.items()}
VENDORS = {enterprise: name for page in PAGES for enterprise, name in page.VENDORS.items()}
OTHER = "other"


def known(oid: str) -> Notice | None:
    """By its OID; RFC 3584 section 3.1 makes one of a v1 trap with a zero before the last number."""
    head, _, last = oid.rpartition(".")
    return _NOTICES.get(oid) or _NOTICES.get(f"{head.removesuffix('.0')}.{last}")


def vendor(oid: str) -> str:
    """A short name, of which there are few: it is a label."""
    return next((name for enterprise, name in VENDORS.items() if f"{oid}.".startswith(f"{enterprise}.")), OTHER)
