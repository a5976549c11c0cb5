"""Rogue incidents in the store: one for each foreign server, closed when it stays away, kept over a restart."""

from __future__ import annotations

from sqlalchemy import select

from hotspot.sites.model import Sensor
from hotspot.store import Store
from hotspot.tables import incidents
from monitor.rogue import QUIET_LOOKS, Finding, Look, Rogues, Server, of_evidence

SENSORS = (Sensor(site="alun-alun-besar", interface="eth0", dhcp_servers=("10.66.2.1",)),)
LEGAL, ROGUE = Server("10.66.2.1", "10.66.2.1", "02:00:5e"), Server("192.168.1.1", "192.168.1.1", "02:11:22")


def test_each_rogue_is_one_incident_that_closes_when_it_stays_away(either_store: Store) -> None:
    rogues = Rogues(SENSORS)

    def look(at: int, *servers: Server) -> tuple[Finding, ...]:
        with either_store.writing() as connection:
            return rogues.take(connection, Look("eth0", servers), at)

    def rows() -> list[tuple[str, int, int | None]]:
        with either_store.reading() as connection:
            query = select(incidents.c.evidence, incidents.c.opened_at, incidents.c.closed_at).order_by(incidents.c.id)
            return [(of_evidence(text)[0], begun, ended) for text, begun, ended in connection.execute(query)]

    assert look(100, LEGAL) == ()
    assert look(200, LEGAL, ROGUE) == (Finding("alun-alun-besar", "eth0", ROGUE),)
    assert look(300, LEGAL, ROGUE) == (), "the same rogue is the same incident"
    look(400, LEGAL, Server("10.9.9.9"))
    assert rows() == [("192.168.1.1", 200, None), ("10.9.9.9", 400, None)]
    for turn in range(1, QUIET_LOOKS):
        look(400 + turn, LEGAL, Server("10.9.9.9"))
    assert rows() == [("192.168.1.1", 200, 400 + QUIET_LOOKS - 1), ("10.9.9.9", 400, None)]


def test_a_new_monitor_goes_on_with_the_incident_that_it_finds(either_store: Store) -> None:
    for _restart in range(2):
        with either_store.writing() as connection:
            Rogues(SENSORS).take(connection, Look("eth0", (ROGUE,)), 100)

    with either_store.reading() as connection:
        assert len(connection.execute(select(incidents.c.id)).all()) == 1
