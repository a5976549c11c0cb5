"""Which NASes RADIUS asks to let a client in, and what became of it: words that RADIUS writes and the portal reads."""

from __future__ import annotations

from hotspot.nas import NAS_KINDS
from hotspot.sites.model import Nas

ADMITTED = "admitted"
REFUSED = "refused"  # the controller said no: no guest of its network, or not known there
UNANSWERED = "radius-away"  # the controller, or our own database, did not answer while the grant was good
FETCHED = 3  # the FAS level of openNDS at which its authmon comes for whom to let in


def is_admitted_to(nas: Nas) -> bool:
    """Whether the visitor waits until RADIUS has seen that the NAS lets him in."""
    return NAS_KINDS[nas.kind].controller or is_fetched_by(nas)


def is_fetched_by(nas: Nas) -> bool:
    return nas.fas is not None and nas.fas.level == FETCHED
