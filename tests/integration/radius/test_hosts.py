"""Two machines with RADIUS, each with a state folder and journals of its own, on one PostgreSQL."""

from __future__ import annotations

import contextlib
import random
import secrets
import shutil
import socket
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest
import yaml
from sqlalchemy import insert

from hotspot import tables
from hotspot.sites import load
from hotspot.store import Store
from hotspot.wire import Attr, Code, Malformed, Request, accounting_request, hidden, integer, reply_to, sealed_request
from hotspot.wire import text as words
from tests.chaos.away import refusing
from tests.conftest import ROOT, as_service
from tests.integration.radius.conftest import AFTERNOON, Town
from tests.peers.process import running, wait_until

NAS, OTHER = "gw-alun-alun-besar", "gw-alun-alun-kutoarjo"
OWNER = "a" * 32
STAYS, MINUTES = 12, 5
PATIENCE = 60  # seconds for an answer, asked for again each second


class OwnSites(Town):
    """The sample town where vouchers are taken too."""

    @property
    def environ(self) -> dict[str, str]:
        return super().environ | {"HOTSPOT_SITES": str(self.state / "sites.yaml")}


@pytest.fixture
def hosts(postgres_store: Store, tmp_path: Path) -> Iterator[tuple[Town, Town]]:
    """Secrets are copied and the keys lie in a shared folder, as docs/radius.md says."""
    plain = yaml.safe_load((ROOT / "sites.yaml").read_text())
    for policy in plain["policies"].values():
        policy["ways"] = ["tap", "voucher"]
    (tmp_path / "keys").mkdir(mode=0o700)
    own = as_service(postgres_store, "radius").engine.url.render_as_string(hide_password=False)
    towns = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "sites.yaml").write_text(yaml.safe_dump(plain, allow_unicode=True))
        (folder / "keys").symlink_to(tmp_path / "keys")
        town = OwnSites(folder, load(folder / "sites.yaml"), own, postgres_store)
        town.set_time(AFTERNOON)
        towns.append(town)
    for name in ("grant-key", *(f"nas-{nas.id}" for nas in towns[0].sites.nases)):
        towns[0].secrets.make(name)
    shutil.copytree(towns[0].state / "secrets", towns[1].state / "secrets")
    with contextlib.ExitStack() as stack:
        for town in towns:
            stack.enter_context(running(town.command, town.log, town.environ, cwd=ROOT))
        for town in towns:
            town.wait_ready()
        yield towns[0], towns[1]


