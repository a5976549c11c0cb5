"""sites.yaml from text to frozen objects, or every problem at once, each with its line, path and a way out."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from hotspot.command import OperatorError
from hotspot.secret import SecretMissing, SecretSource, SecretUnusable
from hotspot.sites.document import Document, Problem, read_document
from hotspot.sites.document import Path as KeyPath
from hotspot.sites.messages import Messages
from hotspot.sites.model import Device, Nas, Policy, Sites
from hotspot.sites.references import reference_problems

# What a room needs: (where it is asked for, the secret's possible names, first one preferred).
SecretNeeds = Callable[[Sites], Iterable[tuple[KeyPath, tuple[str, ...]]]]

Row = TypeVar("Row", bound=BaseModel)

_SENTENCES = {
    "missing": "is missing",
    "int_parsing": "not a whole number",
    "int_type": "not a whole number",
    "float_parsing": "not a number",
    "float_type": "not a number",
    "bool_parsing": "neither true nor false",
    "bool_type": "neither true nor false",
    "string_type": "must be a word or a sentence",
    "tuple_type": "must be a list",
    "dict_type": "must be a mapping of names to values",
    "model_type": "must be a mapping",
    "too_short": "must not be empty",
    "string_too_short": "must not be empty",
    "date_from_datetime_parsing": "not a date like 2025-03-01",
    "date_parsing": "not a date like 2025-03-01",
    "date_type": "not a date like 2025-03-01",
}


class SitesError(OperatorError):
    """Every problem of the file, one a line."""

    def __init__(self, file: Path, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems), key=lambda p: (p.line, p.path, p.what))
        super().__init__("\n".join(f"{file.name}:{p.line}: {p.path}: {p.what}" for p in self.problems))


def load(path: Path, secrets: SecretSource | None = None, needs: SecretNeeds | None = None) -> Sites:
    """Read and check the file; raise SitesError with all problems, missing secrets of the calling room among them."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise OperatorError(f"{path}: {error.strerror}; give the sites file with --sites or HOTSPOT_SITES") from error
    except UnicodeDecodeError as error:
        raise OperatorError(f"{path}: not UTF-8 text (byte {error.start}); save it as UTF-8") from error
    document = read_document(text)
    problems = list(document.problems)
    sites = None
    if document.content is not None:
        sites = _validated(document, problems)
        problems += [document.problem(*found) for found in reference_problems(document.content)]
        if secrets and needs:
            problems += _missing_secrets(document, secrets, needs)
    if problems or sites is None:
        raise SitesError(path, problems)
    return sites


def _validated(document: Document, problems: list[Problem]) -> Sites | None:
    try:
        return Sites.model_validate(document.content)
    except ValidationError as failure:
        for error in failure.errors():
            path = _written_path(document, error["loc"])
            if error["type"] == "too_short" and _value_at(document, path):
                continue  # its entries are there; what is wrong with them is listed
            problems.append(document.problem(path, _sentence(document, path, error)))
        return None


def _written_path(document: Document, location: tuple[str | int, ...]) -> KeyPath:
    """Pydantic's location without the words that it adds for unions and mapping keys."""
    path: list[str | int] = []
    value: Any = document.content
    for step in location:
        if isinstance(value, (dict, list)):
            path.append(step)
            value = value[int(step)] if isinstance(value, list) else value.get(str(step))
    return tuple(path)


def _sentence(document: Document, path: KeyPath, error: Any) -> str:
    kind, context = error["type"], error.get("ctx", {})
    written = _value_at(document, path)
    if kind == "extra_forbidden":
        return "unknown key" + _did_you_mean(str(path[-1]), _keys_at(path[:-1]))
    if kind == "literal_error":
        allowed = [word.strip(" '") for word in context["expected"].replace(" or ", ", ").split(",")]
        return f"{written!r} is not one of {', '.join(allowed)}" + _did_you_mean(str(written), allowed)
    if kind == "value_error":
        return f"{written!r} is {context['error']}"
    if kind == "string_pattern_mismatch":
        return f"{written!r} does not fit the pattern {context['pattern']}"
    if kind in ("greater_than", "greater_than_equal", "less_than", "less_than_equal"):
        return f"{written!r} is out of range: {error['msg'][0].lower()}{error['msg'][1:]}"
    sentence = _SENTENCES.get(kind, error["msg"])
    return sentence if written is None or isinstance(written, (dict, list)) else f"{written!r} is {sentence}"


def _value_at(document: Document, path: KeyPath) -> Any:
    value = document.content
    for step in path:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def _keys_at(path: KeyPath) -> list[str]:
    """The keys that the model allows at a path."""
    model: Any = Sites
    for step in path:
        model = _inner(model, step)
    models = [part for part in _alternatives(model) if isinstance(part, type) and issubclass(part, BaseModel)]
    return [name for part in models for name in part.model_fields]


def _inner(annotation: Any, step: str | int) -> Any:
    for part in _alternatives(annotation):
        if isinstance(part, type) and issubclass(part, BaseModel) and step in part.model_fields:
            return part.model_fields[str(step)].annotation
        if get_origin(part) in (tuple, list):
            return get_args(part)[0]
        if get_origin(part) is dict:
            return get_args(part)[1]
    return None


def _alternatives(annotation: Any) -> tuple[Any, ...]:
    if get_origin(annotation) in (Union, UnionType):
        return get_args(annotation)
    return (annotation,)


def _did_you_mean(word: str, known: Iterable[str]) -> str:
    close = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean {close[0]}?" if close else ""


def _missing_secrets(document: Document, secrets: SecretSource, needs: SecretNeeds) -> Iterable[Problem]:
    """Asked of the NASes and devices that are right in themselves, so that one wrong line elsewhere hides no secret."""
    nases, devices = _right_rows(document, "nases", Nas), _right_rows(document, "devices", Device)
    written = {"nases": list(nases), "devices": list(devices)}
    part = Sites.model_construct(
        nases=tuple(nases.values()),
        devices=tuple(devices.values()),
        messages=_right_messages(document),
        policies=_right_policies(document),
    )
    asked: dict[str, list[KeyPath]] = {}
    for path, names in needs(part):
        try:
            secrets.first(*names)
        except (SecretMissing, SecretUnusable) as error:
            asked.setdefault(str(error), []).append(_as_written(path, written))
    for sentence, (first, *others) in asked.items():
        more = f" ({len(others)} more ask for it)" if others else ""
        yield document.problem(first, sentence + more)


def _as_written(path: KeyPath, written: dict[str, list[int]]) -> KeyPath:
    """Rows that are wrong in themselves were left out; this is the row's number in the file."""
    table, *rest = path
    if table in written and rest:
        return (table, written[str(table)][int(rest[0])], *rest[1:])
    return path


def _right_policies(document: Document) -> dict[str, Policy]:
    written = document.content.get("policies")
    right: dict[str, Policy] = {}
    for name, policy in written.items() if isinstance(written, dict) else ():
        with contextlib.suppress(ValidationError):
            right[name] = Policy.model_validate(policy)
    return right


def _right_messages(document: Document) -> Messages:
    with contextlib.suppress(ValidationError):
        return Messages.model_validate(document.content.get("messages"))
    return Messages()


def _right_rows(document: Document, table: str, model: type[Row]) -> dict[int, Row]:
    rows = document.content.get(table)
    right: dict[int, Row] = {}
    for i, row in enumerate(rows if isinstance(rows, list) else []):
        with contextlib.suppress(ValidationError):
            right[i] = model.model_validate(row)
    return right
