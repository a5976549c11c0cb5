"""Many at one door in one moment: nobody waits for ever, no limit gives way, and wrong codes cost alike."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import event, insert, select

from captive_portal.ways.guesses import LIMITS, WINDOW, buckets, give_back, take
from hotspot.command import Settings
from hotspot.secret import Secret
from hotspot.sites import Sites
from hotspot.store import Store
from hotspot.tables import batches, guesses, vouchers
from hotspot.vouchers import client_of, code, hash_of
from tests.conftest import FixedClock, as_service
from tests.integration.captive_portal.conftest import MORNING
from tests.integration.captive_portal.ways.conftest import VOUCHER_KEY, Place, is_let_in, place_on, said, with_ways
from tests.peers.provider import Provider

KEY = Secret("a key")


def at_once(works: list[Callable[[], None]]) -> None:
    start = threading.Barrier(len(works))

    def go(work: Callable[[], None]) -> None:
        start.wait()
        work()

    threads = [threading.Thread(target=go, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def with_vouchers(store: Store, number: int, devices: int = 1) -> list[str]:
    """Their codes."""
    codes = [code(VOUCHER_KEY, "race", serial) for serial in range(number)]
    terms = {
        "label": "x",
        "devices": devices,
        "valid_from": 0,
        "valid_until": 2**40,
        "created_by": "x",
        "created_at": 0,
    }
    with store.writing() as connection:
        connection.execute(insert(batches).values(id=1, **terms))
        for serial, text in enumerate(codes):
            row = {"batch": 1, "serial": serial, "spent_seconds": 0, "spent_octets": 0}
            named = {"hash": hash_of(VOUCHER_KEY, text), "client": client_of(VOUCHER_KEY, text)}
            connection.execute(insert(vouchers).values(row | named))
    return codes


def test_a_crowd_with_vouchers_comes_in_and_each_wrong_code_is_counted(
    settings: Settings, town: Sites, postgres_store: Store, clock: FixedClock, there: Provider
) -> None:
    """Right codes give their tries back while others take theirs, in the same rows."""
    codes = with_vouchers(postgres_store, 12)
    place = place_on(settings, with_ways(town, there.url), as_service(postgres_store, "portal"), clock, there)
    flows = [place.flow(f"02:00:00:00:00:{number:02x}") for number in range(24)]
    statuses: list[int] = []

    def enter(flow: str, text: str) -> Callable[[], None]:
        client = place.client.application.test_client()
        form = {"flow": flow, "way": "voucher", "code": text}
        return lambda: statuses.append(client.post("/connect", data=form).status_code)

    typed = [*codes, *("000000000" for _ in range(12))]
    at_once([enter(flow, text) for flow, text in zip(flows, typed, strict=True)])
    assert sorted(statuses) == [303] * 12 + [403] * 12
    with postgres_store.reading() as connection:
        spent = list(connection.execute(select(guesses.c.spent)).scalars())
    assert sorted(spent)[-2:] == [12, 12]  # the NAS's row and that of all


def test_the_house_as_a_whole_has_three_hundred_wrong_codes(store: Store) -> None:
    """Whoever comes by another NAS and MAC each time."""
    with store.writing() as connection:
        for number in range(LIMITS["all"]):
            assert take(connection, buckets(KEY, f"{number:012x}", f"gw-{number}", ""), MORNING).wait == 0
        last = buckets(KEY, "f" * 12, "gw-last", "")
        assert take(connection, last, MORNING).wait == WINDOW
        give_back(connection, last.values())
        give_back(connection, last.values())
        assert take(connection, last, MORNING).wait == 0
        assert take(connection, last, MORNING + WINDOW).wait == 0


@pytest.mark.parametrize("way", ["voucher", "code"])
def test_every_wrong_code_costs_the_same_questions_to_the_store(place: Place, way: str) -> None:
    """No answer comes quicker because a code has the wrong shape."""
    asked: dict[str, list[str]] = {}
    place.connect(way, place.flow("02:00:00:00:00:99"), code="1")
    for number, text in enumerate(("999999999", "AAAAAA", "x" * 5000, "٣٣٣", "' OR 1=1")):
        flow, seen = place.flow(f"02:00:00:00:00:{number:02x}"), asked.setdefault(text, [])

        def note(_c: object, _k: object, statement: str, *_more: object, seen: list[str] = seen) -> None:
            seen.append(statement)

        event.listen(place.store.engine, "before_cursor_execute", note)
        assert not is_let_in(answer := place.connect(way, flow, code=text))
        event.remove(place.store.engine, "before_cursor_execute", note)
        assert "4 more tries" in said(answer)
    assert len({tuple(statements) for statements in asked.values()}) == 1
