"""The portal speaks every language in full."""

from __future__ import annotations

import pytest

from tests.unit.web.catalogues import OTHERS, left_over, sentences, untranslated


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_of_the_portal_is_said_in_each_language(language: str) -> None:
    assert len(sentences("captive_portal")) > 100
    assert untranslated("captive_portal", language) == set()
    assert left_over("captive_portal", language) == set()
