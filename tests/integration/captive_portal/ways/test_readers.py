"""What anybody may try to read by a code: one's data by the return code, a report by its number and key."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from captive_portal.ways import memory
from captive_portal.ways.guesses import LIMITS, WINDOW
from captive_portal.ways.memory import Known
from hotspot.secret import Secret
from hotspot.tables import erasures, guesses
from tests.integration.captive_portal.conftest import MORNING, SECRETS
from tests.integration.captive_portal.ways.conftest import Place, is_let_in, said

KEY = Secret(SECRETS["HOTSPOT_GRANT_KEY"])
ELSEWHERE = {"X-Forwarded-For": "192.0.2.77"}
UNKNOWN = "AAAAAA"


@pytest.fixture
def code(place: Place) -> str:
    """The return code of a visitor who came in with one tap."""
    assert is_let_in(place.connect("tap"))
    [grant] = place.grants()
    with place.store.writing() as connection:
        known = Known(grant["client"], grant["way"])
        shown = memory.show_code(connection, KEY, grant["id"], known, now=MORNING, until=int(MORNING) + 86400)
    return str(shown)


def asked(place: Place, code: str, path: str = "/my-data/code", **headers: str) -> TestResponse:
    return place.client.post(path, data={"code": code, "lang": "en"}, headers={**headers})


def spent(place: Place) -> int:
    with place.store.reading() as connection:
        return sum(connection.execute(select(guesses.c.spent)).scalars())


def test_a_return_code_shows_and_deletes_all_of_its_visitor(place: Place, code: str) -> None:
    page = asked(place, f" {code[:3].lower()} {code[3:]}")
    assert page.status_code == 200
    for words in ("with this return code", "Your tap", "Notice accepted", "is remembered", "Your return code"):
        assert words in said(page)
    assert spent(place) == 0
    done = asked(place, code, "/my-data")
    assert "/my-data/receipt/" in done.headers["Location"]
    with place.store.reading() as connection:
        assert connection.execute(select(erasures.c.client)).scalar_one() == place.grants()[0]["client"]
    assert asked(place, code).status_code == 403  # forgotten from this moment on


def test_a_code_stands_in_no_address(place: Place, code: str) -> None:
    assert place.client.get("/my-data", query_string={"code": code, "lang": "en"}).text.count("Your tap") == 0
    assert all(code not in address for address in re.findall(r'(?:href|action)="([^"]*)"', asked(place, code).text))


def test_every_wrong_code_gets_one_answer_and_deletes_nothing(place: Place, code: str) -> None:
    lies = ("AAAAAB", "x" * 5000, "٣٣٣", "a\x00b", "' OR 1=1 --", f"{code}A", "<b>")
    shown = {re.sub(r"\d+ more tr(y|ies)", "", said(asked(place, lie))) for lie in lies}
    deleted = {re.sub(r"\d+ more tr(y|ies)", "", said(asked(place, lie, "/my-data"))) for lie in lies}
    assert len(shown) == 1
    assert deleted == shown
    with place.store.reading() as connection:
        assert connection.execute(select(erasures)).first() is None


def test_a_reader_has_twenty_guesses_and_closes_the_door_to_nobody_else(place: Place, code: str) -> None:
    answers = [asked(place, UNKNOWN) for _ in range(LIMITS["reader"] + 1)]
    assert [answer.status_code for answer in answers] == [403] * LIMITS["reader"] + [429]
    assert "19 more tries" in said(answers[0])
    assert "You may try again at 10:48 WIB" in said(answers[-1])
    assert asked(place, code).status_code == 429
    assert asked(place, code, "/my-data").status_code == 429
    assert asked(place, code, **ELSEWHERE).status_code == 200
    assert is_let_in(place.connect("code", place.flow("02:00:00:00:00:09"), code=code))
    place.clock.at += WINDOW + 1
    assert asked(place, code).status_code == 200


def filed(place: Place) -> str:
    nonce = re.search(r'name="nonce" value="([^"]+)"', place.client.get("/complaints").text)
    assert nonce
    form = {"site": "alun-alun-besar", "text": "Tidak ada sinyal", "nonce": nonce[1], "lang": "en"}
    return place.client.post("/complaints", data=form).headers["Location"]


def test_a_report_is_looked_up_no_oftener_than_a_code_is_guessed(place: Place) -> None:
    own = filed(place)
    number = own.split("?")[0]
    wrong = [f"{number}?key={UNKNOWN}&lang=en", "/complaints/999?key=AAAAAA&lang=en", f"{number}?lang=en"]
    answers = [place.client.get(wrong[turn % 3]) for turn in range(LIMITS["reader"])]
    assert {answer.status_code for answer in answers} == {404}
    assert len({re.sub(r"\d+ more tr(y|ies)", "", said(answer)) for answer in answers}) == 1
    assert (place.client.get(own).status_code, "Too many tries" in said(place.client.get(own))) == (429, True)
    assert place.client.get(own, headers=ELSEWHERE).status_code == 200


def test_reading_ones_own_report_costs_no_try(place: Place) -> None:
    own = filed(place)
    assert {place.client.get(own).status_code for _ in range(LIMITS["reader"] + 2)} == {200}
    assert spent(place) == 0
