"""A backup restored elsewhere gives the same figures and opens the same doors, and brings nobody's address back."""

from __future__ import annotations

import contextlib
import io
import itertools
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import Connection, func, insert, select

import hotspot.__main__
import office.__main__
import office.report.__main__
from hotspot import tables
from hotspot.backup.archive import unseal
from hotspot.backup.content import AUDIT_ANCHOR, EMPTIED, LEFT_OUT
from hotspot.nightly import job
from hotspot.nightly.step import Task
from hotspot.pseudonym import KeyDestroyed, KeyRing, commitment
from hotspot.secret import Secret
from hotspot.store import Store, open_store
from office import accounts
from tests import rows
from tests.conftest import fresh_database
from tests.integration.office import town
from tests.peers.house import House, build

EVENING = "2026-11-24T19:30:00+07:00"
MONTH = "2026-11"
TODAY, THIS_MONTH, BEFORE = "day-2026-11-24", "month-2026-11", "day-2026-11-22"
OF_ITS_OWN = {"nightly_runs", "pseudonym_keys", *LEFT_OUT}  # what a restore adds to, and what is not in a backup
VOUCHER = "5" * 32
COMMANDS = {
    "hotspot": hotspot.__main__.main,
    "hotspot-office": office.__main__.main,
    "hotspot-report": office.report.__main__.main,
}


@dataclass(frozen=True)
class Place:
    """Where a house is, or shall be."""

    environ: dict[str, str]

    def run(self, *words: str, code: int = 0) -> str:
        """What a command says on the output that fits its exit code, which is checked."""
        said = {name: io.TextIOWrapper(io.BytesIO(), write_through=True) for name in ("out", "err")}
        with (
            patch.dict(os.environ, self.environ, clear=True),
            contextlib.redirect_stdout(said["out"]),
            contextlib.redirect_stderr(said["err"]),
        ):
            ended = COMMANDS[words[0]](words[1:])
        texts = {name: (one.seek(0), one.read())[1] for name, one in said.items()}
        assert ended == code, texts
        return texts["err" if code else "out"]

    @property
    def ring(self) -> KeyRing:
        return KeyRing(Path(self.environ["HOTSPOT_STATE"]) / "keys")

    def store(self) -> Store:
        return open_store(self.environ["HOTSPOT_DATABASE"])


@dataclass(frozen=True)
class Kept:
    """A house that was backed up, its figures of then, the file, and a maker of empty places."""

    home: House
    place: Place
    figures: str
    file: Path
    empty_place: Callable[..., Place]


@pytest.fixture(params=["sqlite", "postgresql"], scope="module")
def kept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """An evening with people online, after the hourly job; the key is made, a backup written."""
    numbers = itertools.count()

    def database(folder: Path) -> dict[str, str]:
        if request.param == "sqlite":
            return {"HOTSPOT_DATABASE": f"sqlite:///{folder}/hotspot.db"}
        server = request.getfixturevalue("postgres_url")
        return {"HOTSPOT_DATABASE": fresh_database(server, f"backup{next(numbers)}")}

    folder = tmp_path_factory.mktemp("kept")
    home = build(folder, at=EVENING, rate=0, environ=database(folder))
    place = Place(home.environ)
    with home.store() as store:
        town.fill(store, home.sites, home.now())
        with store.writing() as connection:
            its_people(connection, home, place.ring)
            accounts.create(connection, "ani", town.QUICK.hash("kuda hijau baterai"), home.now())
        for _, step in job.STEPS:
            step(Task(store, home.sites, place.ring, int(home.now())))
    key = place.run("hotspot", "backup", "--new-key").split()[0]

    def empty_place(**more: str) -> Place:
        where = tmp_path_factory.mktemp("new")
        settings = {"HOTSPOT_STATE": str(where), "HOTSPOT_SITES": str(where / "sites.yaml"), "HOTSPOT_BACKUP_KEY": key}
        return Place(home.environ | settings | database(where) | more)

    made = place.run("hotspot", "backup")
    return Kept(home, place, place.run("hotspot-report", "--month", MONTH), Path(made.split()[0]), empty_place)


