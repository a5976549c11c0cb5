"""Datagrams from addresses that are no NAS: never parsed, and logged once a minute for each network they come from."""

from __future__ import annotations

import logging
from collections import OrderedDict

from hotspot.log import event

_log = logging.getLogger(__name__)
QUIET_SECONDS = 60.0
MOST_REMEMBERED = 256


class Strangers:
    """Remembers whom it has complained about; the log shows a network, not an address."""

    def __init__(self) -> None:
        self._told: OrderedDict[str, float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._told)

    def note(self, address: str, now: float) -> bool:
        """True when a line was written."""
        network = network_of(address)
        if now - self._told.get(network, -QUIET_SECONDS) < QUIET_SECONDS:
            return False
        self._told[network] = now
        self._told.move_to_end(network)
        if len(self._told) > MOST_REMEMBERED:
            self._told.popitem(last=False)
        event(
            _log,
            logging.WARNING,
            "a packet came from an address that no NAS in sites.yaml has, and was dropped unread",
            network=network,
        )
        return True


def network_of(address: str) -> str:
    """``10.66.1.x`` and ``2001:db8:x``: enough to find a forgotten NAS."""
    separator, kept = (":", 3) if ":" in address else (".", 3)
    return separator.join([*address.split(separator)[:kept], "x"])
