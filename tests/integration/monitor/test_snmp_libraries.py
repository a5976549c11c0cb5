"""Both SNMP libraries behave alike towards real agents and towards agents that lie: one suite for the two."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pysnmp.proto import rfc1902

from hotspot.secret import Secret
from monitor.snmp.agent import BUDGET, Access, Agent, SnmpError, Trouble
from monitor.snmp.library import open_library
from tests.peers.clock_liar import clock_liar
from tests.peers.recordings import snmpsim
from tests.peers.snmp_agent import COMMUNITY, lying_agent, oid, texts
from tests.peers.snmpd import AUTH, OLD_USER, PRIV, USER, USERS, snmpd

SYS_NAME, UPTIME, SYS_DESCR = "1.3.6.1.2.1.1.5.0", "1.3.6.1.2.1.1.3.0", "1.3.6.1.2.1.1.1.0"
IF_DESCR, IF_OPER, IF_NAME, IN_OCTETS = (
    "1.3.6.1.2.1.2.2.1.2",
    "1.3.6.1.2.1.2.2.1.8",
    "1.3.6.1.2.1.31.1.1.1.1",
    "1.3.6.1.2.1.31.1.1.1.6",
)
ENTRY = "1.3.6.1.4.1.99999.1.1"
NewAgent = Callable[..., Agent]
Talk = Callable[[Callable[[NewAgent], Awaitable[Any]]], Any]


@pytest.fixture(params=["gufo_snmp", "pysnmp"])
def talk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Talk:
    """Runs a conversation with agents on 127.0.0.1 by one library, whose requests wait a fraction of a second."""
    for module in ("gufo", "pysnmp"):
        monkeypatch.setattr(f"monitor.snmp.{module}.TIMEOUT", 0.4)

    async def whole(conversation: Callable[[NewAgent], Awaitable[Any]]) -> Any:
        library = open_library(request.param)

        def new(port: int, version: str = "2c", community: str = COMMUNITY, **access: Any) -> Agent:
            return library.agent(Access("127.0.0.1", port, version, Secret(community), **access))

        try:
            return await conversation(new)
        finally:
            library.close()
            await asyncio.sleep(0)

    return lambda conversation: asyncio.run(whole(conversation))


@pytest.fixture(scope="module")
def real_snmpd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with snmpd(tmp_path_factory.mktemp("snmpd")) as port:
        yield port


def v3(user: str = USER, auth: str = "sha256", auth_secret: str = AUTH, priv_secret: str = PRIV) -> dict[str, Any]:
    keys = {"auth_secret": Secret(auth_secret), "priv_secret": Secret(priv_secret)}
    return {"version": "3", "user": user, "auth": auth, "priv": "aes128", **keys}


# --- Debian's snmpd --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "access",
    [
        {},
        {"version": "1"},
        v3(),
        v3(OLD_USER, "sha1"),
        *(v3(f"u-{auth}-{priv}", auth) | {"priv": priv} for auth, priv in USERS),
    ],
    ids=["2c", "1", "3", "3-sha1", *(f"3-{auth}-{priv}" for auth, priv in USERS)],
)
def test_a_real_agent_gives_scalars_and_joins_columns_of_two_tables(
    talk: Talk, real_snmpd: int, access: dict[str, Any]
) -> None:
    async def ask(new: NewAgent) -> None:
        agent = new(real_snmpd, **access)
        system = await agent.scalars([SYS_NAME, UPTIME, "1.3.6.1.2.1.1.99.0"])
        rows = await agent.table([IF_DESCR, IF_OPER, IF_NAME, IN_OCTETS])

        assert isinstance(system, dict)
        assert system[SYS_NAME] == "ujung-kabel"
        assert isinstance(system[UPTIME], int)
        assert "1.3.6.1.2.1.1.99.0" not in system
        assert isinstance(rows, dict)
        loopback = next(row for row in rows.values() if row[IF_DESCR] == "lo")
        assert loopback[IF_NAME] == "lo"
        assert loopback[IF_OPER] in (1, 4)  # up, or unknown as Linux calls its loopback
        if access.get("version") != "1":  # Counter64 does not exist in v1 (RFC 2576 section 4.1)
            assert isinstance(loopback[IN_OCTETS], int)

    talk(ask)


@pytest.mark.parametrize(
    "access", [v3(user="siapa"), v3(auth_secret="sandi-yang-salah")], ids=["unknown user", "wrong key"]
)
def test_a_refusal_is_an_error_that_differs_from_silence(talk: Talk, real_snmpd: int, access: dict[str, Any]) -> None:
    answer = talk(lambda new: new(real_snmpd, **access).scalars([SYS_NAME]))

    assert isinstance(answer, SnmpError)
    assert answer.trouble is Trouble.REFUSED
    assert "refuses our SNMP user or key" in answer.text


def test_a_clock_at_fault_is_no_wrong_key(talk: Talk) -> None:
    async def ask(new: NewAgent) -> Any:
        async with clock_liar(AUTH) as port:
            return await new(port, **v3()).scalars([SYS_NAME])

    answer = talk(ask)

    assert isinstance(answer, SnmpError)
    assert answer.trouble is Trouble.CLOCK
    assert "notInTimeWindow" in answer.text


def test_a_path_that_loses_every_second_request_is_not_asked_for_ever(talk: Talk) -> None:
    """Four requests of a poll may be asked again; the fifth that is lost ends it."""
    answer, asked = walk(talk, texts(ENTRY, {1: ["x"] * 200}), columns=1, forgetful=True, largest=20)

    assert isinstance(answer, SnmpError)
    assert answer.trouble is Trouble.SILENT
    assert len(asked) < 2 * BUDGET + 8


def test_a_wrong_community_is_silence_and_says_that_it_may_be_that(talk: Talk, real_snmpd: int) -> None:
    answer = talk(lambda new: new(real_snmpd, community="salah").table([IF_NAME]))

    assert isinstance(answer, SnmpError)
    assert answer.trouble is Trouble.SILENT
    assert "the community is wrong" in answer.text


def test_no_agent_at_all_is_silence(talk: Talk) -> None:
    began = time.monotonic()
    answer = talk(lambda new: new(9).scalars([SYS_NAME]))

    assert isinstance(answer, SnmpError)
    assert answer.trouble is Trouble.SILENT
    assert time.monotonic() - began < 10


def test_an_agent_is_asked_again_after_a_rest(talk: Talk, real_snmpd: int) -> None:
    async def ask(new: NewAgent) -> list[Any]:
        agent = new(real_snmpd, **v3())
        answers = []
        for _ in range(2):
            answers.append(await agent.scalars([SYS_NAME]))
            agent.rest()
        return answers

    assert talk(ask) == [{SYS_NAME: "ujung-kabel"}] * 2


# --- A recording of a real router, by snmpsim ------------------------------------------------------------------------


def test_a_recorded_router_has_twelve_ports_with_names(talk: Talk, tmp_path: Path) -> None:
    with snmpsim(tmp_path, ["routeros"]) as port:
        rows = talk(lambda new: new(port, community="routeros").table([IF_NAME, IF_OPER, IN_OCTETS]))

    assert isinstance(rows, dict)
    assert len(rows) == 12
    assert rows["1"] == {IF_NAME: "wlan1", IF_OPER: 1, IN_OCTETS: 235098478}


# --- Agents that lie -------------------------------------------------------------------------------------------------


def walk(talk: Talk, objects: Any, columns: int = 2, times: int = 1, **lies: Any) -> tuple[Any, Any]:
    """The last walk's answer, and the agent for what it was asked in that walk."""

    async def ask(new: NewAgent) -> tuple[Any, Any]:
        async with lying_agent(objects, **lies) as (liar, port):
            agent = new(port)
            for _ in range(times):
                liar.asked.clear()
                answer = await agent.table([f"{ENTRY}.{column}" for column in range(1, columns + 1)])
            return answer, liar.asked

    answer, asked = talk(ask)
    return answer, asked


