"""How often something comes and goes (pure): a score that doubles with each drop and ages by itself, as in Zino."""

from __future__ import annotations

from dataclasses import dataclass

DECLARED = 8.0  # the third drop within some minutes
HELD = 2.5  # after the second drop a return is not believed at once
CLEAR = 1.5
_AGES = 300.0  # seconds in which a score becomes its square root
_FIRST = 2.0


@dataclass(frozen=True)
class Flap:
    score: float = 1.0
    at: float = 0.0
    flapping: bool = False

    def now(self, at: float) -> Flap:
        """Aged to a moment."""
        passed = max(0.0, at - self.at)
        score = max(1.0, self.score) ** (0.5 ** (passed / _AGES))
        return Flap(score, max(at, self.at), self.flapping and score >= CLEAR)

    def dropped(self, at: float) -> Flap:
        score = max(_FIRST, 2 * self.now(at).score)
        return Flap(score, at, self.flapping or score >= DECLARED * 0.9)  # it ages a little between the drops

    @property
    def is_held(self) -> bool:
        """It has come and gone lately: what it says now may not last."""
        return self.flapping or self.score >= HELD
