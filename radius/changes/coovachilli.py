"""CoovaChilli: no answer at all without User-Name, and every limit that a CoA leaves out is reset to "none".

So all of them are said each time, as totals since the session's start, which is what chilli compares with
(src/chilli.c: cb_radius_coa_ind, config_radius_session). Its NAK has no Error-Cause: it found no such session.
"""

from __future__ import annotations

from hotspot.allowance import Limits
from radius.answers import coovachilli
from radius.changes.kind import Attributes, ChangeKind, SoFar, counted_from_start, named


def limit(limits: Limits, so_far: SoFar) -> Attributes:
    return coovachilli.attributes(counted_from_start(limits, so_far))


KIND = ChangeKind(identify=named, limit=limit, bare_nak_is_gone=True)
