"""The login's decisions: what a cookie is worth, where it may lead, which passwords are taken."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hotspot.command import OperatorError
from hotspot.passwords import Passwords
from office.accounts import Account, is_name
from office.addresses import local_path
from office.passwords import weakness
from office.roles import Role
from office.staff import ask_password
from office.staff_sessions import IDLE, LASTS, StaffSession, holds
from office.throttle import buckets

ANI = Account("ani", "hash-of-ani", Role.ADMIN)
LOGIN = StaffSession("hash", "ani", began_at=1000, seen_at=1000, ends_at=1000 + LASTS, ended_at=None)


def test_a_login_holds_for_twelve_hours_and_not_a_second_longer() -> None:
    used = replace(LOGIN, seen_at=1000 + LASTS - 10)

    assert holds(used, ANI, 1000 + LASTS - 1)
    assert not holds(used, ANI, 1000 + LASTS)


def test_a_login_that_nobody_uses_ends_after_two_hours() -> None:
    assert holds(LOGIN, ANI, 1000 + IDLE - 1)
    assert not holds(LOGIN, ANI, 1000 + IDLE)


def test_a_login_from_the_future_does_not_hold() -> None:
    assert not holds(LOGIN, ANI, 999)


def test_a_disabled_account_loses_its_login() -> None:
    assert not holds(LOGIN, replace(ANI, disabled=True), 1001)


def test_a_login_that_was_ended_does_not_hold() -> None:
    assert not holds(replace(LOGIN, ended_at=1000), ANI, 1001)


def test_a_cookie_without_a_login_or_an_account_holds_nothing() -> None:
    assert not holds(None, ANI, 1001)
    assert not holds(LOGIN, None, 1001)


@pytest.mark.parametrize("asked", ["/sites/alun-alun-besar", "/?still=1", "/complaints"])
def test_a_login_leads_back_to_the_page_that_asked_for_it(asked: str) -> None:
    assert local_path(asked) == asked


@pytest.mark.parametrize(
    "asked", ["", "https://evil.example/", "//evil.example", r"\\evil.example", r"/\evil.example", "javascript:1", "x"]
)
def test_a_login_never_leads_to_another_server(asked: str) -> None:
    assert local_path(asked) == "/"


def test_a_password_fits_only_itself() -> None:
    passwords = Passwords()
    stored = passwords.hash("kuda hijau baterai")

    assert stored.startswith("$argon2id$")
    assert passwords.verify(stored, "kuda hijau baterai")
    assert not passwords.verify(stored, "kuda hijau bateraI")
    assert not passwords.verify("not a hash", "kuda hijau baterai")


def test_a_name_without_an_account_costs_the_same_verification_and_never_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    passwords = Passwords()
    verified: list[str] = []

    class Spy:
        def verify(self, stored: str, _password: str) -> bool:
            verified.append(stored)
            return True

    monkeypatch.setattr(passwords, "_hasher", Spy())

    assert not passwords.verify(None, "anything at all")
    assert len(verified) == 1
    assert verified[0].startswith("$argon2id$")


@pytest.mark.parametrize("password", ["short", "elevenchars", "aaaaaaaaaaaaaa", "ani-ani-ani-2026", "x" * 300])
def test_weak_passwords_are_refused_with_a_reason(password: str) -> None:
    assert weakness(password, "ani")


def test_a_password_of_twelve_characters_is_taken() -> None:
    assert weakness("kuda-hijau-9", "ani") is None


@pytest.mark.parametrize("name", ["Ani", "a", "", "ani putri", "9ani", "ani\n", "a" * 65])
def test_what_is_no_account_name(name: str) -> None:
    assert not is_name(name)


def test_the_throttle_keeps_names_and_addresses_apart_and_hides_them() -> None:
    rows = buckets(b"key", "ani", "192.0.2.7")

    assert rows != buckets(b"other key", "ani", "192.0.2.7")
    assert len(set(rows.values())) == 3
    assert all(0 <= row < 3 * 2**16 for row in rows.values())


def test_at_a_terminal_a_password_is_asked_twice_and_both_must_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter(["kuda hijau baterai", "kuda hijau baterai", "kuda hijau baterai", "kuda hijau bateraI"])
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(typed))

    assert ask_password("ani") == "kuda hijau baterai"
    with pytest.raises(OperatorError, match="the two passwords differ; nothing was changed"):
        ask_password("ani")


class Terminal:
    """Standard input as a person has it."""

    def isatty(self) -> bool:
        return True
