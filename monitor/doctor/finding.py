"""What one check of the doctor found: well, ill or not to be seen from here, with what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum


class Health(StrEnum):
    WELL = "well"
    ILL = "ill"
    UNSEEN = "unseen"  # this machine cannot look there, which is neither good nor bad


@dataclass(frozen=True)
class Finding:
    """``check`` is a word that the office's pages know too."""

    check: str
    health: Health
    told: str

    def line(self) -> str:
        return f"{self.health:6}  {self.check:22}  {self.told}"

    def row(self) -> dict[str, str]:
        return {key: str(value) for key, value in asdict(self).items()}


def well(check: str, told: str) -> Finding:
    return Finding(check, Health.WELL, told)


def ill(check: str, told: str) -> Finding:
    return Finding(check, Health.ILL, told)


def unseen(check: str, told: str) -> Finding:
    return Finding(check, Health.UNSEEN, told)


def summary(found: Iterable[Finding]) -> str:
    all_found = list(found)
    counts = [sum(one.health is health for one in all_found) for health in Health]
    return f"{len(all_found)} checks: {counts[0]} well, {counts[1]} ill, {counts[2]} not to be seen from here"
