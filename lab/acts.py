"""Faults as a person or a script writes them: ``cut bruno``, ``fade bruno 6``, ``reboot core-kutoarjo 30 renumber``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from hotspot.sites.values import Seconds
from lab.faults import FaultRefused, Faults

REBOOT_SECONDS = 20.0
GRAMMAR = """\
cut LINK                          both ends go dark, and all that lies beyond
mend LINK                         end a cut and a fade
fade LINK DECIBELS                the fibre loses so much more light
kill DEVICE | revive DEVICE       power off and on
reboot DEVICE [SECONDS] [renumber]  off for so long (20), then new counters and, if wanted, other ifIndexes"""

_WORDS = {"cut": (1, 1), "mend": (1, 1), "fade": (2, 2), "kill": (1, 1), "revive": (1, 1), "reboot": (1, 2)}
_DURATION = TypeAdapter(Seconds)


@dataclass(frozen=True)
class Act:
    word: str
    on: str
    amount: float = 0.0
    renumber: bool = False

    @property
    def facts(self) -> dict[str, object]:
        """For the truth log."""
        kind = "link" if self.word in ("cut", "mend", "fade") else "device"
        extra = {"decibels": self.amount} if self.word == "fade" else {}
        reboot = {"seconds": self.amount, "renumber": self.renumber} if self.word == "reboot" else {}
        return {"fault": self.word, kind: self.on, **extra, **reboot}


def read_act(words: Sequence[str]) -> Act:
    """FaultRefused says how to write it."""
    if not words or words[0] not in _WORDS:
        raise FaultRefused(f"{' '.join(words) or 'nothing'} is no fault; write one of:\n{GRAMMAR}")
    word, rest = words[0], list(words[1:])
    renumber = word == "reboot" and "renumber" in rest
    if renumber:
        rest.remove("renumber")
    least, most = _WORDS[word]
    if not least <= len(rest) <= most:
        raise FaultRefused(f"{' '.join(words)}: {word} is written like one of:\n{GRAMMAR}")
    amount = _number(rest[1]) if len(rest) > 1 else REBOOT_SECONDS
    return Act(word, rest[0], amount, renumber)


def apply(act: Act, faults: Faults, at: float) -> None:
    """FaultRefused says why it makes no sense now."""
    match act.word:
        case "cut":
            faults.cut(act.on, at)
        case "mend":
            faults.mend(act.on, at)
        case "fade":
            faults.fade(act.on, act.amount, at)
        case "kill":
            faults.kill(act.on, at)
        case "revive":
            faults.revive(act.on, at)
        case "reboot":
            faults.reboot(act.on, at, act.amount, renumber=act.renumber)


def read_script(text: str) -> Iterator[tuple[float, Act]]:
    """Lines like ``10m cut bruno``: how long after the start of the rehearsal, and what; ``#`` begins a remark."""
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        try:
            yield duration(words[0]), read_act(words[1:])
        except FaultRefused as refusal:
            raise FaultRefused(f"line {number}: {refusal}") from None


def duration(text: str) -> float:
    """In the spelling of sites.yaml."""
    try:
        return float(_DURATION.validate_python(text))
    except ValidationError:
        raise FaultRefused(f"{text} is not a duration like 30s, 10m, 2h or 3d") from None


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 86400:
        raise FaultRefused(f"{text} is not a number between 0 and 86400")
    return number
