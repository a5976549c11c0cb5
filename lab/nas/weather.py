"""Which packets get lost between a NAS and its server, by seeded chance."""

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
