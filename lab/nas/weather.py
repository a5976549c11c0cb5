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
    """The share of the occasions on which a NAS tells an untruth.

    One is an interim report that is followed by another whose counters fell back (coova-chilli issue 179); the other
    an acknowledged Disconnect or CoA that is not done (daloradius issue 463).
    """

    share: float = 0.02
    chance: random.Random = field(default_factory=lambda: random.Random(0))

    def happens(self) -> bool:
        return self.chance.random() < self.share
