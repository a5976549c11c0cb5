"""The month as JSON: every figure with its definition and doubt beside it, and the proof where it is frozen."""

from __future__ import annotations

import json
from typing import Any

from office.report import writing
from office.report.book import BOOK
from office.report.issue import Issue

ABOUT = ("label", "unit", "definition", "doubt")


def write(issue: Issue) -> bytes:
    return (json.dumps(content(issue), ensure_ascii=False, indent=1) + "\n").encode()


def schema() -> bytes:
    """What a program may rely on in such a file (JSON Schema, draft 2020-12)."""
    texts = {"type": "string"}
    about = {"type": "object", "required": list(ABOUT), "additionalProperties": texts}
    figures = BOOK.json_schema(mode="serialization", ref_template="#/$defs/{model}")
    proof = {"anyOf": [texts, {"type": "null"}]}
    described = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$defs": figures.pop("$defs"),
        "type": "object",
        "required": ["sha256", "verify", "definitions", "figures"],
        "properties": {
            "sha256": proof,
            "verify": proof,
            "definitions": {"type": "object", "additionalProperties": about},
            "figures": figures,
        },
    }
    return (json.dumps(described, ensure_ascii=False, indent=1) + "\n").encode()


def content(issue: Issue) -> dict[str, Any]:
    return {
        "sha256": issue.sha256 or None,
        "verify": issue.verify_url or None,
        "definitions": {name: {key: about[key] for key in ABOUT} for name, about in writing.words()["metrics"].items()},
        "figures": BOOK.dump_python(issue.book, mode="json"),
    }
