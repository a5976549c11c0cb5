"""Each way in on PostgreSQL under the portal's own role: it may do what it needs, and its statements are good there."""

from __future__ import annotations

import re

from argon2 import PasswordHasher
from sqlalchemy import insert

from hotspot.command import Settings
from hotspot.sites import Sites
from hotspot.store import Store
from hotspot.tables import batches, staff, vouchers
from hotspot.vouchers import client_of, code, hash_of
from tests.conftest import FixedClock, as_service
from tests.integration.captive_portal.conftest import MORNING
from tests.integration.captive_portal.ways.conftest import PASSWORD, VOUCHER_KEY, is_let_in, place_on, said, with_ways
from tests.integration.captive_portal.ways.test_letters import write
from tests.peers.provider import Provider


def test_the_portals_own_role_is_enough_for_every_way(
    settings: Settings, town: Sites, postgres_store: Store, clock: FixedClock, there: Provider
) -> None:
    text = code(VOUCHER_KEY, "s", 0)
    with postgres_store.writing() as connection:
        terms = {"label": "x", "devices": 1, "valid_from": 0, "valid_until": 2**40, "created_by": "x", "created_at": 0}
        connection.execute(insert(batches).values(id=1, **terms))
        row = {"batch": 1, "serial": 0, "hash": hash_of(VOUCHER_KEY, text), "client": client_of(VOUCHER_KEY, text)}
        connection.execute(insert(vouchers).values(spent_seconds=0, spent_octets=0, **row))
        hashed = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
        connection.execute(
            insert(staff).values(name="rini", password_hash=hashed, role="network-admin", created_at=int(MORNING))
        )
    place = place_on(settings, with_ways(town, there.url), as_service(postgres_store, "portal"), clock, there)
    flows = [place.flow(f"02:11:22:33:44:{number:02x}") for number in range(5)]
    assert place.connect("voucher", flows[0], code="1").status_code == 403
    assert is_let_in(place.connect("voucher", flows[0], code=text))
    assert is_let_in(place.connect("staff", flows[1], name="rini", password=PASSWORD))
    place.connect("otp", flows[2], number="081234567890")
    assert place.connect("otp", flows[2], code="1").status_code == 403
    assert is_let_in(place.connect("otp", flows[2], code=place.last_code()))
    place.connect("reverse-otp", flows[3])
    page = said(place.client.get("/wait", query_string={"flow": flows[3], "lang": "en"}))
    found = re.search(r"MASUK (\d+)", page)
    assert found
    write(place, found[0])
    assert is_let_in(place.connect("reverse-otp", flows[3]))
    write(place, "LAPOR museum tidak bisa login")
    assert "bernomor 1" in place.provider.asked[-1][2].decode()
    assert is_let_in(place.connect("again", place.flow("02:11:22:33:44:02")))
