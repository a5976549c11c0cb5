"""A sealed stream comes back as it was written, or not at all; and nothing that names a visitor is on its list."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspot.backup import sealed
from hotspot.backup.content import EMPTIED, KEPT, LEFT_OUT
from hotspot.backup.sealed import MAGIC, Opener, Sealer
from hotspot.command import OperatorError
from hotspot.secret import Secret
from hotspot.tables import metadata

KEY = Secret("the word of the safe")
PIECE = 64 * 1024
BEGINNING = len(MAGIC) + 16
PERSONAL = {"mac", "address", "client", "user_name", "contact", "number", "device", "token", "mail", "key", "hash"}


@pytest.fixture(autouse=True, scope="module")
def quick() -> Iterator[None]:
    """The key's derivation with little work."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealed, "_WORK", 16)
        yield


def sealed_octets(plain: bytes, key: Secret = KEY) -> bytes:
    file = io.BytesIO()
    with Sealer(file, key) as sealer:
        for start in range(0, len(plain), 10_000):
            sealer.write(plain[start : start + 10_000])
    return file.getvalue()


def opened(octets: bytes, key: Secret = KEY) -> bytes:
    opener = Opener(io.BytesIO(octets), key)
    whole = opener.read()
    opener.drain()
    return whole


@pytest.mark.parametrize("length", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_what_was_written_is_read(length: int) -> None:
    plain = bytes(number % 251 for number in range(length))

    assert opened(sealed_octets(plain)) == plain


def test_nothing_of_it_can_be_read_without_the_key() -> None:
    octets = sealed_octets(b"secret words " * 9000)

    assert b"secret words" not in octets
    with pytest.raises(OperatorError, match="does not open with this backup-key"):
        opened(octets, Secret("another word"))


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_one_changed_octet_is_noticed(data: st.DataObject) -> None:
    octets = bytearray(sealed_octets(bytes(150_000)))
    octets[data.draw(st.integers(0, len(octets) - 1))] ^= 1

    with pytest.raises(OperatorError):
        opened(bytes(octets))


@pytest.mark.parametrize("left", [BEGINNING, BEGINNING + PIECE + 16, BEGINNING + 2 * (PIECE + 16), -1])
def test_a_cut_is_noticed_also_between_two_pieces(left: int) -> None:
    octets = sealed_octets(bytes(150_000))

    with pytest.raises(OperatorError):
        opened(octets[:left])


def test_pieces_cannot_be_exchanged() -> None:
    octets = sealed_octets(bytes(200_000))
    first, second = (octets[BEGINNING + n * (PIECE + 16) : BEGINNING + (n + 1) * (PIECE + 16)] for n in (0, 1))

    with pytest.raises(OperatorError):
        opened(octets[:BEGINNING] + second + first + octets[BEGINNING + 2 * (PIECE + 16) :])


def test_another_file_is_told_apart() -> None:
    with pytest.raises(OperatorError, match="no backup of hotspot"):
        opened(b"SQLite format 3\0" * 10)


def test_whatever_may_name_a_person_is_left_out_emptied_or_kept_for_a_reason() -> None:
    columns = {
        (table.name, column.name)
        for table in metadata.tables.values()
        for column in table.columns
        if column.name in PERSONAL and table.name not in LEFT_OUT
    }
    emptied = {(name, column) for name, columns in EMPTIED.items() for column in columns}
    counted = {("device_months", "token"), ("portal_tallies", "number"), ("login_hours", "number")}
    proofs = {("audit", "hash"), ("notices", "hash"), ("vouchers", "hash")}
    ours = {("capabilities", "device")}  # the network's own equipment

    assert columns - counted - proofs - ours == emptied | set(KEPT)
