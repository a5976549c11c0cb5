"""What all simulated people and boxes share: the town's description, its clock, its agenda and the log of the truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from hotspot.clock import Clock
from hotspot.mac import Mac
from hotspot.secret import SecretSource
from hotspot.sites import Sites
from lab.agenda import Agenda
from lab.nas.weather import Lies, Weather
from lab.truth import Truth

Address = tuple[str, int]


def _always(_nas: str) -> bool:
    return True


@dataclass
class World:
    """``reaches`` says whether a NAS's way to the core is whole; ``hurry`` that time stands still between events."""

    sites: Sites
    secrets: SecretSource
    clock: Clock
    truth: Truth
    auth: Address
    acct: Address
    agenda: Agenda = field(default_factory=Agenda)
    weather: Weather = field(default_factory=Weather)
    lies: Lies = field(default_factory=Lies)
    false_promises: Lies = field(default_factory=lambda: Lies(share=0.05))
    hurry: bool = False
    reaches: Callable[[str], bool] = _always
    _phones: dict[Mac, int] = field(default_factory=dict)

    def phone(self, mac: Mac) -> int:
        """The number under which the log speaks of a phone."""
        return self._phones.setdefault(mac, len(self._phones) + 1)
