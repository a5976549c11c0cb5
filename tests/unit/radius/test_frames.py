"""A record is read back whole or not at all, whatever a crash left behind it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radius.frames import HEAD, LONGEST, MARK, frame, next_frame, record_at

KEY = b"sixteen octets.."


@given(st.binary(min_size=1, max_size=LONGEST), st.integers(0, 2**40))
def test_what_was_framed_is_read_back(record: bytes, position: int) -> None:
    framed = frame(KEY, position, record)

    assert len(framed) == HEAD + len(record)
    assert record_at(KEY, position, framed + b"more", 0) == record


@given(st.binary(min_size=1, max_size=300), st.data())
def test_a_torn_frame_holds_no_record_wherever_it_was_torn(record: bytes, data: st.DataObject) -> None:
    framed = frame(KEY, 32, record)
    cut = data.draw(st.integers(0, len(framed) - 1))

    assert record_at(KEY, 32, framed[:cut], 0) is None
    assert record_at(KEY, 32, framed[:cut].ljust(len(framed), b"\0"), 0) in (None, record)


@given(st.binary(min_size=1, max_size=300), st.data())
def test_a_frame_with_one_other_bit_holds_no_record(record: bytes, data: st.DataObject) -> None:
    framed = bytearray(frame(KEY, 32, record))
    framed[data.draw(st.integers(0, len(framed) - 1))] ^= 1 << data.draw(st.integers(0, 7))

    assert record_at(KEY, 32, bytes(framed), 0) is None


def test_a_frame_is_valid_only_in_its_own_file_at_its_own_place() -> None:
    framed = frame(KEY, 32, b"record")

    assert record_at(KEY[::-1], 32, framed, 0) is None
    assert record_at(KEY, 33, framed, 0) is None


def test_the_next_whole_frame_is_found_behind_rubbish_that_looks_like_frames() -> None:
    rubbish = MARK + b"\x00\x05" + bytes(8) + b"12345" + MARK[:1]
    octets = rubbish + frame(KEY, 100 + len(rubbish), b"record")

    assert next_frame(KEY, 100, octets, 0) == len(rubbish)
    assert next_frame(KEY, 100, octets[:-1], 0) is None


@pytest.mark.parametrize("record", [b"", bytes(LONGEST + 1)])
def test_a_record_that_cannot_be_told_from_none_is_not_framed(record: bytes) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        frame(KEY, 0, record)
