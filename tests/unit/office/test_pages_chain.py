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
        entry = Entry(number, 1000 + number, "ani", "user.add", f"budi-{number}", "role admin")
        found.append(Linked(entry, previous, previous := link(entry, previous)))
    return found


def test_a_whole_chain_has_no_break() -> None:
    assert first_break(chain(20)) is None
    assert first_break([]) is None


def test_a_chain_whose_oldest_entries_went_by_retention_is_checked_from_where_it_begins() -> None:
    later = chain(20)[5:]

    assert first_break(later, later[0].previous, 6) is None
    assert first_break(later) == "entry 1 is missing"


@given(st.integers(0, 9), st.sampled_from(["at", "who", "act", "subject", "detail"]))
def test_a_changed_word_breaks_the_chain_at_its_entry(place: int, field: str) -> None:
    found = chain(10)
    old = found[place]
    changed = replace(old.entry, **{field: 7 if field == "at" else "other"})  # type: ignore[arg-type]
    found[place] = replace(old, entry=changed)

    assert first_break(found) == f"entry {place + 1} was changed"


@given(st.integers(0, 8))
def test_a_forged_entry_with_a_fitting_hash_breaks_the_chain_after_it(place: int) -> None:
    found = chain(10)
    forged = replace(found[place].entry, who="someone else")
    found[place] = Linked(forged, found[place].previous, link(forged, found[place].previous))

    assert first_break(found) == f"entry {place + 2} does not follow the one before it"


@given(st.integers(0, 8))
def test_a_missing_entry_is_named(place: int) -> None:
    found = chain(10)
    del found[place]

    assert first_break(found) == f"entry {place + 1} is missing"


@pytest.mark.parametrize("detail", ['a","b', "a\n", "ä", ""])
def test_words_cannot_move_from_one_field_into_the_next(detail: str) -> None:
    one = Entry(1, 1, "ani", "note", "x" + detail, "")
    other = Entry(1, 1, "ani", "note", "x", detail)

    assert (link(one, BEGINNING) == link(other, BEGINNING)) == (detail == "")
