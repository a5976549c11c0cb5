"""What each malformed packet comes to here and at Debian's FreeRADIUS: the same, but for what docs/packets.md lists."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from hotspot.store import open_store
from tests.conftest import ROOT
from tests.fuzz.malformed import Known, Odd, faults
from tests.fuzz.opinions import STRICTER_THAN_FREERADIUS, refusal
from tests.fuzz.street import BARE, SEALED, Street, differences, street

PAGE = ROOT / "docs" / "packets.md"
WORDS = {2: "Accept", 3: "Reject", 5: "Response", None: "silence"}
HEAD = "| Port | Fault | Known from | FreeRADIUS 3.2.1 | here |\n|---|---|---|---|---|\n"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Iterator[Street]:
    folder = tmp_path_factory.mktemp("street")
    (folder / "hotspot.db").write_bytes(empty_database.read_bytes())
    database = f"sqlite:///{folder}/hotspot.db"
    store = open_store(database)
    with street(folder, database, store) as found:
        yield found
    store.close()


def _nas(odd: Odd, known: Known) -> str:
    """A NAS that never seals sends what has no seal: the other would be held to it."""
    return BARE if odd.port == "auth" and b"\x50\x12" not in odd.make(known) else SEALED


def test_every_fault_has_the_verdict_of_freeradius_but_for_those_that_the_page_lists(both: Street) -> None:
    odds = list(faults())
    where = [_nas(odd, both.known[SEALED]) for odd in odds]
    found: dict[int, tuple[int | None, int | None]] = {}
    for nas in (BARE, SEALED):
        places = [place for place, one in enumerate(where) if one == nas]
        packets = [(odds[place].make(both.known[nas]), odds[place].port) for place in places]
        pairs = zip(
            both.ask(both.theirs, nas, packets, late=True),
            both.ask(both.ours, nas, packets, late=True),
            strict=True,
        )
        found |= dict(zip(places, pairs, strict=True))
    lines = [_line(odd, *found[place]) for place, odd in enumerate(odds)]
    unmeant = [
        odd.fault
        for place, odd in enumerate(odds)
        if found[place][0] != found[place][1] and not _is_meant(odd, both.known[where[place]])
    ]

    assert unmeant == []
    table = HEAD + "".join(lines)
    assert table in PAGE.read_text(), f"put this table into {PAGE}:\n{table}"


def _line(odd: Odd, theirs: int | None, ours: int | None) -> str:
    here = "the same" if theirs == ours else f"**{WORDS[ours]}**"
    return f"| {odd.port} | {odd.fault} | {odd.source} | {WORDS[theirs]} | {here} |\n"


def _is_meant(odd: Odd, known: Known) -> bool:
    return (refusal(odd.make(known), odd.port, known.secret) or "").startswith(tuple(STRICTER_THAN_FREERADIUS))


def test_the_page_gives_the_reason_of_each_difference() -> None:
    page = PAGE.read_text()
    for reason, why in STRICTER_THAN_FREERADIUS.items():
        assert f"| {reason} | {why} |\n" in page


@pytest.mark.parametrize("seed", range(4))
def test_packets_that_were_changed_and_proved_anew_have_one_verdict_too(both: Street, seed: int) -> None:
    found = differences(both, 250, Random(seed))

    assert found.unmeant == []
    assert found.answered > 20
