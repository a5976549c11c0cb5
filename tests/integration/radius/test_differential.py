"""The same stories to Debian's FreeRADIUS 3.2 with its own SQL and to us: ours are true, and docs say how both end."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.integration.radius.conftest import Town
from tests.integration.radius.stories import DIFFERENTIAL, HOUSE, SQUARE, Row, Story
from tests.integration.radius.telling import Teller, teller, truth
from tests.peers.freeradius_sql import FreeRadiusSql, freeradius_sql

PAGE = ROOT / "docs" / "accounting.md"
HEAD = "| Story | What happens | True, and ours | FreeRADIUS 3.2.1 with SQLite |\n|---|---|---|---|\n"


@pytest.fixture(scope="module")
def ours(town: Town) -> Iterator[Teller]:
    with teller(town) as found:
        yield found


@pytest.fixture(scope="module")
def server(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FreeRadiusSql]:
    secrets = {town.sites.nas[nas].address: town.secret(nas) for nas in (SQUARE, HOUSE)}
    with freeradius_sql(Path(tmp_path_factory.mktemp("freeradius")), secrets) as running:
        yield running


@pytest.mark.parametrize("number", sorted(DIFFERENTIAL))
def test_we_book_what_is_true_in_the_order_of_the_story_and_in_any_other(ours: Teller, number: str) -> None:
    story = DIFFERENTIAL[number]
    chance = random.Random(number)

    assert ours.ours(ours.tell(story)) == truth(story)
    assert ours.unanswered == 0
    for _ in range(4):
        told = [*story.told, chance.choice(story.told)]
        chance.shuffle(told)
        assert ours.ours(ours.tell(story, told)) == truth(story), told
        assert ours.unanswered == 0


def test_the_page_shows_what_freeradius_makes_of_the_same_packets(town: Town, server: FreeRadiusSql) -> None:
    with teller(town, server.acct) as theirs:
        lines = [_line(number, story, theirs, server) for number, story in DIFFERENTIAL.items()]
    table = HEAD + "".join(lines)

    assert table in PAGE.read_text(), f"put this table into {PAGE}:\n{table}"


def _line(number: str, story: Story, theirs: Teller, server: FreeRadiusSql) -> str:
    made = theirs.theirs(server, theirs.tell(story))
    silence = f"; {theirs.unanswered} not acknowledged" if theirs.unanswered else ""
    verdict = ("the same" if made == truth(story) else _words(made)) + silence
    return f"| {number} | {story.name} | {_words(truth(story))} | {verdict} |\n"


def _words(rows: list[Row]) -> str:
    return "; ".join(
        f"{_time(row.started)} to {'open' if row.stopped is None else _time(row.stopped)}, {row.seconds} s, "
        f"up {row.up}, down {row.down}"
        for row in rows
    )


def _time(seconds: int) -> str:
    return f"{seconds}" if abs(seconds) < 100_000 else "another year"
