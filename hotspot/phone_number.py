"""A telephone number that was typed or sent by a visitor: one spelling (E.164), masked wherever it is printed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_LOOSE = re.compile(r"[\s().\-/]+")
_E164 = re.compile(r"\+[1-9]\d{7,14}")
_INDONESIAN_MOBILE = re.compile(r"\+628\d{7,11}")
INDONESIA = "+62"


@dataclass(frozen=True, order=True)
class PhoneNumber:
    """``e164`` is like +6281234567890."""

    e164: str

    @classmethod
    def parse(cls, text: str) -> PhoneNumber:
        """08…, 628…, +62 8… and 00 62 8… are one number; ValueError says what is wrong without repeating it."""
        word = _LOOSE.sub("", text.strip())
        if word.startswith("00"):
            word = "+" + word[2:]
        elif word.startswith("0"):
            word = INDONESIA + word[1:]
        elif word.startswith("8"):
            word = INDONESIA + word
        elif not word.startswith("+"):
            word = "+" + word
        if not word.isascii() or not _E164.fullmatch(word):
            raise ValueError("not a telephone number; write it like 0812 3456 7890")
        if word.startswith(INDONESIA) and not _INDONESIAN_MOBILE.fullmatch(word):
            raise ValueError("not the number of a mobile phone")
        return cls(word)

    @property
    def digits(self) -> str:
        """Without the plus, as most message providers want it."""
        return self.e164[1:]

    def is_in(self, ranges: Sequence[str]) -> bool:
        """Whether it begins like one of these, which keeps messages to dear foreign numbers from being asked for."""
        return any(self.e164.startswith(prefix) for prefix in ranges)

    def __str__(self) -> str:
        return f"{self.e164[:4]}**"

    __repr__ = __str__
