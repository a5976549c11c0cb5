"""Which packets get lost between a NAS and its server, and when a NAS tells an untruth: by seeded chance."""

from __future__ import annotations

import random
from dataclasses import dataclass, field


@dataclass
class Weather:
    """The share of packets that get lost on each way, by seeded chance."""

    requests: float = 0.0
    replies: float = 0.0
    chance: random.Random = field(default_factory=lambda: random.Random(0))

    def loses_request(self) -> bool:
        return self.chance.random() < self.requests

    def loses_reply(self) -> bool:
        return self.chance.random() < self.replies


@dataclass
class Lies:
    """The share of interim reports that are followed by one with counters that fell back (coova-chilli issue 179)."""

    share: float = 0.02
    chance: random.Random = field(default_factory=lambda: random.Random(0))

    def happens(self) -> bool:
        return self.chance.random() < self.share
