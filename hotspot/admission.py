"""What became of a client that a controller was asked to let in: the words that RADIUS writes and the portal reads."""

from __future__ import annotations

ADMITTED = "admitted"
REFUSED = "refused"  # the controller said no: no guest of its network, or not known there
UNANSWERED = "radius-away"  # the controller, or our own database, did not answer while the grant was good
