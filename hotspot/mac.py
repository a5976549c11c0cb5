"""A client's MAC address: every spelling met in the field is read, everything else is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Six pairs with one and the same separator, or none (FreeRADIUS' canonicalisation policy).
_PAIRS = re.compile(r"[0-9A-Fa-f]{2}(?P<by>[:\-. ]?)(?:[0-9A-Fa-f]{2}(?P=by)){4}[0-9A-Fa-f]{2}")
# aabb.ccdd.eeff (Cisco).
_WORDS = re.compile(r"[0-9A-Fa-f]{4}(?P<by>[.\-:])[0-9A-Fa-f]{4}(?P=by)[0-9A-Fa-f]{4}")
# MikroTik DHCP client identifier: hardware type 1, then octets without leading zeros (1:0:e1:c:38:c8:f8).
_CLIENT_ID = re.compile(r"1(?::[0-9A-Fa-f]{1,2}){6}")


@dataclass(frozen=True, order=True)
class Mac:
    """Forty-eight bits, kept as twelve lower-case hex digits; printing one shows only its maker's half."""

    digits: str

    @classmethod
    def parse(cls, text: str) -> Mac:
        """Read one MAC address; ValueError names what was wrong without repeating a person's address."""
        mac = cls.read(text)
        if mac is None:
            raise ValueError("not a MAC address; write it like 02:11:22:aa:bb:cc")
        return mac

    @classmethod
    def read(cls, text: str) -> Mac | None:
        """:meth:`parse` for text that may well be none."""
        word = text.strip()
        if found := _PAIRS.fullmatch(word) or _WORDS.fullmatch(word):
            return cls(word.replace(found["by"], "").lower())
        if _CLIENT_ID.fullmatch(word):
            return cls("".join(octet.rjust(2, "0") for octet in word.split(":")[1:]).lower())
        return None

    @classmethod
    def from_station_id(cls, text: str) -> Mac:
        """The MAC of a Called- or Calling-Station-Id, which may go on with ``:SSID`` (RFC 3580 section 3.20).

        An SSID may itself hold colons, so the cut is after the MAC, never at the last colon.
        """
        if len(text) > 17 and text[17] == ":" and _PAIRS.fullmatch(text[:17]):
            return cls.parse(text[:17])
        return cls.parse(text)

    @property
    def octets(self) -> bytes:
        return bytes.fromhex(self.digits)

    @property
    def is_random(self) -> bool:
        """Locally administered (second-lowest bit of the first octet), as phones make them up."""
        return bool(self.octets[0] & 0x02)

    def joined(self, separator: str = ":") -> str:
        return separator.join(self.digits[i : i + 2] for i in range(0, 12, 2))

    @property
    def colons(self) -> str:
        return self.joined(":")

    @property
    def dashes(self) -> str:
        """Upper case with dashes, the spelling of RFC 3580 section 3.21."""
        return self.joined("-").upper()

    def __str__(self) -> str:
        return f"{self.joined()[:8]}:**:**:**"

    __repr__ = __str__
