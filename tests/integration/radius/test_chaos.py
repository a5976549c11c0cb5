"""Ten kills, five on each database, of what ``make chaos`` does two hundred times: nothing acknowledged is lost."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from hotspot.tables import sessions, usage_hours
from tests.chaos.__main__ import free_ports
from tests.chaos.away import locked, refusing
from tests.chaos.evidence import findings
from tests.chaos.fleet import INPUT
from tests.chaos.trial import trial
from tests.integration.radius.conftest import Town


def test_kills_under_load_with_a_database_that_comes_and_goes_lose_nothing(
    idle_town: Town, request: pytest.FixtureRequest
) -> None:
    store = idle_town.store
    away = locked(store) if store.is_sqlite else refusing(store, request.getfixturevalue("postgres_url"))

    result = trial(idle_town, "five", ports=free_ports(), kills=5, away=away, seed=4)

    assert (result.lost, result.crashes, result.injected) == (0, 0, 5)
    assert result.acknowledged  # how many depends on the machine; that none of them is lost does not
    _see_what_is_missing(idle_town)


def _see_what_is_missing(town: Town) -> None:
    """Otherwise the comparison could not fail."""
    with town.store.reading() as connection:
        stays = list(connection.execute(select(sessions.c.acct_session_id)).scalars())
    told = {(stay, kind) for stay in stays for kind in ("start", "stop")}
    with town.store.writing() as connection:
        connection.execute(update(sessions).values(address=None, stop_cause=None))
        connection.execute(update(usage_hours).values(input_octets=usage_hours.c.input_octets + INPUT))

    found = findings(town, told)

    assert sum(one.startswith("missing: the start of") for one in found) == len(stays)
    assert sum(one.startswith("missing: the stop of") for one in found) == len(stays)
    assert any(one.startswith("miscounted") for one in found)
