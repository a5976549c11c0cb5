"""The memory of recent packets: exact, short and bounded."""

from __future__ import annotations

from radius.duplicates import KEEP_SECONDS, MOST_PER_NAS, Duplicates, Key

KEY: Key = ("127.66.1.1", 1000, 7, 3)
ONE, TWO = b"1" * 16, b"2" * 16  # authenticators


def packet(authenticator: bytes, padding: bytes = b"") -> bytes:
    return bytes((1, 7, 0, 20)) + authenticator + padding


def test_the_very_same_octets_are_known_without_a_proof_and_others_are_not() -> None:
    recent = Duplicates()
    entry = recent.open(KEY, packet(ONE), now=0)

    assert recent.same(KEY, packet(ONE), now=1) is entry
    assert recent.same(KEY, packet(ONE, padding=b"\0"), now=1) is None
    assert recent.same((*KEY[:3], 4), packet(ONE), now=1) is None
    assert recent.same(KEY, packet(ONE), now=KEEP_SECONDS + 1) is None


def test_the_same_packet_is_known_and_another_under_its_key_is_not() -> None:
    recent = Duplicates()
    entry = recent.open(KEY, packet(ONE), now=0)

    assert recent.find(KEY, ONE, now=1) is entry
    assert recent.find(KEY, TWO, now=1) is None
    assert recent.find((*KEY[:3], 4), ONE, now=1) is None


def test_a_new_packet_under_the_same_key_takes_the_olds_place() -> None:
    recent = Duplicates()
    recent.open(KEY, packet(ONE), now=0)
    recent.open(KEY, packet(TWO), now=1)

    assert recent.find(KEY, ONE, now=2) is None
    assert len(recent) == 1


def test_what_came_to_nothing_is_new_when_it_is_sent_again() -> None:
    recent = Duplicates()
    entry = recent.open(KEY, packet(ONE), now=0)
    recent.forget(KEY, entry)

    assert recent.find(KEY, ONE, now=1) is None


def test_forgetting_an_old_packet_leaves_the_one_that_replaced_it() -> None:
    recent = Duplicates()
    old = recent.open(KEY, packet(ONE), now=0)
    new = recent.open(KEY, packet(TWO), now=1)
    recent.forget(KEY, old)

    assert recent.find(KEY, TWO, now=2) is new


def test_after_half_a_minute_a_packet_is_forgotten() -> None:
    recent = Duplicates()
    recent.open(KEY, packet(ONE), now=0)

    assert recent.find(KEY, ONE, now=KEEP_SECONDS + 1) is None
    recent.open((*KEY[:2], 8, 3), packet(ONE), now=KEEP_SECONDS + 1)
    assert len(recent) == 1


def test_a_flood_of_ports_does_not_grow_it() -> None:
    recent = Duplicates()
    for port in range(3 * MOST_PER_NAS):
        recent.open(("127.66.1.1", port, 7, 3), packet(ONE), now=0)

    assert len(recent) == MOST_PER_NAS
    assert recent.find(("127.66.1.1", 3 * MOST_PER_NAS - 1, 7, 3), ONE, now=1) is not None
