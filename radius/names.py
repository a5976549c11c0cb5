"""Attribute numbers to names for people who read logs, from a dictionary that is read once by pyrad."""

from __future__ import annotations

from pathlib import Path

from pyrad.dictionary import Dictionary  # type: ignore[import-untyped]

from hotspot.wire import Attr, Request

FOLDER = Path(__file__).parent / "dictionary"


class Names:
    """The names of a request's attributes, never their values: those are a person's."""

    def __init__(self) -> None:
        self.dictionary = Dictionary(str(FOLDER / "dictionary"))
        self._names: dict[int | tuple[int, int], str] = dict(self.dictionary.attrindex.backward)

    def of(self, request: Request) -> str:
        words = {self._vendor(value) for value in request.every(Attr.VENDOR_SPECIFIC)}
        words |= {self._names.get(kind, str(kind)) for kind in request.attributes if kind != Attr.VENDOR_SPECIFIC}
        return " ".join(sorted(words))

    def _vendor(self, value: bytes) -> str:
        """``26.<vendor>.<type>`` by name where both are known."""
        if len(value) < 6:
            return str(int(Attr.VENDOR_SPECIFIC))
        vendor, kind = int.from_bytes(value[:4], "big"), value[4]
        return self._names.get((vendor, kind), f"26.{vendor}.{kind}")
