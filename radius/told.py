"""One line of the log for each request: what was decided of it, for whom as far as that may be said, and how fast."""

from __future__ import annotations

import logging
import time

from hotspot.log import event
from hotspot.policy import Reason
from hotspot.wire import Code, Request
from radius.books import Done
from radius.event import calling_mac
from radius.login import Accepted, Refused
from radius.names import Names
from radius.receive import Peer
from radius.seldom import Pace, Seldom

MOST_A_SECOND = 20  # a storm of 2,000 logins in ten seconds is not to wait for its log
GUESSES = frozenset({Reason.PASSWORD, Reason.GRANT_UNKNOWN})

_log = logging.getLogger(__name__)


class Told:
    """Logins as they are (guesses once a minute), all other requests when all is wanted.

    What every phone that comes near is asked for is no login; a flood is told by a few lines and how many are left out.
    """

    def __init__(self, names: Names) -> None:
        self._names = names
        self._seldom, self._pace = Seldom(), Pace(MOST_A_SECOND)

    def tell(self, peer: Peer, request: Request, outcome: Done | Accepted | Refused, began: float) -> None:
        now = time.perf_counter()
        left_out = self._pace.left_out(now) if self._is_worth_it(peer, outcome, now) else None
        level = logging.DEBUG if left_out is None else logging.INFO
        if _log.isEnabledFor(level):
            reason = outcome.reason.value if isinstance(outcome, Refused) else None
            event(
                _log, level, _what(outcome), nas=peer.nas, site=peer.site, code=_code(request),
                way=getattr(outcome, "way", None), reason=reason,
                client=calling_mac(request), attributes=self._names.of(request),
                ms=round(1000 * (now - began), 1), left_out=left_out or 0,
            )  # fmt: skip

    def _is_worth_it(self, peer: Peer, outcome: Done | Accepted | Refused, now: float) -> bool:
        if isinstance(outcome, Refused) and outcome.reason in GUESSES:
            return self._seldom.is_due(f"{peer.nas} {outcome.reason}", now)
        return not isinstance(outcome, Done) and getattr(outcome, "reason", None) is not Reason.UNKNOWN_CLIENT


def _what(outcome: Done | Accepted | Refused) -> str:
    if isinstance(outcome, Refused):
        return "a login was refused"
    return "a login was accepted" if isinstance(outcome, Accepted) else "a request was answered"


def _code(request: Request) -> str:
    return Code(request.code).name.lower().replace("_", "-")
