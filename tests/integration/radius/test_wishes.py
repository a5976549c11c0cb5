"""Sessions that other rooms, or RADIUS itself, want ended or slowed: the service asks NASes that refuse and lie."""

from __future__ import annotations

import asyncio
import threading
import urllib.request
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from hotspot import clients, presence, tables
from hotspot.clock import LabClock
from hotspot.mac import Mac
from hotspot.running import withdraw
from hotspot.secret import SecretSource
from hotspot.sites import load
from hotspot.wishes import Act, wish
from lab.nas.box import Box
from lab.nas.client import Client, Credentials
from lab.nas.kinds import BOXES
from lab.nas.stay import Appetite
from lab.truth import Truth, read
from lab.world import World
from radius.wishlist import Wishlist
from tests.conftest import ROOT, as_service, prepared
from tests.integration.lab.conftest import free_network
from tests.integration.radius.conftest import AFTERNOON, Town
from tests.peers.process import running, wait_until

SQUARE = "gw-alun-alun-besar"  # MikroTik, data slows
HOUSE = "gw-pendopo-wabup"  # CoovaChilli, data ends
MEGABIT = Appetite(up=1_000_000, down=8_000_000)


class Street:
    """A RADIUS service and the lab's NASes before it, on a piece of loopback of their own."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.world = World(
            sites=town.sites,
            secrets=SecretSource(town.state / "secrets", {}),
            clock=LabClock(town.state / "clock"),
            truth=Truth(town.state / "truth.jsonl"),
            auth=_address(town.address("auth")),
            acct=_address(town.address("acct")),
        )
        self.world.lies.share = self.world.false_promises.share = 0.0
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        self._stop = asyncio.Event()
        self.boxes: dict[str, Box] = self.call(self._open())
        self._living = asyncio.run_coroutine_threadsafe(self.world.agenda.live(self.world.clock, self._stop), self.loop)
        self._phones = 0

    def call(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(20)

    async def _open(self) -> dict[str, Box]:
        """Their sockets towards RADIUS; nobody needs their pages here."""
        boxes = {name: BOXES[self.world.sites.nas[name].kind](self.world.sites.nas[name], self.world)
                 for name in (SQUARE, HOUSE)}  # fmt: skip
        for box in boxes.values():
            await box.auth.open(box.nas.address, self.world.auth)
            await box.acct.open(box.nas.address, self.world.acct)
            await box.ear.open(box.nas.address, box.nas.coa_port or 0)
        return boxes

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self._stop.set)
        self._living.result(5)
        self.call(self._release())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()
        self.world.truth.close()

    async def _release(self) -> None:
        for box in self.boxes.values():
            box.release()
        await asyncio.sleep(0.05)  # a transport is closed by a later turn of the loop

    def log_in(self, nas: str, appetite: Appetite = MEGABIT) -> tuple[Client, int]:
        """A phone that is online, and the row of its session."""
        self._phones += 1
        mac, box = Mac(f"0211229900{self._phones:02x}"), self.boxes[nas]
        name, word = self.town.mint(nas, mac.digits)
        client = box.join(mac, f"127.0.1.{self._phones}", appetite)
        verdict = self.call(box.log_in(client, Credentials(name, password=word.encode())))
        assert verdict.accepted, verdict
        wait_until(lambda: self.town.rows(tables.sessions, user_name=name), "the Start is booked")
        return client, int(self.town.rows(tables.sessions, user_name=name)[0]["id"])

    def walk_in(self, nas: str) -> tuple[Client, int]:
        """A phone that the portal remembers, which the NAS asks for by its MAC."""
        self._phones += 1
        mac, box = Mac(f"0211229900{self._phones:02x}"), self.boxes[nas]
        key, now = self.town.secrets.read("grant-key"), self.town.now()
        row = {"token": clients.memory_of(key, mac), "client": clients.of_mac(key, mac), "way": "tap", "notice": "n"}
        with self.town.store.writing() as connection:
            connection.execute(insert(tables.remembered), row | {"language": "id", "since": now, "until": now + 9000})
        client = box.join(mac, f"127.0.1.{self._phones}", MEGABIT)
        verdict = self.call(box.log_in(client, Credentials(mac.colons.upper(), password=b"")))
        assert verdict.accepted, verdict
        wait_until(lambda: self.town.rows(tables.sessions, mac=mac.digits), "the Start is booked")
        return client, int(self.town.rows(tables.sessions, mac=mac.digits)[0]["id"])

    def pass_time(self, seconds: float) -> None:
        self.town.set_time(self.town.now() + seconds)

    def session(self, number: int) -> dict[str, Any]:
        return self.town.rows(tables.sessions, id=number)[0]

    def wish(self, number: int, act: Act = Act.END) -> None:
        with self.town.store.writing() as connection:
            wish(connection, number, act, reason="office", by="office", now=self.town.now())

    def outcome(self, number: int) -> tuple[str, str] | None:
        rows = self.town.rows(tables.wishes, session=number)
        return (rows[-1]["reason"], rows[-1]["outcome"]) if rows and rows[-1]["finished_at"] else None

    def wait(self, number: int, reason: str, outcome: str, seconds: float = 30) -> None:
        wait_until(lambda: self.outcome(number) == (reason, outcome), f"{reason} is {outcome}", seconds)


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host, int(port)


@pytest.fixture(scope="module")
def street(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    state = tmp_path_factory.mktemp("street")
    path = Path(state / "sites.yaml")
    path.write_text((ROOT / "sites.yaml").read_text().replace("127.66.", f"127.{free_network()}."))
    with prepared(database) as store:
        own = as_service(store, "radius").engine.url.render_as_string(hide_password=False)
        town = Town(state, load(path), own, store)
        for name in ("grant-key", f"nas-{HOUSE}-uam", *(f"nas-{nas.id}" for nas in town.sites.nases)):
            town.secrets.make(name)
        town.set_time(AFTERNOON)
        withdraw(state / "run", "radius")
        with running(town.command, town.log, town.environ | {"HOTSPOT_SITES": str(path)}, cwd=ROOT):
            town.wait_ready()
            street = Street(town)
            yield street
            street.stop()


@pytest.mark.parametrize("nas", [SQUARE, HOUSE])
def test_a_session_is_ended_at_its_nas_and_the_stop_is_waited_for(street: Street, nas: str) -> None:
    client, number = street.log_in(nas)

    street.wish(number)
    wait_until(lambda: client.online is None, "the NAS cut its client", 30)
    street.pass_time(15)
    street.wait(number, "office", "done")

    assert street.session(number)["stop_cause"] == 6
    (row,) = street.town.rows(tables.wishes, session=number)
    assert (row["tries"], row["acknowledged_at"] is not None, row["error_cause"]) == (1, True, None)


def test_a_session_that_began_by_its_mac_is_ended_at_the_hotspot_and_not_on_the_radio(street: Street) -> None:
    client, number = street.walk_in(SQUARE)
    assert street.session(number)["user_name"] == client.mac.colons.upper()

    street.wish(number)
    wait_until(lambda: client.online is None, "the NAS cut its client", 30)
    street.pass_time(15)
    street.wait(number, "office", "done")


def test_a_block_ends_a_running_session_without_waiting_for_its_next_report(street: Street) -> None:
    client, number = street.log_in(HOUSE)
    blocked = {"kind": "client", "client": street.session(number)["client"], "label": "x", "reason": "x"}
    began = street.town.now()
    with street.town.store.writing() as connection:
        connection.execute(insert(tables.blocks), blocked | {"blocked_by": "x", "since": began})

    wait_until(lambda: client.online is None, "the NAS cut its client", 30)
    assert street.town.now() < began + 300  # when it would report
    street.pass_time(15)
    street.wait(number, "blocked", "done")


@pytest.mark.parametrize(("nas", "cause"), [(SQUARE, 503), (HOUSE, None)])
def test_a_nas_that_knows_no_such_session_closes_it_here(street: Street, nas: str, cause: int | None) -> None:
    client, number = street.log_in(nas)
    street.loop.call_soon_threadsafe(lambda: setattr(client, "online", None))  # forgotten without a word

    street.wish(number)
    street.wait(number, "office", "gone")

    row = street.session(number)
    assert (row["stopped_at"], row["gone_at"] is not None) == (None, True)
    assert street.town.rows(tables.wishes, session=number)[0]["error_cause"] == cause
    with street.town.store.reading() as connection:
        online = presence.clients_by_site(connection, street.town.now())
    street.pass_time(5)
    street.town.ask("acct", nas, "Acct-Status-Type = Interim-Update", f"Acct-Session-Id = {row['acct_session_id']}",
                    f"User-Name = {row['user_name']}", f"Class = 0x{row['class_token'].encode().hex()}",
                    "Acct-Session-Time = 500", "Acct-Delay-Time = 0")  # fmt: skip
    with street.town.store.reading() as connection:
        again = presence.clients_by_site(connection, street.town.now())
    assert again.get(row["site"], 0) == online.get(row["site"], 0) + 1


def test_a_nas_that_says_yes_and_does_nothing_is_found_out_by_its_next_report(street: Street) -> None:
    client, number = street.log_in(SQUARE)
    street.world.false_promises.share = 1.0
    street.wish(number)
    wait_until(lambda: street.town.rows(tables.wishes, session=number)[0]["acknowledged_at"], "the NAS said yes")
    assert client.online is not None
    street.world.false_promises.share = 0.0

    street.pass_time(310)  # it reports again
    wait_until(lambda: client.online is None, "the NAS was asked again")
    street.pass_time(15)
    street.wait(number, "office", "done")

    assert street.town.rows(tables.wishes, session=number)[0]["tries"] == 2
    told = [line["lies"] for line in read(street.world.truth.path) if line["what"] == "told"]
    assert told.count(True) == 1


def test_data_used_up_in_the_middle_slows_the_client_within_one_interim(street: Street) -> None:
    policy = street.town.sites.policy_of(street.town.sites.site["alun-alun-besar"])
    speed = policy.day.octets * 8 // 250  # enough for the day within one interim
    client, number = street.log_in(SQUARE)
    online = client.online
    assert online is not None
    fast = replace(online.stay.limits, up=None, down=None)

    def let_it_run() -> None:
        online.stay = replace(online.stay, limits=fast, appetite=Appetite(speed, speed))

    street.loop.call_soon_threadsafe(let_it_run)
    street.pass_time(310)
    street.wait(number, "data-used", "done")

    assert (online.stay.limits.up, online.stay.limits.down) == (policy.speed.slow, policy.speed.slow)
    assert client.online is online
    assert len(street.town.rows(tables.wishes, session=number)) == 1


def test_data_used_up_elsewhere_ends_the_session_here(street: Street) -> None:
    client, number = street.log_in(HOUSE)
    other = Mac(client.mac.digits).colons

    report = ("Acct-Status-Type = Interim-Update", "Acct-Session-Id = elsewhere", "Acct-Output-Octets = 4000000000")
    street.town.ask("acct", SQUARE, *report, f'Calling-Station-Id = "{other}"', "Acct-Session-Time = 60")
    street.pass_time(310)
    wait_until(lambda: client.online is None, "the NAS cut its client", 30)
    street.pass_time(15)
    street.wait(number, "data-used", "done")


def test_coovachilli_keeps_its_other_limits_when_it_is_told_a_new_speed(street: Street) -> None:
    client, number = street.log_in(HOUSE)
    assert client.online is not None
    before = client.online.stay.limits

    street.wish(number, Act.LIMIT)
    street.wait(number, "office", "done")

    after = client.online.stay.limits
    assert (after.idle, after.interim, after.up, after.down) == (before.idle, before.interim, before.up, before.down)
    assert before.seconds is not None
    assert after.seconds is not None
    assert abs(after.seconds - before.seconds) <= 2
    assert after.total is not None


def test_a_nas_without_a_listener_is_given_up_at_once(street: Street) -> None:
    town = street.town
    town.ask("acct", SQUARE, "Acct-Status-Type = Start", "Acct-Session-Id = no-name")
    number = town.rows(tables.sessions, acct_session_id="no-name")[0]["id"]

    street.wish(number)

    street.wait(number, "office", "impossible")


def test_of_many_takers_one_has_the_wish(street: Street) -> None:
    _, number = street.log_in(SQUARE)
    later = street.town.now() + 10_000
    lists = [Wishlist(street.town.store, street.town.sites) for _ in range(4)]
    with street.town.store.writing() as connection:
        wish(connection, number, Act.LIMIT, reason="race", by="office", now=later)

    def take(wishlist: Wishlist) -> int:
        return sum(case.wish.reason == "race" for case in wishlist.take(later))

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(take, lists)) == 1


def test_what_was_asked_is_counted_without_a_name(street: Street) -> None:
    _, number = street.log_in(SQUARE)
    street.wish(number, Act.LIMIT)
    street.wait(number, "office", "done")
    page = _page(street.town)

    assert f'hotspot_radius_wishes_total{{nas="{SQUARE}",reason="office",result="done"}}' in page
    assert "a wish for a session ended" in street.town.log.read_text()


def _page(town: Town) -> str:
    with urllib.request.urlopen(f"http://{town.address('ops')}/metrics", timeout=5) as answer:
        return str(answer.read().decode())
