"""A small snapshot that tests of the monitor's pages start from: two devices, a link, an access point with clients."""

from __future__ import annotations

from monitor.reading import Reading
from monitor.snapshot import Answers, LinkEndView, LinkView, Polled, Port, Snapshot

NOW = 1_780_000_000.0


def port(index: int, name: str, **values: int) -> Port:
    return Port(index, name, "to Bruno", name, {"ifOperStatus": 1, "ifAdminStatus": 1, **values})


def answers(at: float = NOW - 10) -> Answers:
    return Answers(
        at=at,
        system={"sysUpTime": 123456, "sysName": "core", "sysDescr": 'RouterOS "7"\nCRS'},
        ports=(
            port(1, "sfp1", ifHCInOctets=2**53 + 7, ifHCOutOctets=5, ifType=6),
            port(2, "sfp2", ifHCInOctets=8, ifType=999),
        ),
        scalars={"mtxrHlTemperature": 330, "mtxrFirmwareVersion": "7.1"},
        tables={"mtxrOpticalTable": {"1": {"mtxrOpticalName": "sfp1", "mtxrOpticalRxPower": -5673}}},
        readings=(Reading("device", "core-kutoarjo", "rx-power", -5.673, at, "sfp1"),),
    )


def snapshot() -> Snapshot:
    made = Snapshot(interval=60)
    made.put(Polled("device", "core-kutoarjo", answers(), NOW - 10, seconds=0.2, alive=True))
    clients = Reading("device", "ap-romansa-kuliner-1", "clients", 7, NOW - 10, "Purworejo-Gratis")
    echoes = tuple(
        Reading("device", "ap-romansa-kuliner-1", what, value, NOW - 10)
        for what, value in (("rtt", 0.012), ("loss", 0))
    )
    ap = Answers(NOW - 10, {"sysUpTime": 5}, (), {}, {}, (clients,))
    made.put(Polled("device", "ap-romansa-kuliner-1", ap, NOW - 10, alive=True, probes=echoes))
    made.put(Polled("device", "sw-bruno", None, NOW - 10, error="no answer within 3 s", missed=4))
    made.links["bruno"] = LinkView(
        "bruno",
        "down",
        LinkEndView("core-kutoarjo", "sfp6", up=False, rx_dbm=-5.673, tx_dbm=-2.0),
        LinkEndView("sw-bruno", "sfp1", tx_dbm=1.0),
    )
    made.links["grabag"] = LinkView(
        "grabag", "shadow", LinkEndView("core-kutoarjo", "sfp2"), LinkEndView("sw-grabag", "sfp1")
    )
    made.states = {
        ("device", "core-kutoarjo"): "up",
        ("device", "ap-romansa-kuliner-1"): "weak",
        ("device", "sw-bruno"): "shadow",
        ("nas", "gw-romansa-kuliner"): "down",
        ("link", "bruno"): "down",
    }
    made.incidents_open = {"link-down": 1}
    return made
