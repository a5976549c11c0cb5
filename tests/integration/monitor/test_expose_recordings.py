"""The SNMP page of real devices, from their recordings: readable by Prometheus, and never the same series twice."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Callable, Iterator

import pytest

from hotspot.metrics import page_of
from hotspot.secret import Secret
from monitor.expose import compat
from monitor.kinds import KINDS, Found
from monitor.probe import answers, ask
from monitor.snapshot import Polled
from monitor.snmp.agent import Access
from monitor.snmp.library import open_library
from tests.peers.process import program
from tests.peers.recordings import snmpsim

# The last two name many ports alike: 146 ports of a switch, the shelves of an OLT.
DEVICES = {
    "routeros": "mikrotik",
    "unifi_nanohd": "unifi",
    "jetstream_t2600g-28ts": "jetstream",
    "vrp_5720": "generic",
    "zxa10_c320": "generic",
}
Show = Callable[[str], str]


@pytest.fixture(scope="module")
def show(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Show]:
    with snmpsim(tmp_path_factory.mktemp("snmpsim"), list(DEVICES)) as port:

        async def page(recording: str) -> str:
            library, kind = open_library(), KINDS[DEVICES[recording]]
            found = await ask(library.agent(Access("127.0.0.1", port, "2c", Secret(recording))), kind)
            library.close()
            assert isinstance(found, Found), found
            polled = Polled("device", recording, answers("device", recording, kind, found, at=1.0))
            assert polled.answers
            return page_of(compat.families(polled, polled.answers)).decode()

        yield lambda recording: asyncio.run(page(recording))


@pytest.mark.parametrize("recording", DEVICES)
def test_no_series_of_a_real_device_is_there_twice_and_prometheus_can_read_it(show: Show, recording: str) -> None:
    page = show(recording)
    series = [line.rsplit(" ", 1)[0] for line in page.splitlines() if not line.startswith("#")]
    done = subprocess.run(
        [program("promtool", "prometheus"), "check", "metrics"], input=page.encode(), capture_output=True, check=False
    )

    assert len(series) > 10
    assert len(series) == len(set(series))
    assert done.returncode == 3, done.stderr  # 3: readable, with complaints of style; 1: not readable


def test_the_figures_that_dashboards_of_snmp_exporter_ask_for_are_there(show: Show) -> None:
    router, point, switch = show("routeros"), show("unifi_nanohd"), show("jetstream_t2600g-28ts")

    assert 'mtxrOpticalRxPower{mtxrOpticalIndex="25",mtxrOpticalName="sfp1"} -5673.0' in router
    assert 'mtxrWlApClientCount{mtxrWlApIndex="1",mtxrWlApSsid="WARKOP-KOPIBOSS-B"} 7.0' in router
    assert 'unifiVapEssId="homewifi_ac"' in point
    assert "ddmStatusRxPow{" in switch
    assert "N/A" not in switch
