"""Every page and form of the portal under its own PostgreSQL role, which may do no more than the tables page says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import DBAPIError

from captive_portal.app import store_is_away
from hotspot.command import Settings
from hotspot.sites import Sites
from hotspot.store import Store
from hotspot.tables import grants, sessions
from tests.conftest import FixedClock, as_service
from tests.integration.captive_portal.conftest import MIKROTIK, Portal, coova, mikrotik, nds, portal_on
from tests.integration.captive_portal.test_help import form
from tests.integration.captive_portal.test_status import began, promised


@pytest.fixture
def own(either_store: Store) -> Iterator[Store]:
    store = as_service(either_store, "portal")
    yield store
    if store is not either_store:
        store.close()


@pytest.fixture
def portal(settings: Settings, town: Sites, own: Store, clock: FixedClock) -> Portal:
    return portal_on(settings, town, own, clock)


def test_a_whole_visit_needs_no_more_than_the_portals_own_role(portal: Portal, either_store: Store) -> None:
    for address in (mikrotik(), coova(mac="02-00-00-00-00-02"), nds(mac="02:00:00:00:00:03")):
        portal.tap(portal.flow(address))
    with portal.store.reading() as connection:
        grant = str(connection.execute(select(grants.c.id).where(grants.c.nas == MIKROTIK)).scalar_one())
    portal.store, own = either_store, portal.store  # what RADIUS writes is not the portal's to write
    promised(portal, grant)
    began(portal, grant)
    portal.store = own
    assert 'id="online"' in portal.client.get(f"/status?grant={grant}").text
    for path in (
        "/",
        "/services",
        "/notice",
        "/complaints",
        f"/my-data?grant={grant}",
        f"/api/captive/{MIKROTIK}/{grant}",
    ):
        assert portal.client.get(path).status_code == 200, path
    filed = portal.client.post("/complaints", data=form(portal))
    assert portal.client.get(filed.headers["Location"]).status_code == 200
    assert store_is_away(portal.store) is None
    if not portal.store.is_sqlite:
        with pytest.raises(DBAPIError, match="permission denied"), portal.store.writing() as connection:
            connection.execute(delete(sessions))
