"""Which DHCP servers are foreign, what their incident says, and when it closes."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotspot.sites.model import Sensor
from monitor.rogue import Finding, Look, Server, foreign, incident, of_evidence, read_look

SENSORS = (Sensor(site="alun-alun-besar", interface="eth0", dhcp_servers=("10.66.2.1",)),)
LEGAL, ROGUE = Server("10.66.2.1", "10.66.2.1", "02:00:5e"), Server("192.168.1.1", "192.168.1.1", "02:11:22")
ROOT = Path(__file__).parent.parent.parent.parent


def test_a_server_that_the_sensor_does_not_allow_is_foreign() -> None:
    assert foreign(Look("eth0", (LEGAL, ROGUE)), SENSORS) == (Finding("alun-alun-besar", "eth0", ROGUE),)
    assert foreign(Look("eth0", (LEGAL,)), SENSORS) == ()


def test_a_look_from_an_interface_that_nobody_declared_says_nothing() -> None:
    assert foreign(Look("eth9", (ROGUE,)), SENSORS) == ()


def test_the_incident_says_where_to_look_and_holds_no_whole_hardware_address() -> None:
    row = incident(Finding("alun-alun-besar", "eth0", ROGUE), 1_780_000_000.7)

    assert (row["cause"], row["kind"], row["subject"]) == ("rogue-dhcp", "site", "alun-alun-besar")
    assert row["opened_at"] == 1_780_000_000
    assert row["evidence"] == (
        "DHCP server 192.168.1.1 on eth0 is not among dhcp_servers of sites.yaml; it sends clients to the router "
        "192.168.1.1; its hardware address begins with 02:11:22"
    )
    assert of_evidence(str(row["evidence"])) == ("192.168.1.1", "eth0")


def test_a_line_of_the_sidecar_is_read() -> None:
    server = '{"server": "10.1.1.1", "router": "", "maker": "02:11:22"}'
    line = f'{{"probe": "dhcp", "interface": "eth0", "servers": [{server}]}}'.encode()

    assert read_look(line) == Look("eth0", (Server("10.1.1.1", "", "02:11:22"),))


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"probe": "dhcp", "interface": 3, "servers": []}',
        b'{"probe": "dhcp", "interface": "eth0", "servers": [{"server": "<b>", "maker": ""}]}',
        b'{"probe": "dhcp", "interface": "eth0", "servers": [{"server": "10.1.1.1"}]}',
        b'{"probe": "dhcp", "interface": "eth0", "servers": null}',
        b"\xff\xfe",
    ],
)
def test_any_other_line_is_passed_over(line: bytes) -> None:
    assert read_look(line) is None


def test_every_file_of_the_sidecar_says_its_licence_first_and_nobody_imports_it() -> None:
    sidecar = sorted((ROOT / "monitor" / "sidecar").glob("*.py"))

    assert len(sidecar) >= 3
    for path in sidecar:
        assert path.read_text().startswith("# SPDX-License-Identifier: GPL-2.0-only\n"), path
    for path in set((ROOT / "monitor").rglob("*.py")) - set(sidecar):
        assert "from monitor.sidecar" not in path.read_text(), path
