"""The status page from the store to the file."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import insert

from hotspot.sites import Sites
from hotspot.store import Store
from hotspot.tables import intervals, states
from monitor.status.publish import gather, publish

NOW = 1_780_000_000


def test_links_and_gateways_with_their_past_become_files_that_are_whole(
    either_store: Store, sites: Sites, tmp_path: Path
) -> None:
    row = {"kind": "link", "subject": "bruno", "state": "up"}
    with either_store.writing() as connection:
        connection.execute(insert(intervals).values(**row, began_at=NOW - 7200, seen_until=NOW - 30))
        connection.execute(insert(states).values(**row, since=NOW - 7200, detail="{}", changed_at=NOW))

    with either_store.reading() as connection:
        status = gather(connection, sites, NOW)
        old = gather(connection, sites, NOW + 3600)
    publish(status, tmp_path / "status")

    bruno = next(one for one in status.links if one.id == "bruno")
    assert (bruno.name, bruno.state, len(bruno.days), len(status.links), len(status.sites)) == (
        "Bruno",
        "up",
        90,
        16,
        6,
    )
    assert (status.fresh, old.fresh) == (True, False)
    assert sorted(path.name for path in (tmp_path / "status").iterdir()) == ["index.html", "status.json"]
    assert "127.66." not in (tmp_path / "status" / "index.html").read_text()
