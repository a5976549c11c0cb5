"""docs/accounting.md names a test for each scenario and invariant; each of them is there."""

from __future__ import annotations

import re

from tests.conftest import ROOT


def test_every_test_that_the_page_names_is_there() -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs" / "accounting.md").read_text()))
    files = (ROOT / "tests").rglob("test_*.py")
    there = {
        name for file in files for name in re.findall(r"^(?:async )?def (test_\w+)", file.read_text(), re.MULTILINE)
    }

    assert len(named) > 40
    assert named - there == set()


def test_all_scenarios_and_invariants_have_one() -> None:
    page = (ROOT / "docs" / "accounting.md").read_text()
    rows = re.findall(r"^\| ([SI]\d[^|]*)\|", page, re.MULTILINE)
    told = {(kind, int(number)) for row in rows for kind, number in re.findall(r"\b([SI])(\d+)", row)}

    assert {number for kind, number in told if kind == "S"} == set(range(1, 41))
    assert {number for kind, number in told if kind == "I"} == set(range(1, 21))
