"""SNMPv3 engine ids that two devices share (pure): a cloned configuration, which makes both refuse us in turn.

RFC 3411 section 5 wants them unique; times and keys are bound to them, so a manager takes one device for the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from monitor.snapshot import Polled


def shared(polled: Iterable[Polled]) -> Mapping[str, tuple[str, ...]]:
    """By device or NAS, the others that answered last with the same snmpEngineID."""
    holders: dict[str, list[str]] = {}
    for one in polled:
        engine = one.answers.system.get("snmpEngineID") if one.answers else None
        if engine:
            holders.setdefault(str(engine), []).append(one.id)
    return {
        name: tuple(other for other in names if other != name)
        for names in holders.values()
        if len(names) > 1
        for name in names
    }
