"""The porch speaks every language in full; English is what its templates are written in."""

from __future__ import annotations

import pytest

from tests.unit.web.catalogues import OTHERS, left_over, sentences, untranslated
from web.catalogue import Catalogues


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_of_the_porch_is_said_in_each_language(language: str) -> None:
    assert len(sentences("web")) > 10
    assert untranslated("web", language) == set()
    assert left_over("web", language) == set()


def test_a_catalogue_is_read_from_its_po_file_without_compiling() -> None:
    catalogues = Catalogues.of_packages("web")
    assert catalogues.of("id").gettext("Start page") == "Halaman awal"
    assert catalogues.of("en").gettext("Start page") == "Start page"
    assert catalogues.of("id").gettext("A sentence nobody translated") == "A sentence nobody translated"


def test_a_sentence_that_the_offices_javanese_lacks_is_said_in_indonesian() -> None:
    lacking = untranslated("office", "jv") - untranslated("office", "id")
    words = Catalogues.of_packages("office")

    for sentence in lacking:
        assert words.of("jv").gettext(sentence) == words.of("id").gettext(sentence)
