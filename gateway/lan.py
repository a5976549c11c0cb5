"""Who stands at the door: the neighbour table, read again only when it cannot answer or has grown old."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address

from gateway.neighbours import Neighbours
from gateway.session import Address
from hotspot.mac import Mac

FRESH_SECONDS = 1.0
PAUSE_SECONDS = 0.05  # strangers with invented addresses must not keep the gateway reading


class Lan:
    """``read`` gives the table of now, ``clock`` counts real seconds."""

    def __init__(self, read: Callable[[], Neighbours], clock: Callable[[], float]) -> None:
        self._read = read
        self._clock = clock
        self._table = Neighbours({}, {})
        self._read_at = -FRESH_SECONDS

    def mac_of(self, address: str) -> Mac | None:
        """Whose an address is; a new one is looked for at once."""
        try:
            asked = ip_address(address)
        except ValueError:
            return None
        age = self._clock() - self._read_at
        if age >= FRESH_SECONDS or (asked not in self._table.macs and age >= PAUSE_SECONDS):
            self.look()
        return self._table.macs.get(asked)

    def addresses_of(self, mac: Mac) -> tuple[Address, ...]:
        return self._table.addresses(mac)

    def look(self) -> None:
        self._table = self._read()
        self._read_at = self._clock()
