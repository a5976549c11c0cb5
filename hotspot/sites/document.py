"""YAML text as plain text values, with the line of every key: no value is guessed, no key is lost.

YAML 1.1 reads an all-digit MAC as a number and 7:00 as 420; here every scalar stays text and the model decides.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """One thing wrong with the file, at one line."""

    line: int
    path: str
    what: str


@dataclass
class Document:
    """The file's content, the line of each path, and what was wrong with its form."""

    content: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    repeated: list[tuple[Path, int, str]] = field(default_factory=list)

    def line(self, path: Path) -> int:
        """The line of a path, or of its nearest parent that is written in the file."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def name(self, path: Path) -> str:
        """A path as people read it: list entries by their id where they have one."""
        words: list[str] = []
        value = self.content
        for step in path:
            value = _step(value, step)
            label = str(step)
            if isinstance(step, int):
                label = str(value["id"]) if isinstance(value, dict) and value.get("id") else f"[{step}]"
            words.append(label)
        return ".".join(words).replace(".[", "[")

    def problem(self, path: Path, what: str) -> Problem:
        return Problem(self.line(path), self.name(path), what)


def _step(value: Any, step: str | int) -> Any:
    try:
        return value[step]
    except (KeyError, IndexError, TypeError):
        return None


class _Loader(yaml.BaseLoader):
    """Without aliases: a few lines of them stand for millions of values."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(
                None, None, f"the alias *{event.anchor}: write the value itself", event.start_mark
            )
        return super().compose_node(parent, index)


def read_document(text: str) -> Document:
    document = Document()
    try:
        root = yaml.compose(text, Loader=_Loader)
    except RecursionError:
        document.problems.append(
            Problem(1, "(file)", "nested far too deeply; no part of it goes deeper than five levels")
        )
        return document
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        document.problems.append(Problem(line, "(file)", f"not readable as YAML: {error.problem}"))
        return document
    except yaml.YAMLError as error:
        document.problems.append(Problem(1, "(file)", f"not readable as YAML: {error}".splitlines()[0]))
        return document
    if not isinstance(root, yaml.MappingNode):
        document.problems.append(
            Problem(1, "(file)", "must be a mapping with keys like timezone, office, policies and sites")
        )
        return document
    document.content = _plain(root, (), document)
    document.problems += [Problem(line, document.name(path), what) for path, line, what in document.repeated]
    return document


def _plain(node: yaml.Node, path: Path, document: Document) -> Any:
    document.lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, document)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, i), document) for i, item in enumerate(node.value)]
    if isinstance(node, yaml.ScalarNode) and node.style is None and node.value in ("", "null", "~"):
        return None
    return node.value


def _mapping(node: yaml.MappingNode, path: Path, document: Document) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for key, value in node.value:
        here = (*path, str(key.value))
        line = key.start_mark.line + 1
        if key.value in content:
            first = document.lines[here]
            what = f"is written twice (first on line {first}); keep one"
            document.repeated.append((here, line, what))
            continue
        document.lines[here] = line
        content[str(key.value)] = _plain(value, here, document)
    return content
