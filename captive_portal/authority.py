"""Who may see, delete and extend: what a MAC alone can never prove (pure)."""

from __future__ import annotations

from captive_portal.flow import Flow
from captive_portal.holdings import Whose
from captive_portal.visit import Progress, Visit
from hotspot import clients
from hotspot.secret import Secret


def whose(key: Secret, visit: Visit | None, flow: Flow | None, code_of: str | None = None) -> Whose | None:
    """A return code stands for its client, a NAS's signed redirect for the MAC that it saw.

    A visit that is online now stands for its own grant alone: the phone with the same MAC may be another's.
    """
    if code_of is not None:
        return Whose(client=code_of)
    if flow is not None and flow.proved:
        return Whose(client=clients.of_mac(key, flow.mac))
    if visit is not None and visit.progress is Progress.ONLINE:
        return Whose(grant_id=visit.grant_id)
    return None
