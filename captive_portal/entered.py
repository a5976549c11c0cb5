"""What people enter, as far as every store can hold it (pure): PostgreSQL keeps no NUL, and nobody means one."""

from __future__ import annotations

_CONTROLS = dict.fromkeys([*(number for number in range(32) if chr(number) not in "\t\n\r"), 127])


def plain(text: str) -> str:
    """Without control characters but the ends of lines; half a surrogate pair becomes a question mark."""
    return text.translate(_CONTROLS).encode("utf-8", "replace").decode()
