"""Staff come in with the office's name and password: one answer for all that is wrong, few hashes at once."""

from __future__ import annotations

import threading
from statistics import median
from time import perf_counter

import pytest
from argon2 import PasswordHasher
from sqlalchemy import update

from captive_portal.ways import guesses
from captive_portal.ways.passwords import AT_ONCE, BoundedPasswords, Crowded
from hotspot import clients
from hotspot.secret import Secret
from hotspot.tables import staff
from tests.integration.captive_portal.conftest import MORNING, SECRETS
from tests.integration.captive_portal.ways.conftest import PASSWORD, Place, is_let_in, said

KEY = Secret(SECRETS["HOTSPOT_GRANT_KEY"])


def test_a_member_of_staff_comes_in_as_one_client_on_any_phone(place: Place, rini: str) -> None:
    assert is_let_in(place.connect("staff", name=" Rini ", password=PASSWORD))
    [grant] = place.grants()
    assert (grant["way"], grant["client"]) == ("staff", clients.of_staff(KEY, rini))


@pytest.mark.parametrize("word", ["p+a&b%c=d %2B #;", "密码-garuda-😀-é", "x" * 200, "tengah\x00nya", "'\" OR 1=1 --"])
def test_a_password_is_taken_as_it_was_typed(place: Place, rini: str, word: str) -> None:
    """Every octet of it: a form is decoded once, and nothing is cut off or mended."""
    hashed = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(word)
    with place.store.writing() as connection:
        connection.execute(update(staff).values(password_hash=hashed))
    for wrong in (word[:-1], f"{word} ", word.replace("+", " "), word.partition("\x00")[0]):
        assert wrong == word or not is_let_in(place.connect("staff", name=rini, password=wrong))
    assert is_let_in(place.connect("staff", name=rini, password=word))


def test_a_wrong_name_a_wrong_password_and_a_disabled_account_get_one_answer(place: Place, rini: str) -> None:
    wrong = said(place.connect("staff", name=rini, password="x"))
    nobody = said(place.connect("staff", place.flow("02:11:22:33:44:56"), name="nobody", password=PASSWORD))
    with place.store.writing() as connection:
        connection.execute(update(staff).values(disabled_at=int(MORNING)))
    disabled = said(place.connect("staff", place.flow("02:11:22:33:44:57"), name=rini, password=PASSWORD))
    assert "Name or password is not right" in wrong
    assert wrong == nobody == disabled
    assert place.grants() == []


def test_a_name_is_throttled_whoever_tries_it(place: Place, rini: str) -> None:
    for number in range(guesses.LIMITS["name"]):
        place.connect("staff", place.flow(f"02:11:22:33:55:{number:02x}"), name=rini, password="x")
    assert place.connect("staff", place.flow("02:11:22:33:66:01"), name=rini, password=PASSWORD).status_code == 429
    other = place.connect("staff", place.flow("02:11:22:33:66:02"), name="budi", password="x")
    assert other.status_code == 403


def test_a_name_that_nobody_has_takes_as_long_as_one_that_somebody_has() -> None:
    passwords = BoundedPasswords(PasswordHasher(time_cost=2, memory_cost=8192, parallelism=1))
    stored = PasswordHasher(time_cost=2, memory_cost=8192, parallelism=1).hash(PASSWORD)

    def seconds(hashed: str | None) -> float:
        began = perf_counter()
        assert not passwords.verify(hashed, "wrong")
        return perf_counter() - began

    passwords.verify(None, "x")
    pairs = [(seconds(stored), seconds(None)) for _ in range(9)]
    ratio = median(known for known, _ in pairs) / median(nobody for _, nobody in pairs)
    assert 0.5 < ratio < 2


def test_not_more_than_two_passwords_are_checked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("captive_portal.ways.passwords.PATIENCE", 0.05)
    held, entered = threading.Event(), threading.Semaphore(0)

    class Slow(PasswordHasher):
        def verify(self, *_: object) -> bool:  # type: ignore[override]
            entered.release()
            return held.wait(5)

    passwords = BoundedPasswords(Slow())
    threads = [threading.Thread(target=passwords.verify, args=("h", "p")) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
        entered.acquire()
    with pytest.raises(Crowded):
        passwords.verify("h", "p")
    held.set()
    for thread in threads:
        thread.join()
    assert passwords.verify("h", "p")
