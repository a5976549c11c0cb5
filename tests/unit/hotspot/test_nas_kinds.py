"""The page about NAS kinds says of each what the code knows."""

from __future__ import annotations

import re
from pathlib import Path

from hotspot.nas import NAS_KINDS

PAGE = Path(__file__).parents[3] / "docs" / "nas-kinds.md"
ROWS = dict(re.findall(r"^\| `([a-z-]+)` \|(.*)\|$", PAGE.read_text(), re.MULTILINE))


def test_every_kind_has_its_row_and_says_whether_it_was_tried() -> None:
    assert set(ROWS) == set(NAS_KINDS)
    for name, kind in NAS_KINDS.items():
        if kind.unverified:
            assert ROWS[name].rstrip().endswith("unverified on hardware")
