"""The query string as the NAS wrote it."""

from __future__ import annotations

from captive_portal.query import LONGEST, MOST_FIELDS, Query


def test_plus_stays_plus_and_percent_is_decoded_once() -> None:
    query = Query.parse("a=1+1&b=%2541&c=a=b&d")
    assert query.fields == {"a": "1+1", "b": "%41", "c": "a=b", "d": ""}


def test_the_first_of_two_counts_and_a_missing_one_is_empty() -> None:
    query = Query.parse("mac=1&mac=2")
    assert (query.get("mac"), query.get("ip")) == ("1", "")


def test_every_octet_stays_one_character() -> None:
    assert Query.parse("a=%ff%00").get("a").encode("latin-1") == b"\xff\x00"


def test_a_flood_is_cut() -> None:
    assert len(Query.parse("&".join(f"n{i}=1" for i in range(500))).fields) == MOST_FIELDS
    assert len(Query.parse("a=" + "x" * 99_999).get("a")) == LONGEST - 2
