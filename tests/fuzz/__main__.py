"""make fuzz: mutants against our parser beside pyrad, the service beside FreeRADIUS, and arrivals at the portal."""

from __future__ import annotations

import argparse
import json
import secrets
import socket
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from random import Random

from tests.chaos.__main__ import free_ports, town_on
from tests.chaos.trial import Result
from tests.conftest import ROOT, prepared
from tests.fuzz.arrivals import arrived
from tests.fuzz.mutants import mutant, seeds
from tests.fuzz.opinions import STRICTER, opinion
from tests.fuzz.street import differences, street
from tests.peers.process import running
from tests.peers.radclient import SEAL

OUTPUT = ROOT / "var" / "fuzz.json"
NAS = "gw-alun-alun-besar"
MOST_LINES = 100  # that a flood may make the service log


def main() -> int:
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("--mutants", type=int, default=300_000, help="for the parser (default 300,000)")
    parser.add_argument("--sent", type=int, default=60_000, help="to the service (default 60,000)")
    parser.add_argument("--verdicts", type=int, default=60_000, help="to it and to FreeRADIUS (default 60,000)")
    parser.add_argument("--arrivals", type=int, default=30_000, help="at the portal (default 30,000)")
    parser.add_argument("--seed", type=int, default=None, help="repeat an earlier run")
    arguments = parser.parse_args()
    seed = secrets.randbelow(10**6) if arguments.seed is None else arguments.seed
    print(f"seed {seed}", flush=True)
    results = [
        parsed(arguments.mutants, Random(seed)),
        served(arguments.sent, Random(seed)),
        compared(arguments.verdicts, Random(seed)),
        arrived(arguments.arrivals, Random(seed)),
    ]
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(json.dumps([asdict(result) for result in results], indent=1) + "\n")
    print(f"written to {OUTPUT}")
    return int(any(result.lost or result.crashes for result in results))


def parsed(number: int, random: Random) -> Result:
    """``acknowledged`` is what both take for a packet, ``lost`` a difference that is not meant."""
    models, differences, unmeant, crashes, agreed, slowest = seeds(), Counter[str](), 0, 0, 0, 0.0
    began, spent = time.perf_counter(), 0.0
    for _ in range(number):
        octets = mutant(random.choice(models), random)
        try:
            found = opinion(octets)
        except Exception as error:  # noqa: BLE001 - the finding that this is made for
            print(f"CRASH {error!r} on {octets.hex()}")
            crashes += 1
            continue
        spent, slowest = spent + found.seconds, max(slowest, found.seconds)
        agreed += found.ours is None and found.pyrads is None
        if not found.is_agreed:
            word = next((one for one in STRICTER if (found.ours or "").startswith(one)), "")
            differences[word or f"UNMEANT: {found.ours} / {found.pyrads}"] += 1
        if not found.is_meant:
            unmeant += 1
            print(f"UNMEANT {found} on {octets.hex()}")
    print(f"parser: {number} mutants, {1e6 * spent / number:.1f} us each, slowest {1e3 * slowest:.2f} ms, "
          f"{crashes} crashes; both take {agreed}")  # fmt: skip
    for word, count in differences.most_common():
        print(f"  we refuse {count:>7} that pyrad takes: {word} ({STRICTER.get(word, 'not meant')})")
    return Result("parser beside pyrad", number, number, agreed, unmeant, crashes, time.perf_counter() - began)


def served(number: int, random: Random) -> Result:
    """The real process, from a NAS's address: it lives, it says little, and it still answers the NAS."""
    models, began = seeds(), time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="hotspot-fuzz-") as folder, prepared(f"sqlite:///{folder}/h.db") as store:
        town = town_on(Path(folder), store)
        with running(town.command, town.log, town.environ | free_ports(), cwd=ROOT) as process:
            town.wait_ready()
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as nas:
                nas.bind((town.sites.nas[NAS].address, 0))
                for place in range(number):
                    host, _, port = town.address("auth" if place % 2 else "acct").rpartition(":")
                    nas.sendto(mutant(random.choice(models), random)[:9000], (host, int(port)))
                    if place % 64 == 0:
                        time.sleep(0.001)
            code = town.ask("status", NAS, SEAL, wait=5).code
            crashed = int(process.poll() is not None)
        lines = town.log.read_text().splitlines()
    traces = sum("traceback" in line.lower() for line in lines)
    print(f"service: {number} mutants, then Status-Server: {code}; {len(lines)} lines of log, {traces} tracebacks")
    bad = int(code != "Access-Accept") + int(len(lines) > MOST_LINES)
    return Result("running service", number, number, int(not bad), bad, crashed + traces, time.perf_counter() - began)


def compared(number: int, random: Random) -> Result:
    """``acknowledged`` is what FreeRADIUS answered, ``lost`` a difference that is not meant."""
    began, step = time.perf_counter(), 1000
    answered, meant, unmeant = 0, 0, list[str]()
    with tempfile.TemporaryDirectory(prefix="hotspot-fuzz-") as folder:
        database = f"sqlite:///{folder}/h.db"
        with prepared(database) as store, street(Path(folder), database, store) as both:
            for done in range(0, number, step):
                found = differences(both, min(step, number - done), random)
                answered, meant = answered + found.answered, meant + found.meant
                unmeant += found.unmeant
    for line in unmeant:
        print(f"UNMEANT {line}")
    print(f"FreeRADIUS: {number} mutants, {answered} answered there, {meant} meant differences, {len(unmeant)} others")
    return Result("service beside FreeRADIUS", number, number, answered, len(unmeant), 0, time.perf_counter() - began)


if __name__ == "__main__":
    sys.exit(main())