def its_people(connection: Connection, home: House, ring: KeyRing) -> None:
    """A visit of an hour ago, one with a voucher, a grant, and days whose keys live or have had their time."""
    for period in (TODAY, BEFORE):
        row = {"period": period, "commitment": commitment(ring.get(period)), "born_at": int(home.now())}
        connection.execute(insert(tables.pseudonym_keys), row)
    visit = rows.session("alun-alun-besar", "2026-11-24T18:00", "2026-11-24T18:30", mac=town.MAC)
    paper = rows.session("alun-alun-besar", "2026-11-24T18:00", "2026-11-24T18:30", way="voucher", client=VOUCHER)
    connection.execute(insert(tables.sessions), [visit, paper])
    connection.execute(insert(tables.grants), rows.grant_of(visit))


def content(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Every table that a backup keeps, without the columns that it empties."""
    found = {}
    with store.reading() as connection:
        for table in tables.metadata.tables.values():
            if table.name not in OF_ITS_OWN:
                columns = [one for one in table.columns if one.name not in EMPTIED.get(table.name, ())]
                found[table.name] = sorted((tuple(row) for row in connection.execute(select(*columns))), key=repr)
    return found


def test_a_restored_house_has_the_same_figures_and_every_row_that_was_kept(kept: Kept) -> None:
    new = kept.empty_place()
    new.run("hotspot", "restore", str(kept.file))

    assert new.run("hotspot-report", "--month", MONTH) == kept.figures
    with kept.home.store() as before:
        was = content(before)
    after = new.store()
    assert content(after) == was
    with after.writing() as connection:  # numbers go on where they were, not from one again
        connection.execute(
            insert(tables.sessions), rows.session("alun-alun-besar", "2026-11-24T19:00", "2026-11-24T19:10")
        )
    after.close()
    assert "the chain is whole" in new.run("hotspot-office", "verify-audit")
    assert "fine" in new.run("hotspot-office", "--check")


def test_no_address_and_no_pseudonym_key_is_in_it(kept: Kept, tmp_path: Path) -> None:
    """Searched where it is in clear: the unsealed files, database pages and all."""
    key = Secret(kept.home.secrets.read("backup-key").reveal())
    about = unseal(kept.file, key, tmp_path)
    files = {str(one.relative_to(tmp_path)): one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()}
    ring = kept.place.ring

    assert set(about.files) | {"about.json"} == set(files)
    assert not [name for name in files if name.startswith("keys") or name.endswith("backup-key")]
    living = [ring.get(period) for period in ring.periods()]
    assert len(living) == 2  # today's and this month's; the day before yesterday's ended with the hourly job
    secret = [town.MAC.encode(), town.ADDRESS.encode(), key.octets, *living]
    assert [(name, word) for name, octets in files.items() for word in secret if word in octets] == []
    assert any(VOUCHER.encode() in octets for octets in files.values())
    assert oct(kept.file.stat().st_mode & 0o777) == "0o600"
    assert not list(kept.home.state.glob(".backup-*"))


def test_keys_that_ended_stay_ended_and_a_lost_one_is_closed_in_the_log(kept: Kept) -> None:
    new = kept.empty_place()
    new.run("hotspot", "restore", str(kept.file))

    with pytest.raises(KeyDestroyed):
        new.ring.get(BEFORE)
    assert new.ring.get(TODAY) != kept.place.ring.get(TODAY)
    store = new.store()
    with store.reading() as connection:
        log = {row.period: row for row in connection.execute(select(tables.pseudonym_keys))}
        marks = connection.execute(select(func.count()).select_from(tables.device_months)).scalar_one()
    store.close()
    assert log[f"{TODAY}.1"].commitment == commitment(kept.place.ring.get(TODAY))
    assert log[f"{TODAY}.1"].destroyed_at == int(kept.home.now())
    assert log[BEFORE].destroyed_at is not None
    assert marks > 0  # whose MACs stayed behind was noted before


def test_where_only_the_database_was_lost_the_keys_go_on(kept: Kept) -> None:
    """The state folder is still there, its keys too, and they are the ones that the log names."""
    new = kept.empty_place(HOTSPOT_STATE=str(kept.home.state), HOTSPOT_SITES=str(kept.home.sites_file))
    before = kept.place.ring.get(TODAY)
    anchor = kept.home.state / AUDIT_ANCHOR
    anchor.write_text("knows what came after the backup")
    new.run("hotspot", "restore", str(kept.file))

    assert new.ring.get(TODAY) == before
    assert not anchor.exists()
    [aside] = kept.home.state.glob(f"{AUDIT_ANCHOR}.before-*")
    aside.unlink()
    store = new.store()
    with store.reading() as connection:
        periods = set(connection.execute(select(tables.pseudonym_keys.c.period)).scalars())
    store.close()
    assert not [period for period in periods if "." in period]


def test_nothing_is_overwritten(kept: Kept) -> None:
    refused = kept.place.run("hotspot", "restore", str(kept.file), code=1)
    assert "a restore overwrites nothing" in refused

    new = kept.empty_place()
    folder = Path(new.environ["HOTSPOT_STATE"]) / "secrets"
    folder.mkdir()
    (folder / "office-key").write_text("another one\n")
    (folder / "office-key").chmod(0o600)
    assert "the office-key in" in new.run("hotspot", "restore", str(kept.file), code=1)
    assert (folder / "office-key").read_text() == "another one\n"


def test_a_running_house_is_left_alone(kept: Kept) -> None:
    with kept.home.service("office"):
        refused = kept.place.run("hotspot", "restore", str(kept.file), code=1)

    assert "still running: office" in refused
    assert "systemctl stop hotspot-office" in refused


def test_a_damaged_backup_and_another_key_are_noticed_before_anything_is_done(kept: Kept, tmp_path: Path) -> None:
    new = kept.empty_place()
    assert "is whole" in new.run("hotspot", "restore", "--check", str(kept.file))
    broken = tmp_path / "broken.backup"
    octets = bytearray(kept.file.read_bytes())
    octets[-1] ^= 1
    broken.write_bytes(octets)

    assert "damaged or cut off" in new.run("hotspot", "restore", str(broken), code=1)
    other = kept.empty_place(HOTSPOT_BACKUP_KEY="not this one")
    assert "does not open with this backup-key" in other.run("hotspot", "restore", str(kept.file), code=1)
    assert "is no backup at" in other.run("hotspot", "restore", str(tmp_path / "none"), code=1)
    assert not list(Path(new.environ["HOTSPOT_STATE"]).rglob("secrets/*"))


def test_older_backups_go_and_files_of_others_stay(kept: Kept, tmp_path: Path) -> None:
    names = ("hotspot-2026-11-01T000000Z.backup", "hotspot-2026-11-20T000000Z.backup", "hotspot-notes.backup")
    for name in names:
        (tmp_path / name).touch()
    said = kept.place.run("hotspot", "backup", "--to", str(tmp_path), "--keep", "14")

    assert "1 older ones deleted" in said
    assert {one.name for one in tmp_path.iterdir()} == {*names[1:], "hotspot-2026-11-24T123000Z.backup"}


def test_the_key_is_shown_once_and_missed_in_words(kept: Kept) -> None:
    assert "there is a backup-key already" in kept.place.run("hotspot", "backup", "--new-key", code=1)
    bare = kept.empty_place(HOTSPOT_BACKUP_KEY="", HOTSPOT_SITES=str(kept.home.sites_file))
    assert "hotspot backup --new-key" in bare.run("hotspot", "backup", code=1)