def ask(town: Town, nas: str, door: str, packet: bytes) -> Request:
    """As a NAS does: again and again, until the right answer comes."""
    host, _, port = town.address(door).rpartition(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        wire.bind((town.sites.nas[nas].address, 0))
        wire.connect((host, int(port)))
        wire.settimeout(1)
        for _ in range(PATIENCE):
            wire.send(packet)
            with contextlib.suppress(TimeoutError):
                reply = reply_to(packet, wire.recv(4096), town.secret(nas).encode(), must_seal=door == "auth")
                assert not isinstance(reply, Malformed), reply.reason
                return reply
    raise AssertionError(f"no answer in {PATIENCE} seconds\n{town.log.read_text()}")


def reports(town: Town) -> list[bytes]:
    """Of each stay a Start, an interim a minute and a Stop; every other one has no Class, and a hash names it."""
    now, key = town.now(), town.secret(NAS).encode()
    found: list[bytes] = []
    for stay in range(STAYS):
        began = now - 60 * MINUTES + stay
        for minute in range(MINUTES):
            kind = 1 if minute == 0 else 2 if minute == MINUTES - 1 else 3
            attributes = [
                integer(Attr.ACCT_STATUS_TYPE, kind),
                words(Attr.ACCT_SESSION_ID, f"s{stay}"),
                words(Attr.USER_NAME, f"visitor-{stay}"),
                words(Attr.CALLING_STATION_ID, f"02-11-22-00-00-{stay:02x}"),
                integer(Attr.EVENT_TIMESTAMP, began + 60 * minute),
                integer(Attr.ACCT_SESSION_TIME, 60 * minute),
                integer(Attr.ACCT_INPUT_OCTETS, 1000 * minute),
                integer(Attr.ACCT_OUTPUT_OCTETS, 7000 * minute),
            ]
            if stay % 2:
                attributes.append(words(Attr.CLASS, f"hs1:{stay:032x}"))
            found.append(accounting_request(len(found) % 256, attributes, key))
    return found


def at_once(hosts: Sequence[Town], work: Iterable[tuple[int, bytes]]) -> None:
    """Each host is told its part by a thread of its own; all of it has to be acknowledged."""
    parts: list[list[bytes]] = [[] for _ in hosts]
    for place, packet in work:
        parts[place].append(packet)
    said: list[Request] = []
    threads = [
        threading.Thread(target=lambda t, part: said.extend(ask(t, NAS, "acct", one) for one in part), args=pair)
        for pair in zip(hosts, parts, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [reply.code for reply in said] == [Code.ACCOUNTING_RESPONSE] * sum(map(len, parts))


def _journals(town: Town) -> list[Path]:
    return list((town.state / "journal").iterdir())


def test_one_nas_at_two_hosts_in_any_order_is_counted_once_also_while_the_database_is_away(
    hosts: tuple[Town, Town], postgres_url: str
) -> None:
    chance = random.Random(7)
    all_reports = reports(hosts[0])
    told = [(chance.randrange(2), packet) for packet in all_reports]
    told += [(1 - place, packet) for place, packet in chance.sample(told, 20)]  # the same once more, at the other host
    chance.shuffle(told)
    half = len(told) // 2

    at_once(hosts, told[:half])
    with refusing(hosts[0].store, postgres_url)():
        at_once(hosts, told[half:])
        assert all(map(_journals, hosts))
    wait_until(lambda: not any(map(_journals, hosts)), "both journals are applied", 60)

    last = MINUTES - 1
    rows = hosts[0].rows(tables.sessions)
    assert sorted(row["acct_session_id"] for row in rows) == sorted(f"s{stay}" for stay in range(STAYS))
    facts = {(row["seconds"], row["input_octets"], row["output_octets"], row["stop_cause"]) for row in rows}
    assert facts == {(60 * last, 1000 * last, 7000 * last, None)}
    assert {row["stopped_at"] - row["started_at"] for row in rows} == {60 * last}
    hours = hosts[0].rows(tables.usage_hours)
    assert sum(row["input_octets"] for row in hours) == STAYS * 1000 * last
    assert sum(row["output_octets"] for row in hours) == STAYS * 7000 * last


def test_a_voucher_for_two_phones_lets_in_two_over_both_hosts(hosts: tuple[Town, Town]) -> None:
    now = hosts[0].now()
    batch = {"label": "b", "devices": 2, "valid_from": now - 9, "valid_until": now + 90_000, "created_by": "x"}
    with hosts[0].store.writing() as connection:
        connection.execute(insert(tables.batches).values(id=1, created_at=now, **batch))
        spent = {"spent_seconds": 0, "spent_octets": 0}
        connection.execute(insert(tables.vouchers).values(id=1, batch=1, serial=1, hash="h", client=OWNER, **spent))
    asked = []
    for number in range(16):
        nas, mac = (NAS, OTHER)[number % 2], f"0211220000{number:02x}"
        name, password = hosts[0].mint(nas, mac, way="voucher", client=OWNER)
        proof, key = secrets.token_bytes(16), hosts[0].secret(nas).encode()
        attributes = [
            words(Attr.USER_NAME, name),
            hidden(password.encode(), proof, key),
            words(Attr.CALLING_STATION_ID, mac),
            words(Attr.NAS_IDENTIFIER, nas),
        ]
        asked.append((hosts[number // 2 % 2], nas, sealed_request(Code.ACCESS_REQUEST, number, proof, attributes, key)))
    answers: list[int] = []
    threads = [
        threading.Thread(target=lambda t, nas, packet: answers.append(ask(t, nas, "auth", packet).code), args=one)
        for one in asked
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [Code.ACCESS_ACCEPT] * 2 + [Code.ACCESS_REJECT] * 14
