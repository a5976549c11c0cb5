"""From a line on the sensors' socket to an incident in the store, and back when the rogue has gone."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from sqlalchemy import select

from hotspot.metrics import page_of
from hotspot.sites import Sites
from hotspot.sites.model import Sensor
from hotspot.store import Store
from hotspot.tables import incidents
from monitor import watch
from monitor.rogue import QUIET_LOOKS
from monitor.sensors import Sensors

SENSOR = Sensor(site="alun-alun-besar", interface="s0", dhcp_servers=("10.66.2.1",))


async def look(path: Path, *servers: str) -> None:
    said = {"probe": "dhcp", "interface": "s0"}
    found = [{"server": one, "router": one, "maker": "02:11:22"} for one in servers]
    _reader, writer = await asyncio.open_unix_connection(path)
    writer.write(json.dumps({**said, "servers": found}).encode() + b"\n")
    writer.write_eof()
    await _reader.read()
    writer.close()


async def until(sensors: Sensors, count: int) -> None:
    async with asyncio.timeout(60):
        while sensors.open != count:  # noqa: ASYNC110 - the count is what a scrape would see
            await asyncio.sleep(0.02)


def test_a_rogue_opens_one_incident_that_closes_when_it_has_gone(
    sites: Sites, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "may_look", lambda: False)
    town = sites.model_copy(update={"sensors": (SENSOR,)})
    path = tmp_path / "sensor.sock"

    said: list[str] = []

    async def story() -> str:
        sensors = Sensors(town, store, tmp_path, lambda: 1000.0, said.append)
        await sensors.start()
        for _ in range(2):
            await look(path, "10.66.2.1", "192.168.9.1")
        await until(sensors, 1)
        page = page_of(sensors.families()).decode()
        await sensors.stop()
        again = Sensors(town, store, tmp_path, lambda: 2000.0, said.append)
        await again.start()
        assert again.open == 1, "a new monitor knows what is open"
        for _ in range(QUIET_LOOKS):
            await look(path, "10.66.2.1")
        await until(again, 0)
        await again.stop()
        return page

    page = asyncio.run(story())

    assert 'hotspot_sensor_last_success_timestamp_seconds{site="alun-alun-besar"} ' in page
    with store.reading() as connection:
        rows = connection.execute(select(incidents.c.cause, incidents.c.subject, incidents.c.closed_at)).all()
    assert [tuple(row) for row in rows] == [("rogue-dhcp", "alun-alun-besar", 2000)]
    assert [text.split(" sejak")[0] for text in said] == ["Ada server DHCP asing di Alun-alun Besar Purworejo"]
