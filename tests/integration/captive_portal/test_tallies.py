"""The funnel in the store: each step of a visit as a sum, added to by every worker, none of it a person's."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from captive_portal.tallies import Scribe
from hotspot.command import Settings
from hotspot.sites import Sites
from hotspot.store import Store
from hotspot.tables import portal_tallies
from office.gather.funnel import funnel
from tests.conftest import FixedClock, as_service
from tests.integration.captive_portal.conftest import MORNING, Portal, mikrotik, portal_on
from tests.integration.captive_portal.test_status import began, promised, tapped

PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 10; wv) Chrome/120"}


@pytest.fixture
def portal(settings: Settings, town: Sites, either_store: Store, clock: FixedClock) -> Portal:
    return portal_on(settings, town, either_store, clock)


def written(portal: Portal) -> dict[tuple[str, str], int]:
    with portal.store.reading() as connection:
        rows = connection.execute(select(portal_tallies)).all()
    assert {row.hour for row in rows} <= {int(MORNING) // 3600 * 3600}
    return {(row.what, row.kind): row.number for row in rows}


def test_each_step_of_a_visit_is_counted_once_by_family(portal: Portal) -> None:
    scribe = Scribe(as_service(portal.store, "portal"), portal.sites, portal.clock, portal.app.funnel)
    portal.client.environ_base["HTTP_USER_AGENT"] = PHONE["User-Agent"]
    grant = tapped(portal, mikrotik())
    portal.client.get(mikrotik(), headers={"User-Agent": "CaptiveNetworkSupport-1 wispr"})
    scribe.write()
    seen = {("page", "android-window"): 1, ("submit", "android-window"): 1, ("probe", "apple"): 1}
    assert written(portal) == seen
    promised(portal, grant)
    scribe.write()
    began(portal, grant)
    scribe.write()
    scribe.write()
    assert written(portal) == seen | {
        ("accept", "android-window"): 1,
        ("traffic", "android-window"): 1,
        ("way-in", "0"): 1,
    }
    portal.arrive(mikrotik())
    scribe.write()
    assert written(portal)["page", "android-window"] == 2


def test_the_office_reads_the_steps_that_the_portal_wrote(portal: Portal) -> None:
    """Under its own role, and by the same words."""
    scribe = Scribe(as_service(portal.store, "portal"), portal.sites, portal.clock, portal.app.funnel)
    for number in range(3):
        portal.client.get(mikrotik(f"02:00:00:00:00:{number:02x}"), headers=PHONE)
    portal.client.get(mikrotik(), headers={"User-Agent": "CaptiveNetworkSupport-1 wispr"})
    grant = tapped(portal, mikrotik())
    began(portal, grant)
    scribe.write()
    with as_service(portal.store, "office").reading() as connection:
        seen = funnel(connection, "alun-alun-besar", int(MORNING) - 3600)
    assert (seen.arrived, seen.agreed, seen.online) == (4, 1, 1)  # a check of a phone is nobody who arrived


def test_what_could_not_be_written_is_counted_with_the_next(portal: Portal) -> None:
    if not portal.store.is_sqlite:
        return
    scribe = Scribe(portal.store, portal.sites, portal.clock, portal.app.funnel)
    portal.client.get("/go/laman")
    with portal.store.writing() as connection:
        connection.execute(text("ALTER TABLE portal_tallies RENAME TO gone"))
    scribe.write()
    with portal.store.writing() as connection:
        connection.execute(text("ALTER TABLE gone RENAME TO portal_tallies"))
    scribe.write()
    assert written(portal) == {("service", "laman"): 1}
