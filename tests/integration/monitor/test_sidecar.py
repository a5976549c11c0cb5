"""The sensor on a network with two real DHCP servers, one of which nobody asked for."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from hotspot.tables import incidents
from tests.peers.dnsmasq import dhcp_server
from tests.peers.house import ROOT, build
from tests.peers.namespace import Namespace, bridge, join, namespace
from tests.peers.process import program, running, wait_until

LOOK = ("-m", "monitor.sidecar", "--interface", "s0", "--wait", "2")

# The monitor's half, as its main does it: look, judge, print what is new. Its sidecar is killed once by its pid.
WATCH = """
import asyncio, json, os, signal, sys
from pathlib import Path
from hotspot.metrics import page_of
from hotspot.sites.model import Sensor
from monitor.rogue import foreign
from monitor.watch import Watch
sensors = (Sensor(site="alun-alun-besar", interface="s0", dhcp_servers=("10.66.2.1",)),)
def children():
    return [int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]
async def main():
    looks = asyncio.Queue()
    watch = Watch(sensors, Path(sys.argv[1]), looks.put_nowait, every=1, wait=2)
    import monitor.watch
    monitor.watch._FIRST_PAUSE = 0.1
    await watch.start()
    lives = []
    for _ in range(2):
        look = await asyncio.wait_for(looks.get(), 40)
        lives.append(children())
        found = sorted(one.server.server for one in foreign(look, sensors))
        print(json.dumps(found), flush=True)
        for pid in lives[-1]:
            os.kill(pid, signal.SIGKILL)
        while set(children()) & set(lives[-1]):
            await asyncio.sleep(0.05)
        while not looks.empty():
            looks.get_nowait()
    print(page_of(watch.families(1000.0)).decode().splitlines()[-1].rsplit(".", 1)[0][:72], flush=True)
    await watch.stop()
    print(json.dumps([lives[0] != lives[1], children(), os.path.exists(sys.argv[1])]))
asyncio.run(main())
"""


@dataclass
class Hall:
    """A switch with a sensor, the legal server and room for a rogue."""

    sensor: Namespace
    rogue: Namespace
    folder: Path


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    with ExitStack() as stack:
        switch, sensor, legal, rogue = (stack.enter_context(namespace()) for _ in range(4))
        join((switch, "p0", ""), (sensor, "s0", ""))
        join((switch, "p1", ""), (legal, "l0", "10.66.2.1/24"))
        join((switch, "p2", ""), (rogue, "r0", "192.168.9.1/24"))
        bridge(switch, "br0", "p0", "p1", "p2")
        stack.enter_context(dhcp_server(legal, "l0", "10.66.2.100", "10.66.2.200", tmp_path))
        yield Hall(sensor, rogue, tmp_path)


def servers(line: str) -> dict[str, dict[str, str]]:
    said = json.loads(line)
    assert (said["probe"], said["interface"]) == ("dhcp", "s0")
    return {one["server"]: one for one in said["servers"]}


def test_all_servers_of_a_network_are_seen_and_only_half_of_their_hardware_address(hall: Hall) -> None:
    assert set(servers(hall.sensor.run(sys.executable, *LOOK, "--once"))) == {"10.66.2.1"}

    with dhcp_server(hall.rogue, "r0", "192.168.9.100", "192.168.9.200", hall.folder):
        seen = servers(hall.sensor.run(sys.executable, *LOOK, "--once"))

    assert set(seen) == {"10.66.2.1", "192.168.9.1"}
    assert seen["192.168.9.1"]["router"] == "192.168.9.1"
    assert len(seen["192.168.9.1"]["maker"]) == len("02:11:22")


def test_the_right_to_raw_sockets_is_enough_and_its_absence_is_one_sentence(hall: Hall) -> None:
    setpriv = program("setpriv", "util-linux")
    nobody = (setpriv, "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs")
    with_right = (*nobody, "--inh-caps=-all,+net_raw", "--ambient-caps=-all,+net_raw", "--bounding-set=-all,+net_raw")

    assert set(servers(hall.sensor.run(*with_right, sys.executable, *LOOK, "--once"))) == {"10.66.2.1"}
    with pytest.raises(AssertionError, match="give it CAP_NET_RAW"):
        hall.sensor.run(*nobody, "--bounding-set=-all", sys.executable, *LOOK, "--once")


def test_an_interface_that_does_not_exist_is_one_sentence(hall: Hall) -> None:
    with pytest.raises(AssertionError, match="eth99: cannot look at this interface") as failure:
        hall.sensor.run(sys.executable, "-m", "monitor.sidecar", "--interface", "eth99", "--once")

    assert "Traceback" not in str(failure.value)


def test_the_watch_starts_the_sidecar_finds_the_rogue_and_starts_it_again(hall: Hall) -> None:
    with dhcp_server(hall.rogue, "r0", "192.168.9.100", "192.168.9.200", hall.folder):
        lines = hall.sensor.python(WATCH, str(hall.folder / "sensor.sock")).splitlines()

    assert lines[:2] == ['["192.168.9.1"]', '["192.168.9.1"]'], "before and after the sidecar was killed"
    assert lines[2].startswith('hotspot_sensor_last_success_timestamp_seconds{site="alun-alun-besar"} ')
    assert lines[3] == "[true, [], false]", "another process, nothing left behind"


def test_the_real_monitor_opens_an_incident_for_the_rogue(hall: Hall) -> None:
    town = hall.folder / "town.yaml"
    sensor = "{site: alun-alun-besar, interface: s0, dhcp_servers: [10.66.2.1]}"
    town.write_text((ROOT / "sites.yaml").read_text().replace("sensors: []", f"sensors: [{sensor}]"))
    home = build(hall.folder, town)
    with dhcp_server(hall.rogue, "r0", "192.168.9.100", "192.168.9.200", hall.folder), home.store() as store:
        command = hall.sensor.command(str(Path(sys.executable).parent / "hotspot-monitor"))
        with running(command, hall.folder / "monitor.log", home.environ, ROOT) as monitor:

            def opened() -> list[tuple[str, str, str]]:
                with store.reading() as connection:
                    query = select(incidents.c.cause, incidents.c.subject, incidents.c.evidence)
                    return [(row.cause, row.subject, row.evidence) for row in connection.execute(query)]

            wait_until(opened, "an incident is open", 30)
            monitor.terminate()
            assert monitor.wait(3) == 0

    ((cause, subject, evidence),) = opened()
    assert (cause, subject) == ("rogue-dhcp", "alun-alun-besar")
    assert evidence.startswith("DHCP server 192.168.9.1 on s0 is not among dhcp_servers of sites.yaml")


def test_a_sidecar_ends_with_its_monitor_and_on_sigterm(hall: Hall) -> None:
    log = hall.folder / "sidecar.log"
    command = hall.sensor.command(sys.executable, *LOOK[:-1], "1", "--every", "300")
    with running(command, log) as process:
        wait_until(lambda: "10.66.2.1" in log.read_text(), "the first look")
        process.terminate()
        assert process.wait(3) == 0
    with running([*command, "--child"], log) as process:  # its standard input is closed from the beginning
        assert process.wait(20) == 0