def thirty() -> dict[Any, Any]:
    return texts(ENTRY, {1: [f"port{n}" for n in range(30)], 2: [f"alias {n}" for n in range(30)]})


def test_an_answer_that_is_too_big_is_asked_for_in_halves(talk: Talk) -> None:
    rows, _ = walk(talk, thirty(), largest=7)

    assert len(rows) == 30
    assert rows["30"] == {f"{ENTRY}.1": "port29", f"{ENTRY}.2": "alias 29"}


def test_what_fits_is_remembered_for_the_next_poll(talk: Talk) -> None:
    _, first = walk(talk, thirty(), largest=7)
    _, second = walk(talk, thirty(), largest=7, times=2)

    assert max(varbinds * repetitions for _, varbinds, repetitions in first) > 7
    assert max(varbinds * repetitions for _, varbinds, repetitions in second) <= 7


@pytest.mark.parametrize("columns", [1, 2], ids=["walked", "joined"])
def test_rows_that_grow_in_the_middle_of_a_table_are_not_lost(talk: Talk, columns: int) -> None:
    """The agent's limit is met only in the second batch: for gufo that looks like the end of the column."""
    growing = ["x"] * 25 + ["y" * 200] * 5
    rows, _ = walk(talk, texts(ENTRY, {1: growing, 2: growing}), columns=columns, octets=900)

    assert [rows[str(n)][f"{ENTRY}.{columns}"][0] for n in (25, 26, 30)] == ["x", "y", "y"]


