"""make bench-monitor, second part: varbinds for each second of processor time, beside Debian's exporter and net-snmp.

All ask the same snmpd with forty ports, in a network namespace. Last comes a town of a thousand devices, a tenth dead.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import yaml

from bench.monitor.asker import COLUMNS
from bench.monitor.scrape import scrape_rows, waiting_rows
from bench.row import Row, row, table, write
from tests.peers.namespace import Namespace, namespace
from tests.peers.process import program, running, wait_until
from tests.peers.snmp_agent import COMMUNITY
from tests.peers.snmpd import _CONFIG, AUTH, PRIV, USER

ROOT = Path(__file__).parents[2]
OUTPUT = ROOT / "var" / "bench" / "monitor-polling.json"
PORTS, AGENT, EXPORTER = 40, 10161, 9116
_AUTH = {"username": USER, "security_level": "authPriv", "password": AUTH, "auth_protocol": "SHA256"}
V3 = {**_AUTH, "priv_protocol": "AES", "priv_password": PRIV}


@dataclass(frozen=True)
class Ground:
    place: Namespace
    exporter: int  # its pid

    def asker(self, *words: str) -> dict[str, float]:
        out = self.place.run(sys.executable, "-m", "bench.monitor.asker", *words)
        found: dict[str, float] = json.loads(out.splitlines()[-1])
        return found


@contextmanager
def ground(folder: Path) -> Iterator[Ground]:
    with ExitStack() as stack:
        place = stack.enter_context(namespace())
        for number in range(PORTS // 2):
            place.ip("link", "add", f"a{number}", "type", "veth", "peer", "name", f"b{number}")
        place.ip("addr", "add", "10.99.0.1/16", "dev", "a0")
        for words in (("a0", "arp", "off"), ("a0", "up"), ("b0", "up")):  # what goes to 10.99/16 is lost without a word
            place.ip("link", "set", *words)
        (folder / "snmpd.conf").write_text(_CONFIG)
        (folder / "snmp.yml").write_text(yaml.safe_dump({f"v{v}": module(v) for v in (2, 3)}))
        agent = [
            program("snmpd", "snmpd"),
            "-f",
            "-Lo",
            "-C",
            "-c",
            f"{folder}/snmpd.conf",
            "-I",
            "-smux",
            f"udp:{AGENT}",
        ]
        environ = {**os.environ, "SNMP_PERSISTENT_DIR": str(folder / "state"), "MIBS": ""}
        stack.enter_context(running(place.command(*agent), folder / "snmpd.log", environ))
        peer = [program("prometheus-snmp-exporter", "prometheus-snmp-exporter"), f"--config.file={folder}/snmp.yml"]
        peer += [f"--web.listen-address=127.0.0.1:{EXPORTER}"]
        process = stack.enter_context(
            running(place.command(*peer), folder / "exporter.log", {**os.environ, "GOMAXPROCS": "1"})
        )
        made = Ground(place, process.pid)
        wait_until(lambda: made.asker("walk", "gufo_snmp", str(AGENT), "2c", "1")["varbinds"] > 0, "the agent answers")
        wait_until(lambda: "ifIndex" in scraped(made, "v2", 1), f"the exporter answers; see {folder}")
        yield made


def module(version: int) -> dict[str, object]:
    metrics = [
        {
            "name": f"c{n}",
            "oid": oid,
            "type": "gauge",
            "help": "x",
            "indexes": [{"labelname": "ifIndex", "type": "gauge"}],
        }
        for n, oid in enumerate(COLUMNS)
    ]
    auth = {"community": COMMUNITY} if version == 2 else V3
    return {"walk": COLUMNS, "metrics": metrics, "version": version, "max_repetitions": 25, "auth": auth}


_GET = """
import sys, urllib.request
for _ in range(int(sys.argv[2])):
    page = urllib.request.urlopen(sys.argv[1], timeout=20).read().decode()
print(page)
"""


def scraped(where: Ground, name: str, rounds: int) -> str:
    target = quote(f"127.0.0.1:{AGENT}")
    url = f"http://127.0.0.1:{EXPORTER}/snmp?module={name}&target={target}"
    try:
        return where.place.python(_GET, url, str(rounds))
    except AssertionError:
        return ""


def ours(where: Ground, library: str, version: str, rounds: int) -> float:
    found = where.asker("walk", library, str(AGENT), version, str(rounds))
    return found["varbinds"] / found["cpu"]


def exporter(where: Ground, version: str, rounds: int) -> float:
    before = cpu_of(where.exporter)
    page = scraped(where, "v3" if version == "3" else "v2", rounds)
    got = rounds * sum("{ifIndex=" in line for line in page.splitlines())
    return got / (cpu_of(where.exporter) - before)


def bulkwalk(where: Ground, version: str, rounds: int) -> float:
    """A process for each walk, as scripts use it; what starting it costs is part of it."""
    words = ["-v2c", "-c", COMMUNITY]
    if version == "3":
        words = ["-v3", "-l", "authPriv", "-u", USER, "-a", "SHA-256", "-A", AUTH, "-x", "AES", "-X", PRIV]
    command = where.place.command(
        program("snmpbulkwalk", "snmp"), *words, "-Cr25", "-m", "", "-On", f"127.0.0.1:{AGENT}"
    )
    before, got = _children(), 0
    for _ in range(rounds):
        for oid in COLUMNS:
            done = subprocess.run([*command, oid], capture_output=True, text=True, check=True)
            got += len(done.stdout.splitlines())
    return got / (_children() - before)


def cpu_of(pid: int) -> float:
    words = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def polling_rows(where: Ground, runs: int, rounds: int) -> Iterator[Row]:
    for version in ("2c", "3"):
        found: dict[str, list[float]] = {name: [] for name in ("gufo_snmp", "pysnmp", "exporter", "bulkwalk")}
        for _ in range(runs):
            found["gufo_snmp"].append(ours(where, "gufo_snmp", version, rounds))
            found["exporter"].append(exporter(where, version, rounds))
            found["pysnmp"].append(ours(where, "pysnmp", version, max(1, rounds // 20)))
            found["bulkwalk"].append(bulkwalk(where, version, 1))
        for library in ("gufo_snmp", "pysnmp"):
            for peer, told in (("exporter", "snmp_exporter 0.21"), ("bulkwalk", "snmpbulkwalk (net-snmp)")):
                name = f"SNMP v{version}, {library} beside {told.split(' ')[0]}"
                yield row(name, "varbinds/CPU s", found[library], found[peer], told)


def fleet_rows(where: Ground, healthy: int, dead: int) -> Iterator[Row]:
    found = where.asker("fleet", "gufo_snmp", str(AGENT), str(healthy), str(dead))
    name = f"{healthy + dead} devices x {len(COLUMNS) * (PORTS + 1)} varbinds, {dead} dead"
    yield row(f"{name}: healthy ones answered", "devices", [found["healthy"]])
    yield row(f"{name}: the last healthy answer", "s", [found["latest"]])
    yield row(f"{name}: processor time", "s", [found["cpu"]])


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench-monitor polling", description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=100)
    options = parser.parse_args(argv)
    began = time.monotonic()
    rows = [*scrape_rows(options.runs), *waiting_rows(options.runs)]
    with tempfile.TemporaryDirectory() as folder, ground(Path(folder)) as where:
        rows += polling_rows(where, options.runs, options.rounds)
        rows += fleet_rows(where, 900, 100)
    write(OUTPUT, rows)
    print(table(rows))
    print(f"written to {OUTPUT.relative_to(ROOT)} after {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
