"""Tokens end with their key: the key is made once, by one of many, and destroyed for ever."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hotspot.mac import Mac
from hotspot.pseudonym import KeyDestroyed, KeyRing, commitment, device_token

PHONE = Mac.parse("02:11:22:aa:bb:cc")


def test_a_token_depends_on_key_purpose_and_address() -> None:
    tokens = {
        device_token(key, purpose, mac)
        for key in (bytes(32), bytes([1]) * 32)
        for purpose in (b"d1", b"m1")
        for mac in (PHONE, Mac.parse("02:11:22:aa:bb:cd"))
    }

    assert len(tokens) == 8
    assert all(len(token) == 20 for token in tokens)


def test_all_processes_share_the_key_that_the_first_one_made(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: KeyRing(tmp_path).get("day-2026-11-24"), range(64)))

    assert len(keys) == 1
    assert (tmp_path / "day-2026-11-24").stat().st_mode & 0o777 == 0o600
    assert KeyRing(tmp_path).periods() == ["day-2026-11-24"]


def test_a_destroyed_key_is_gone_for_everyone_and_never_made_anew(tmp_path: Path) -> None:
    mine, another = KeyRing(tmp_path), KeyRing(tmp_path)
    key = mine.get("day-2026-11-24")
    assert another.get("day-2026-11-24") == key

    assert mine.destroy("day-2026-11-24") is True

    for ring in (mine, another, KeyRing(tmp_path)):
        with pytest.raises(KeyDestroyed):
            ring.get("day-2026-11-24")
    assert mine.destroy("day-2026-11-24") is False
    assert mine.periods() == []
    assert key not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_the_commitment_tells_nothing_and_proves_the_key() -> None:
    assert commitment(bytes(32)) == commitment(bytes(32))
    assert commitment(bytes(32)) != commitment(bytes([1]) * 32)
