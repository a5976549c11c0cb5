"""The real command against agents on loopback: what dies is named once, what lies behind it is not."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select

from hotspot.clock import set_lab_clock
from hotspot.running import addresses_of
from hotspot.store import Store, open_store, upgrade
from hotspot.tables import incident_members, incidents, intervals, nas_facts, reading_hours, sessions, states
from tests.conftest import ROOT
from tests.peers.namespace import Namespace, namespace
from tests.peers.process import running, wait_until
from tests.peers.snmp_agent import COMMUNITY
from tests.peers.snmpd import AUTH, PRIV, snmpd
from tests.peers.thread_agent import ThreadAgent, ports_of

START = 1_780_000_000
RATE = 60  # a poll interval of 60 s passes in a second
CORE, SWITCH, POINT = "127.77.0.1", "127.77.0.2", "127.77.0.3"


@dataclass
class Town:
    """A folder with sites.yaml, a database and a fast clock, on which the command runs."""

    folder: Path
    store: Store
    environ: dict[str, str]

    @contextlib.contextmanager
    def monitor(self, place: Namespace | None = None) -> Iterator[None]:
        command = [sys.executable, "-m", "monitor", "--sites", str(self.folder / "sites.yaml")]
        command = place.command(*command) if place else command
        run = self.folder / "var" / "run"
        with running(command, self.folder / "monitor.log", self.environ, cwd=ROOT) as process:
            wait_until(lambda: process.poll() is not None or addresses_of(run, "monitor"), f"ready; see {self.folder}")
            yield
        assert process.returncode == 0, self.said()
        assert addresses_of(run, "monitor") is None

    def said(self) -> str:
        log = self.folder / "monitor.log"
        return log.read_text()[-2000:] if log.exists() else ""

    def state(self, name: str) -> str | None:
        with self.store.reading() as connection:
            return connection.execute(select(states.c.state).where(states.c.subject == name)).scalar_one_or_none()

    def wait_for(self, **wanted: str) -> None:
        names = {name.replace("_", "-"): state for name, state in wanted.items()}
        try:
            wait_until(lambda: all(self.state(name) == state for name, state in names.items()), "", seconds=45)
        except pytest.fail.Exception:
            pytest.fail(f"not {names}, but { ({name: self.state(name) for name in names}) }; it said {self.said()}")

    def rows(self, table: Any) -> list[Any]:
        with self.store.reading() as connection:
            return list(connection.execute(select(table).order_by(table.c.id)))


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    clock = tmp_path / "clock"
    set_lab_clock(clock, START, RATE)
    environ = {
        **os.environ,
        "HOTSPOT_STATE": str(tmp_path / "var"),
        "HOTSPOT_CLOCK": str(clock),
        "HOTSPOT_MONITOR_LISTEN": "127.0.0.1:0",
        "HOTSPOT_TRAPS": "127.0.0.1:0",
        "HOTSPOT_SNMP_COMMUNITY": COMMUNITY,
        "HOTSPOT_SNMP_MONITOR_AUTH": AUTH,
        "HOTSPOT_SNMP_MONITOR_PRIV": PRIV,
    }
    store = open_store(f"sqlite:///{tmp_path}/var/hotspot.db")
    upgrade(store)
    yield Town(tmp_path, store, environ)
    store.close()


def device(name: str, address: str, port: int, **more: Any) -> dict[str, Any]:
    snmp = more.pop("snmp", {"version": "2c"}) | {"port": port}
    plain = {"id": name, "kind": "generic", "role": "switch", "address": address, "ping": False}
    return plain | {"snmp": snmp} | more


def write_sites(town: Town, devices: list[dict[str, Any]], links: list[dict[str, Any]] | None = None) -> None:
    """The sample town with this network, and one NAS that nothing polls behind the last device."""
    document = yaml.safe_load((ROOT / "sites.yaml").read_text())
    nas = {"id": "gw", "site": "museum-tosan-aji", "kind": "coovachilli", "address": "127.77.0.9", "ping": False}
    nas |= {"uam": {"ip": "127.77.0.9", "port": 3990}, "uplink": devices[-1]["id"]}
    document |= {"devices": devices, "links": links or [], "nases": [nas]}
    (town.folder / "sites.yaml").write_text(yaml.safe_dump(document, allow_unicode=True))


def test_a_device_that_dies_is_one_incident_with_what_hangs_on_it_and_closes_when_it_is_back(town: Town) -> None:
    folder = town.folder
    with contextlib.ExitStack() as alive:
        core = alive.enter_context(snmpd(folder / "core", CORE))
        switch_and_point = alive.enter_context(contextlib.ExitStack())
        switch = switch_and_point.enter_context(snmpd(folder / "switch", SWITCH))
        point = switch_and_point.enter_context(snmpd(folder / "point", POINT))
        v3 = {"version": "3", "user": "monitor", "auth": "sha256", "priv": "aes128"}
        write_sites(
            town,
            [
                device("core", CORE, core, root=True, snmp=v3),
                device("switch", SWITCH, switch, uplink="core"),
                device("point", POINT, point, uplink="switch"),
            ],
        )
        with town.store.writing() as connection:  # twelve visitors are online at the NAS behind the access point
            connection.execute(nas_facts.insert().values(nas="gw", heard_at=START))
            connection.execute(sessions.insert(), [online(number) for number in range(12)])

        with town.monitor():
            town.wait_for(core="up", switch="up", point="up", gw="up")
            switch_and_point.close()
            town.wait_for(core="up", switch="down", point="shadow", gw="shadow")
            time.sleep(3)  # three more intervals: nothing else may open

            [incident] = town.rows(incidents)
            assert (incident.cause, incident.kind, incident.subject) == ("device-down", "device", "switch")
            assert incident.clients == 12
            assert incident.closed_at is None
            assert {(row.kind, row.subject) for row in town.rows(incident_members)} == {
                ("device", "point"),
                ("nas", "gw"),
            }

            switch_and_point.enter_context(snmpd(folder / "switch", SWITCH, switch))
            switch_and_point.enter_context(snmpd(folder / "point", POINT, point))
            town.wait_for(switch="up", point="up")

    [incident] = town.rows(incidents)
    assert incident.closed_at > incident.opened_at
    assert all(row.left_at is not None for row in town.rows(incident_members))
    history = [(row.state, row.ended_at is None) for row in town.rows(intervals) if row.subject == "switch"]
    assert history == [("up", False), ("down", False), ("up", True)]


def online(number: int) -> dict[str, Any]:
    numbers = dict.fromkeys(("seconds", "input_octets", "output_octets", "counted_input", "counted_output"), 0)
    times = dict.fromkeys(("started_at", "first_received_at", "changed_at"), START)
    return (
        numbers
        | times
        | {
            "uid": f"visitor-{number}",
            "generation": 0,
            "nas": "gw",
            "site": "museum-tosan-aji",
            "acct_session_id": f"a{number}",
            "last_seen_at": START + 86_400,
            "interim": 300,
        }
    )


def test_a_cut_link_is_named_and_its_far_side_is_only_in_its_shadow(town: Town) -> None:
    with (
        ThreadAgent(CORE, ports_of({"sfp1": 1, "sfp2": 1})) as core,
        ThreadAgent(SWITCH, ports_of({"up1": 1})) as switch,
    ):
        link = {"id": "trunk", "a": {"device": "core", "port": "sfp1"}, "b": {"device": "point", "port": "up1"}}
        write_sites(
            town,
            [device("core", CORE, core.port, root=True), device("point", SWITCH, switch.port)],
            [link | {"medium": "fibre", "status": "active"}],
        )
        with town.monitor():
            town.wait_for(trunk="up", core="up", point="up")
            switch.silence()
            core.objects = ports_of({"sfp1": 2, "sfp2": 1})
            town.wait_for(trunk="down", core="up", point="shadow", gw="shadow")
            time.sleep(3)

            [incident] = town.rows(incidents)
            assert (incident.cause, incident.subject) == ("link-down", "trunk")
            assert incident.evidence.startswith("port sfp1 of core is down; the far end is silent")
            assert {row.subject for row in town.rows(incident_members)} == {"point", "gw"}


def test_the_time_in_which_the_monitor_was_away_is_no_data(town: Town) -> None:
    with ThreadAgent(CORE, ports_of({"sfp1": 1})) as core:
        write_sites(town, [device("core", CORE, core.port, root=True)])
        with town.monitor():
            town.wait_for(core="up")
        time.sleep(4)  # four minutes of the town's time
        with town.monitor():
            wait_until(lambda: len([r for r in town.rows(intervals) if r.subject == "core"]) == 2, "a second interval")

    first, second = [row for row in town.rows(intervals) if row.subject == "core"]
    assert (first.state, second.state) == ("up", "up")
    assert first.ended_at == first.seen_until
    assert second.began_at - first.ended_at >= 180


def test_a_check_counts_what_it_would_poll_and_names_the_library(town: Town) -> None:
    write_sites(town, [device("core", CORE, 161, root=True), device("point", SWITCH, 161, uplink="core")])

    code, said = check(town)

    assert code == 0
    assert said.startswith("monitor: polls 2 by SNMP (gufo_snmp), 0 by echoes; secrets and the database are in order")


def test_a_missing_community_is_named_with_its_line_and_a_way_out(town: Town) -> None:
    write_sites(town, [device("core", CORE, 161, root=True), device("point", SWITCH, 161, uplink="core")])
    del town.environ["HOTSPOT_SNMP_COMMUNITY"]

    code, said = check(town)

    assert code == 1
    assert "devices.core.snmp: secret snmp-community is missing: set HOTSPOT_SNMP_COMMUNITY" in said
    assert "(1 more ask for it)" in said


def check(town: Town) -> tuple[int, str]:
    log = town.folder / "check.log"
    command = [sys.executable, "-m", "monitor", "--check", "--sites", str(town.folder / "sites.yaml")]
    with running(command, log, town.environ, cwd=ROOT) as process:
        code = process.wait(20)
    return code, log.read_text()


@pytest.fixture
def island() -> Iterator[Namespace]:
    """A network of its own, in which the kernel's rules about echoes are ours."""
    with namespace() as made:
        yield made


def only_echoes(town: Town) -> None:
    devices = [device("core", CORE, 161, root=True, ping=True), device("point", SWITCH, 161, uplink="core", ping=True)]
    for row in devices:
        del row["snmp"]
    write_sites(town, devices)


def test_echoes_alone_are_evidence_and_their_times_are_kept_by_the_hour(town: Town, island: Namespace) -> None:
    only_echoes(town)
    island.allow_ping_sockets()
    with town.monitor(island):
        town.wait_for(core="up", point="up")
    with town.store.reading() as connection:
        kept = {(row.subject, row.what) for row in connection.execute(select(reading_hours))}

    assert kept == {(name, what) for name in ("core", "point") for what in ("rtt", "loss")}


def test_where_the_kernel_forbids_echoes_nothing_is_called_down(town: Town, island: Namespace) -> None:
    only_echoes(town)
    island.run("/usr/sbin/sysctl", "-w", "net.ipv4.ping_group_range=1 0")
    with town.monitor(island):
        town.wait_for(core="unknown", point="unknown")
        time.sleep(3)

    assert town.rows(incidents) == []
    assert "the kernel forbids ping sockets" in town.said()
