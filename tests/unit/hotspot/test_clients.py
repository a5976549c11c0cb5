"""Who is counted is a keyed hash: the same again for the same person, and nothing that can be read or joined."""

from __future__ import annotations

from hotspot import clients
from hotspot.mac import Mac
from hotspot.secret import Secret

KEY, OTHER = Secret("a" * 32), Secret("b" * 32)
PHONE = Mac.parse("02:11:22:00:00:01")


def test_a_phone_is_the_same_client_at_every_visit() -> None:
    assert clients.of_mac(KEY, PHONE) == clients.of_mac(KEY, Mac.parse("02-11-22-00-00-01"))


def test_without_the_key_nobody_can_recompute_a_client() -> None:
    assert clients.of_mac(KEY, PHONE) != clients.of_mac(OTHER, PHONE)


def test_what_is_remembered_of_a_mac_cannot_be_joined_with_its_sessions() -> None:
    assert clients.memory_of(KEY, PHONE) != clients.of_mac(KEY, PHONE)


def test_a_member_of_staff_is_one_client_however_the_name_is_typed() -> None:
    assert clients.of_staff(KEY, "Admin-Uji") == clients.of_staff(KEY, "admin-uji")


def test_a_name_that_looks_like_a_number_is_another_client() -> None:
    assert clients.of_staff(KEY, "+62800000000") != clients.of_number(KEY, "+62800000000")
