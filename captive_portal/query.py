"""The query string as the NAS wrote it: percent-decoded once, "+" left alone, sizes bounded."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote

LONGEST = 8190  # octets of the whole query; a userurl alone may be 2 kB before encoding
MOST_FIELDS = 64


@dataclass(frozen=True)
class Query:
    """``raw`` is kept for signatures, which cover the text before decoding."""

    raw: str
    fields: dict[str, str]

    def get(self, name: str) -> str:
        return self.fields.get(name, "")

    @classmethod
    def parse(cls, raw: str) -> Query:
        """The first of two fields with one name counts. CoovaChilli writes %2b and MikroTik raw backslashes.

        Every octet stays one character (Latin-1), because a MikroTik challenge is octets, not text.
        """
        fields: dict[str, str] = {}
        for pair in raw[:LONGEST].split("&", MOST_FIELDS)[:MOST_FIELDS]:
            name, _, value = pair.partition("=")
            fields.setdefault(unquote(name, "latin-1"), unquote(value, "latin-1"))
        return cls(raw, fields)
