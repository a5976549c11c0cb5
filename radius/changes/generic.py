"""Any other NAS: the identification that RFC 5176 section 3 names first, and WISPr's speeds."""

from __future__ import annotations

from hotspot.allowance import Limits
from radius.answers import generic
from radius.changes.kind import Attributes, ChangeKind, SoFar, named


def limit(limits: Limits, _so_far: SoFar) -> Attributes:
    return generic.speeds(limits)


KIND = ChangeKind(identify=named, limit=limit)
