"""One line an event, JSON to a pipe and readable on a terminal; MACs and secrets mask themselves by their types."""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any, TextIO

# The last net: a MAC or an Indonesian telephone number that slipped into a text is masked too.
_MAC = re.compile(r"\b([0-9A-Fa-f]{2})([:\-])([0-9A-Fa-f]{2})\2([0-9A-Fa-f]{2})(?:\2[0-9A-Fa-f]{2}){3}\b")
_PHONE = re.compile(r"(?<![\w.])(\+62|62|0)8\d{2}\d{4,9}\b")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_LIMIT = 253


def masked(text: str) -> str:
    """Control characters escaped, MACs and phone numbers cut, at most 253 characters."""
    text = _MAC.sub(r"\1\2\3\2\4\2**\2**\2**", text)
    text = _PHONE.sub(r"\g<1>8**", text)
    text = _CONTROL.sub(lambda m: m[0].encode("unicode_escape").decode(), text)
    return text if len(text) <= _LIMIT else text[:_LIMIT] + "…"


class Lines(logging.Formatter):
    """A record as one line; its fields come with ``extra={"fields": {...}}`` (see :func:`event`)."""

    def __init__(self, service: str, *, as_json: bool) -> None:
        super().__init__()
        self._service = service
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, Any] = getattr(record, "fields", {})
        clean = {name: self._clean(value) for name, value in fields.items()}
        text = masked(record.getMessage())
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        if self._as_json:
            line = {"at": at, "level": record.levelname.lower(), "service": self._service, "event": text, **clean}
            if record.exc_info:
                line["traceback"] = self.formatException(record.exc_info)
            return json.dumps(line, ensure_ascii=False)
        words = " ".join(f"{name}={value}" for name, value in clean.items())
        line_text = f"{at[11:19]} {self._service:8} {record.levelname.lower():7} {text} {words}".rstrip()
        return line_text + ("\n" + self.formatException(record.exc_info) if record.exc_info else "")

    @staticmethod
    def _clean(value: Any) -> Any:
        return value if isinstance(value, (int, float, bool)) or value is None else masked(str(value))


def start_log(service: str, level: str, stream: TextIO | None = None) -> None:
    """Send every log record of this process to one stream (standard error) in the project's form."""
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Lines(service, as_json=not stream.isatty()))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for library in ("alembic", "urllib3", "scapy", "pysnmp"):
        logging.getLogger(library).setLevel(logging.WARNING)


def event(log: logging.Logger, level: int, text: str, **fields: Any) -> None:
    """Log one event with its fields; a field is a number, a Mac, a Secret or text."""
    if log.isEnabledFor(level):
        log.log(level, text, extra={"fields": fields}, stacklevel=2)
