"""The words of each language from committed .po files, read when a room starts: nothing needs compiling first."""

from __future__ import annotations

import io
from collections.abc import Iterator
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = "en"  # the language that templates are written in
NEAREST = {"jv": "id"}  # who reads Javanese reads Indonesian: a sentence that is missing comes from there


class Catalogues:
    """Translations by language; what none of a language's own says comes from its nearest, then from the templates."""

    def __init__(self, known: dict[str, NullTranslations]) -> None:
        self._known = known
        self._source = NullTranslations()

    def of(self, language: str) -> NullTranslations:
        return self._known.get(language, self._source)

    @classmethod
    def of_packages(cls, *packages: str) -> Catalogues:
        known: dict[str, NullTranslations] = {}
        for language, path in (found for package in packages for found in po_files(package)):
            translations = _read(path)
            if earlier := known.get(language):
                earlier.add_fallback(translations)
            else:
                known[language] = translations
        for language, nearest in NEAREST.items():
            if language in known and nearest in known:
                known[language].add_fallback(known[nearest])
        return cls(known)


def po_files(package: str) -> Iterator[tuple[str, Path]]:
    """Each language of a package with its file ``translations/<language>/LC_MESSAGES/messages.po``."""
    folder = Path(str(files(package))) / "translations"
    for path in sorted(folder.glob("*/LC_MESSAGES/messages.po")):
        yield path.parts[-3], path


def _read(path: Path) -> GNUTranslations:
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parts[-3], abort_invalid=True)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
