"""Which language a page speaks: what the visitor chose, else what the browser prefers, else the regency's first."""

from __future__ import annotations

from collections.abc import Sequence

from babel import Locale
from flask import Flask, g, request, session
from werkzeug.datastructures import LanguageAccept

from web.catalogue import Catalogues

# Old Android and Java still say "in" for Indonesian; "jw" is a common slip for Javanese.
_OLD_CODES = {"in": "id", "jw": "jv"}


def choose(asked: str | None, accepted: Sequence[str], offered: Sequence[str]) -> str:
    """Pure: ``accepted`` are the browser's languages, best first, like ``en-GB``."""
    if asked and asked in offered:
        return asked
    for tag in accepted:
        primary = tag.lower().split("-")[0]
        code = _OLD_CODES.get(primary, primary)
        if code in offered:
            return code
    return offered[0]


def own_names(codes: Sequence[str]) -> dict[str, str]:
    """Each language's name for itself, for the links."""
    return {code: str(Locale.parse(code).get_language_name(code)) for code in codes}


def choose_for_each_request(app: Flask, offered: Sequence[str], catalogues: Catalogues) -> None:
    """Sets ``g.language`` from ``lang`` in the query or form, then the session where the room has one."""

    @app.before_request
    def pick() -> None:
        asked = request.values.get("lang")
        has_session = app.secret_key is not None
        if asked in offered and has_session:
            session["lang"] = asked
        elif has_session:
            asked = session.get("lang")
        g.language = choose(asked, _wanted(request.accept_languages), offered)

    def gettext(text: str) -> str:
        return catalogues.of(spoken(offered)).gettext(text)

    def ngettext(one: str, many: str, number: int) -> str:
        return catalogues.of(spoken(offered)).ngettext(one, many, number)

    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]


def spoken(offered: Sequence[str]) -> str:
    """The language of this request; an error before the choice (a form too large) speaks the first one."""
    if "language" not in g:
        g.language = offered[0]
    return str(g.language)


def _wanted(header: LanguageAccept) -> list[str]:
    return [tag for tag, quality in header if quality > 0]
