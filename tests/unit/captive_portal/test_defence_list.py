"""Every test that docs/portal-defence.md names is there, so that its list stays true."""

from __future__ import annotations

import re

from tests.conftest import ROOT

NAMED = re.compile(r"`([a-z_/]*\.py)?::(test_[a-z0-9_]+)`")


def test_each_attack_of_the_list_has_its_tests() -> None:
    missing: list[str] = []
    rows = [line for line in (ROOT / "docs/portal-defence.md").read_text().splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 30
    for row in rows:
        named = NAMED.findall(row.rpartition(" | ")[2])
        assert named, row
        path = ""
        for file, test in named:
            path = file or path
            there = ROOT / "tests" / path
            if not there.is_file() or f"def {test}(" not in there.read_text():
                missing.append(f"{path}::{test}")
    assert missing == []
