"""Which language a page speaks."""

from __future__ import annotations

from web.language import choose, own_names

OFFERED = ("id", "en", "jv")


def test_what_the_visitor_chose_wins() -> None:
    assert choose("jv", ["en-GB"], OFFERED) == "jv"


def test_the_best_language_of_the_browser_that_is_offered_is_taken() -> None:
    assert choose(None, ["nl", "en-GB", "id"], OFFERED) == "en"


def test_old_phones_call_indonesian_in() -> None:
    assert choose(None, ["in-ID", "en"], OFFERED) == "id"


def test_an_unknown_choice_and_an_unknown_browser_get_the_first_language() -> None:
    assert choose("<script>", ["nl", "fr"], OFFERED) == "id"
    assert choose(None, [], ("en", "id")) == "en"


def test_each_language_is_named_in_itself() -> None:
    assert own_names(OFFERED) == {"id": "Indonesia", "en": "English", "jv": "Jawa"}
