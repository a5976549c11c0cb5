"""One question a visit: answered once, kept without the visitor, and only for a visit that took place."""

from __future__ import annotations

import os
import re

import pytest
from sqlalchemy import select

from captive_portal.opinion import ELEMENTS, element_of
from hotspot.grants import new_id
from hotspot.tables import ikm_answers
from tests.integration.captive_portal.conftest import MORNING, Portal
from tests.integration.captive_portal.test_status import began, grant, page, promised

__all__ = ["grant"]


def answers(portal: Portal) -> list[tuple[str, str, int, int]]:
    columns = (ikm_answers.c.site, ikm_answers.c.question, ikm_answers.c.grade, ikm_answers.c.given_at)
    with portal.store.reading() as connection:
        return [tuple(row) for row in connection.execute(select(*columns))]


def say(portal: Portal, visit: str, grade: str) -> str:
    return portal.client.post("/opinion", data={"grant": visit, "grade": grade, "lang": "en"}).headers["Location"]


def test_the_connected_page_asks_one_question_with_four_answers(portal: Portal, grant: str) -> None:
    promised(portal, grant)
    began(portal, grant)
    text = page(portal, grant)

    assert text.count('action="/opinion"') == 1
    assert re.findall(r'name="grade" value="(\d)"', text) == ["4", "3", "2", "1"]


def test_an_answer_is_kept_once_and_leads_to_nobody(portal: Portal, grant: str) -> None:
    promised(portal, grant)
    began(portal, grant)
    assert say(portal, grant, "3").startswith(f"/status?grant={grant}&thanked=1")
    say(portal, grant, "1")

    assert answers(portal) == [("alun-alun-besar", str(element_of(grant)), 3, int(MORNING))]
    with portal.store.reading() as connection:
        kept = connection.execute(select(ikm_answers.c.visit)).scalar_one()
    assert grant not in kept
    assert 'id="thanked"' in page(portal, grant, "&thanked=1")


@pytest.mark.parametrize("grade", ["0", "5", "x", ""])
def test_another_grade_is_no_answer(portal: Portal, grant: str, grade: str) -> None:
    promised(portal, grant)
    began(portal, grant)
    say(portal, grant, grade)

    assert answers(portal) == []


def test_who_was_never_let_in_and_who_is_unknown_have_no_say(portal: Portal, grant: str) -> None:
    say(portal, grant, "4")
    say(portal, new_id(os.urandom(32)), "4")

    assert answers(portal) == []


def test_every_element_has_its_turn() -> None:
    found = [element_of(new_id(os.urandom(32))) for _ in range(2000)]

    assert {*found} == {*range(1, ELEMENTS + 1)}
    assert max(map(found.count, range(1, ELEMENTS + 1))) < 320