def test_a_table_of_exactly_one_batch_is_whole_and_costs_no_smaller_batches_later(talk: Talk) -> None:
    rows, asked = walk(talk, texts(ENTRY, {1: ["a"] * 25}), columns=1, times=2)

    assert len(rows) == 25
    assert asked[0][2] >= 25


def test_a_response_that_just_ends_goes_on_from_the_last_complete_row(talk: Talk) -> None:
    rows, _ = walk(talk, thirty(), truncate=5)

    assert [len(row) for row in rows.values()] == [2] * 30


def test_a_response_shorter_than_one_row_still_gives_the_table(talk: Talk) -> None:
    objects = texts(ENTRY, {column: ["v"] * 4 for column in range(1, 7)})
    rows, _ = walk(talk, objects, columns=6, truncate=4)

    assert [len(row) for row in rows.values()] == [6] * 4


def test_oids_that_do_not_increase_end_the_walk_with_an_error(talk: Talk) -> None:
    answer, asked = walk(talk, thirty(), circle=True)

    assert isinstance(answer, SnmpError)
    assert answer.trouble is Trouble.DISORDER
    assert len(asked) < 10


def test_the_rows_that_came_before_an_agent_fell_silent_are_known(talk: Talk) -> None:
    async def ask(new: NewAgent) -> tuple[Any, Any]:
        so_far: dict[str, Any] = {}
        hundred = texts(ENTRY, dict.fromkeys((1, 2), ["x"] * 100))
        async with lying_agent(hundred, largest=8) as (agent, port):
            await new(port).table([f"{ENTRY}.1", f"{ENTRY}.2"])
        async with lying_agent(hundred, largest=8, tired=len(agent.asked) - 2) as (_, port):
            answer = await new(port).table([f"{ENTRY}.1", f"{ENTRY}.2"], so_far)
        return answer, so_far

    answer, so_far = talk(ask)

    assert isinstance(answer, SnmpError)
    assert answer.trouble is Trouble.SILENT
    assert 0 < len(so_far) < 100
    assert list(so_far) == [str(n) for n in range(1, len(so_far) + 1)], "the first ones, none left out"
    assert {len(row) for row in so_far.values()} == {2}, "and each of them whole"


def test_an_empty_table_has_no_rows(talk: Talk) -> None:
    rows, _ = walk(talk, {oid(SYS_NAME): rfc1902.OctetString("x")})

    assert rows == {}


def test_a_sparse_column_leaves_its_cells_out(talk: Talk) -> None:
    objects = thirty()
    del objects[(*oid(ENTRY), 2, 7)]
    rows, _ = walk(talk, objects)

    assert rows["7"] == {f"{ENTRY}.1": "port6"}
    assert rows["8"] == {f"{ENTRY}.1": "port7", f"{ENTRY}.2": "alias 7"}


def test_one_lost_datagram_is_asked_for_again(talk: Talk) -> None:
    rows, _ = walk(talk, thirty(), mute=1)

    assert len(rows) == 30


def test_an_answer_after_its_time_does_not_spoil_the_next(talk: Talk) -> None:
    """The first answer arrives when the second request is already out: it must not be taken for the second's."""
    rows, _ = walk(talk, thirty(), late=0.6)

    assert len(rows) == 30
    assert rows["30"] == {f"{ENTRY}.1": "port29", f"{ENTRY}.2": "alias 29"}


def test_an_answer_from_another_address_is_no_answer(talk: Talk) -> None:
    answer, asked = walk(talk, thirty(), elsewhere=True)

    assert isinstance(answer, SnmpError)
    assert answer.trouble is Trouble.SILENT
    assert asked


def test_scalars_that_are_too_many_are_asked_for_in_halves(talk: Talk) -> None:
    async def ask(new: NewAgent) -> Any:
        async with lying_agent(thirty(), largest=3) as (_, port):
            return await new(port).scalars([f"{ENTRY}.1.{row}" for row in range(1, 11)])

    assert len(talk(ask)) == 10


def test_octets_that_are_no_text_become_digits(talk: Talk) -> None:
    objects = {
        (*oid(ENTRY), 1, 1): rfc1902.OctetString(hexValue="d8f1ff00"),
        (*oid(ENTRY), 1, 2): rfc1902.OctetString("Kaca Kabupatèn".encode()),
        (*oid(ENTRY), 1, 3): rfc1902.IpAddress("10.66.0.1"),
        (*oid(ENTRY), 1, 4): rfc1902.Counter64(2**63),
    }
    rows, _ = walk(talk, objects, columns=1)

    assert [row[f"{ENTRY}.1"] for row in rows.values()] == ["d8f1ff00", "Kaca Kabupatèn", "10.66.0.1", 2**63]
