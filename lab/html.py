"""What a phone's browser sees in a page: its title, a meta refresh, its forms with their fields and buttons."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    """``fields`` are those that a browser would send without anybody typing; ``buttons`` by their id."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: dict[str, tuple[str, str]] = field(default_factory=dict)


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.title = ""
        self.refresh: str | None = None
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._in_title = False
        self.feed(text)
        self.close()

    def form_with(self, button: str) -> Form | None:
        return next((form for form in self.forms if button in form.buttons), None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "title":
            self._in_title = True
        elif tag == "meta" and values.get("http-equiv", "").lower() == "refresh":
            self.refresh = _refresh_target(values.get("content", ""))
        elif tag == "form":
            self._form = Form(values.get("action", ""), values.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None and tag in ("input", "button"):
            _add(self._form, tag, values)

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False
        elif tag == "form":
            self._form = None

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data.strip()


def _add(form: Form, tag: str, values: dict[str, str]) -> None:
    name, value = values.get("name", ""), values.get("value", "")
    kind = values.get("type", "submit" if tag == "button" else "text").lower()
    if kind == "submit":
        form.buttons[values.get("id", "")] = (name, value)
    elif kind in ("checkbox", "radio"):
        if "checked" in values and name:
            form.fields.append((name, value or "on"))
    elif name and "disabled" not in values:
        form.fields.append((name, value))


def _refresh_target(content: str) -> str | None:
    """The URL of ``<seconds>; url=…``, when a person would see it happen within five seconds."""
    match = re.match(r"\s*(\d+)\s*[;,]\s*url\s*=\s*[\"']?(.*?)[\"']?\s*$", content, re.IGNORECASE | re.DOTALL)
    return match[2] if match and int(match[1]) <= 5 else None
