"""What of a package's templates is not said in a language: the check behind each room's test of its words."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from hotspot.sites.place import Language
from web.catalogue import SOURCE

ROOT = Path(__file__).parents[3]
OTHERS = [language for language in get_args(Language) if language != SOURCE]
OPTIONS = {"**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "encoding": "utf-8"}}


def sentences(package: str, but: str = "") -> set[str]:
    """Every text that the templates of a package give to gettext; ``but`` leaves out a folder of them."""
    found = extract_from_dir(ROOT / package, [("**.html", "jinja2.ext:babel_extract")], OPTIONS)
    return {_first(message) for path, _, message, _, _ in found if not but or but not in path}


def untranslated(package: str, language: str) -> set[str]:
    """Texts that a language's catalogue lacks, leaves empty or marks as doubtful (fuzzy)."""
    path = ROOT / package / "translations" / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    said = {_first(entry.id) for entry in catalogue if entry.id and entry.string and not entry.fuzzy}
    return {text for text in sentences(package) if text not in said}


def left_over(package: str, language: str) -> set[str]:
    """Texts of a catalogue that no template uses any more."""
    path = ROOT / package / "translations" / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    return {_first(entry.id) for entry in catalogue if entry.id} - sentences(package)


def _first(text: str | tuple[str, ...] | list[str]) -> str:
    """A sentence that counts has a singular and a plural."""
    return text if isinstance(text, str) else text[0]
