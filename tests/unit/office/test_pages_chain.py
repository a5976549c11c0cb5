"""The audit log's chain notices every change, gap and exchange."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.chain import BEGINNING, Entry, Linked, first_break, link


def chain(length: int) -> list[Linked]:
    found, previous = [], BEGINNING
    for number in range(1, length + 1):
        entry = Entry(1000 + number, "ani", "user.add", f"budi-{number}", "role admin")
        found.append(Linked(number, entry, previous, previous := link(entry, previous)))
    return found


def test_a_whole_chain_has_no_break() -> None:
    assert first_break(chain(20)) is None
    assert first_break([]) is None


def test_a_chain_whose_oldest_entries_went_by_retention_is_checked_from_where_it_begins() -> None:
    later = chain(20)[5:]

    assert first_break(later, None) is None
    assert first_break(later) is not None


@given(st.integers(0, 9), st.sampled_from(["at", "by", "act", "subject", "detail"]))
def test_a_changed_word_breaks_the_chain_at_its_entry(place: int, field: str) -> None:
    found = chain(10)
    old = found[place]
    changed = replace(old.entry, **{field: 7 if field == "at" else "other"})  # type: ignore[arg-type]
    found[place] = replace(old, entry=changed)

    assert first_break(found) == f"entry {place + 1} was changed"


@given(st.integers(0, 8))
def test_a_forged_entry_with_a_fitting_hash_breaks_the_chain_after_it(place: int) -> None:
    found = chain(10)
    forged = replace(found[place].entry, by="someone else")
    found[place] = Linked(place + 1, forged, found[place].previous, link(forged, found[place].previous))

    assert first_break(found) == f"entry {place + 2} does not follow the one before it: one is missing or was exchanged"


@given(st.integers(0, 8))
def test_where_an_entry_is_missing_is_named(place: int) -> None:
    found = chain(10)
    del found[place]

    assert (first_break(found) or "").startswith(f"entry {place + 2} does not follow")


@pytest.mark.parametrize("detail", ['a","b', "a\n", "ä", ""])
def test_words_cannot_move_from_one_field_into_the_next(detail: str) -> None:
    one = Entry(1, "ani", "note", "x" + detail, "")
    other = Entry(1, "ani", "note", "x", detail)

    assert (link(one, BEGINNING) == link(other, BEGINNING)) == (detail == "")
