"""Make a Flask room: its pages get the porch's language, palette, security headers, error pages and ops listener."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import BaseLoader, ChoiceLoader, PackageLoader
from markupsafe import Markup

from hotspot.clock import Clock
from hotspot.metrics import Metrics
from hotspot.secret import Secret
from hotspot.sites import Sites
from web import csrf, errors, language, security, words
from web.catalogue import Catalogues
from web.ops import Health, OpsDoor

HERE = Path(__file__).parent
LARGEST_FORM = 16 * 1024  # octets; no form of ours comes near it


@dataclass(frozen=True)
class Porch:
    """What every page needs; ``ops_port`` is known once the socket is bound."""

    sites: Sites
    clock: Clock
    metrics: Metrics
    healthy: Health
    ops_port: int | None = None


def create_room(
    package: str, porch: Porch, *, style: str = "", session_key: Secret | None = None, scripts: bool = False
) -> Flask:
    """A Flask app of ``package``, whose templates extend ``base.html`` and whose words lie in ``translations``.

    ``style`` is CSS of the room's own, inlined after the porch's. With a ``session_key`` the room has a signed
    session cookie, and every unsafe request must carry the form field of ``csrf_field()``. With ``scripts`` its pages
    may load a script of the room's own.
    """
    app = Flask(package, static_folder=None)
    app.jinja_options = {"extensions": ["jinja2.ext.i18n"], "trim_blocks": True, "lstrip_blocks": True}
    app.jinja_loader = _templates(package)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_FORM
    sheet = stylesheet(style)
    catalogues = Catalogues.of_packages("web", package)
    language.choose_for_each_request(app, porch.sites.languages, catalogues)
    security.add_headers(app, sheet.source, scripts=scripts)
    errors.speak_to_people(app)
    if session_key:
        csrf.protect(app, session_key)
    words.teach(app, porch.sites.timezone)
    _give_every_page(app, porch, sheet.text)
    app.wsgi_app = OpsDoor(app.wsgi_app, porch.metrics, porch.healthy, porch.ops_port)  # type: ignore[method-assign]
    return app


@dataclass(frozen=True)
class Stylesheet:
    """The text between <style> and </style>, and the CSP source that allows exactly it."""

    text: Markup
    source: str


def stylesheet(extra: str) -> Stylesheet:
    text = (HERE / "static" / "style.css").read_text() + extra
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Stylesheet(Markup(text), f"'sha256-{digest}'")  # noqa: S704 - our own files, no one's input


def _templates(package: str) -> BaseLoader:
    return ChoiceLoader([PackageLoader(package), PackageLoader("web")])


def _give_every_page(app: Flask, porch: Porch, style: Markup) -> None:
    names = language.own_names(porch.sites.languages)

    @app.context_processor
    def common() -> dict[str, Any]:
        return {
            "style": style,
            "office": porch.sites.office,
            "sample": porch.sites.sample,
            "rehearsal": porch.clock.rehearsal,
            "now": porch.clock.now(),
            "language": language.spoken(porch.sites.languages),
            "language_names": names,
            "languages": porch.sites.languages,
        }
