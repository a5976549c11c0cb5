"""A poll that does not come to its end keeps what came, and says which tables are not whole."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from monitor import poll as polling
from monitor.kinds.kind import Figure, Found, Kind
from monitor.mib import INTERFACES, NAMES, SYSTEM, table
from monitor.names import Memory
from monitor.poll import poll
from monitor.snapshot import Polled
from monitor.snmp.agent import Rows, SnmpError, Trouble, Value
from monitor.subject import Subject
from tests.conftest import FixedClock

QUICK, SLOW = table("quickTable", "1.3.6.1.4.1.1.1", {"quick": 1}), table("slowTable", "1.3.6.1.4.1.1.2", {"slow": 1})


def figures(found: Found) -> list[Figure]:
    rows = [*found.rows("quickTable"), *found.rows("slowTable")]
    return [Figure("temperature", index, float(str(value))) for index, row in rows for value in row.values()]


KIND = Kind("box", {}, (QUICK, SLOW), figures)


class Box:
    """An agent of which one table never ends, or fails."""

    def __init__(self, slow: str = SLOW.columns["slow"], problem: Trouble | None = None) -> None:
        self.slow, self.problem = slow, problem

    async def scalars(self, oids: Sequence[str]) -> dict[str, Value]:
        return {oid: 100 for oid in oids if oid == SYSTEM["sysUpTime"]}

    async def table(self, columns: Sequence[str], so_far: Rows | None = None, /) -> Rows | SnmpError:
        first = columns[0]
        if first == self.slow:
            if so_far is not None:
                so_far["1"] = {first: 41}
            if self.problem:
                return SnmpError(self.problem, "so it is")
            await asyncio.Event().wait()
        return {"7": {NAMES.columns["ifName"]: "sfp1"} if NAMES.columns["ifName"] in columns else {first: 1}}

    def rest(self) -> None:
        """Nothing is held."""


def polled(box: Box, monkeypatch: pytest.MonkeyPatch) -> Polled:
    monkeypatch.setattr(polling, "DEADLINE", 0.05)
    subject = Subject("device", "box", "127.0.0.1", KIND, None, ping=False)
    before = Polled("device", "box")
    return asyncio.run(poll(subject, box, None, FixedClock(), before, memory=Memory()))


@pytest.mark.parametrize("problem", [None, Trouble.DISORDER, Trouble.TOO_BIG, Trouble.BROKEN], ids=str)
def test_what_came_counts_and_the_table_that_did_not_end_is_named(
    problem: Trouble | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = polled(Box(problem=problem), monkeypatch)

    assert (found.error, found.missed) == ("", 0)
    assert found.answers is not None
    assert found.answers.stale == ("slowTable",)
    assert [port.name for port in found.answers.ports] == ["sfp1"]
    assert found.answers.reading("temperature", "7") == 1
    assert found.answers.reading("temperature", "1") == 41, "a row that came is as good as any"


def test_silence_in_the_middle_is_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    found = polled(Box(problem=Trouble.SILENT), monkeypatch)

    assert (found.error, found.missed) == ("so it is", 1)


def test_without_its_ports_there_is_no_poll(monkeypatch: pytest.MonkeyPatch) -> None:
    found = polled(Box(slow=INTERFACES.columns["ifOperStatus"]), monkeypatch)

    assert "too slowly" in found.error
    assert found.answers is None
