"""The month as JSON: every figure with its definition and doubt beside it, and the proof where it is frozen."""

from __future__ import annotations

import json
from typing import Any

from office.report import writing
from office.report.book import BOOK
from office.report.issue import Issue


def write(issue: Issue) -> bytes:
    return (json.dumps(content(issue), ensure_ascii=False, indent=1) + "\n").encode()


def content(issue: Issue) -> dict[str, Any]:
    return {
        "sha256": issue.sha256 or None,
        "verify": issue.verify_url or None,
        "definitions": {
            name: {key: about[key] for key in ("label", "unit", "definition", "doubt")}
            for name, about in writing.words()["metrics"].items()
        },
        "figures": BOOK.dump_python(issue.book, mode="json"),
    }
