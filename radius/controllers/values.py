"""What stands in a controller's JSON, read without trust: a wrong type is as good as nothing (pure)."""

from __future__ import annotations

import math
from ipaddress import ip_address
from typing import Any

from hotspot.mac import Mac

MOST = 2**63 - 1


def table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def rows(value: Any) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def octets(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return None
    return min(int(value), MOST) if value >= 0 else None


def mac(value: Any) -> Mac | None:
    try:
        return Mac.parse(value) if isinstance(value, str) else None
    except ValueError:
        return None


def address(value: Any) -> str | None:
    try:
        return str(ip_address(value)) if isinstance(value, str) else None
    except ValueError:
        return None


def minutes(seconds: int) -> int:
    """Whole ones, never none: a controller that is told 0 or nothing takes its own default, which is hours."""
    return max(1, math.ceil(seconds / 60))


def kilobits(bits: int) -> int:
    return max(2, bits // 1000)


def megabytes(count: int) -> int:
    return max(1, math.ceil(count / 1_000_000))
