"""A fault script played against the monitor's own schedule and tick, in virtual time and without a socket."""

from __future__ import annotations

import heapq
import random
from dataclasses import dataclass, field, replace

from bench.monitor.memory import Alert, Memory
from bench.monitor.script import BEGIN, MINUTE, Act, Script
from hotspot.sites import Device, Nas, Sites
from lab.device import DeviceState, PortState, state_of
from lab.faults import Faults
from lab.network import Network
from monitor.facts import Facts
from monitor.maintenance import Window
from monitor.reading import Reading
from monitor.schedule import Schedule
from monitor.snapshot import Answers, Polled, Port, Snapshot
from monitor.subject import Subject as Watched
from monitor.tick import Ticker

INTERVAL = 60.0
REQUESTS, TRIES, ECHOES = 6, 2, 3  # of a poll
QUIET = 5.0
COALESCE = 1.0
_UPTIME = 40 * 86_400.0
_WAIT = 3.0  # seconds for one unanswered request


@dataclass(order=True)
class Pending:
    ends: float
    polled: Polled = field(compare=False)


class Replay:
    def __init__(self, sites: Sites, network: Network, script: Script) -> None:
        self.script = script
        self.chance = random.Random(f"weather/{script.seed}")  # noqa: S311 - repeatable, no secret
        boots = dict.fromkeys(network.nodes, BEGIN - _UPTIME)
        self.faults = Faults(network, BEGIN, boots)
        self.kinds = {device.id: "device" for device in sites.devices} | {nas.id: "nas" for nas in sites.nases}
        rows: list[Device | Nas] = [*sites.devices, *sites.nases]
        self.watched = {row.id for row in rows if row.snmp or row.ping}
        self.snmp, self.ping = {row.id for row in rows if row.snmp}, {row.id for row in rows if row.ping}
        self.memory = Memory([Window(*window, reason="work") for window in script.windows])
        self.snapshot = Snapshot(INTERVAL)
        nothing = dict.fromkeys(self.watched, Watched("", "", "", None, None, ping=False))  # type: ignore[arg-type]
        self.ticker = Ticker(sites, nothing, self.snapshot, self.memory)
        self.schedule = Schedule(self.watched, INTERVAL, BEGIN)
        self.blind = False
        self.polls = self.ticks = 0

    def run(self) -> list[Alert]:
        now, ticked, pending = BEGIN, BEGIN, list[Pending]()
        acts = list(self.script.acts)
        while now < BEGIN + self.script.minutes * MINUTE:
            while acts and acts[0].at <= now:
                self._do(acts.pop(0))
            for name in self.schedule.due(now, now):
                self.schedule.begin(name, now, now)
                heapq.heappush(pending, self._poll(name, now))
            news = False
            while pending and pending[0].ends <= now:
                done = heapq.heappop(pending).polled
                self.schedule.end(done.id)
                self.snapshot.put(done)
                news = True
            if news or now - ticked >= QUIET:
                self._tick(now)
                ticked = now
            now += COALESCE
        return self.memory.alerts

    def _tick(self, now: float) -> None:
        self.ticks += 1
        for name in self.ticker.tick(now, Facts()).ask:
            self.schedule.poke(name)

    def _do(self, act: Act) -> None:
        match act.word:
            case "cut":
                self.faults.cut(act.on, act.at)
            case "mend":
                self.faults.mend(act.on, act.at)
            case "fade":
                self.faults.fade(act.on, act.amount, act.at)
            case "kill":
                self.faults.kill(act.on, act.at)
            case "revive":
                self.faults.revive(act.on, act.at)
            case "reboot":
                self.faults.reboot(act.on, act.at, act.amount, renumber=True)
            case _:
                self.blind = act.word == "blind"

    # --- one poll

    def _poll(self, name: str, at: float) -> Pending:
        self.polls += 1
        before = self.snapshot.polled.get(name, Polled(self.kinds[name], name))
        there = not self.blind and self.faults.reaches(name, at)
        echoed = there and name in self.ping and any(not self._lost() for _ in range(ECHOES))
        asked = [there and self._answered() for _ in range(REQUESTS)] if name in self.snmp else [echoed]
        if all(asked):
            answers = self._answers(name, at) if name in self.snmp else Answers(at, {}, (), {}, {}, ())
            found = replace(before, answers=answers, tried_at=at, error="", missed=0, alive=True)
            return Pending(at + self.chance.uniform(0.1, 1.5), found)
        alive = echoed or asked[0]
        missed = replace(before, tried_at=at, error="no answer", missed=before.missed + 1, alive=alive)
        return Pending(at + TRIES * _WAIT, missed)

    def _lost(self) -> bool:
        """There or back."""
        return self.chance.random() < 1 - (1 - self.script.loss) ** 2

    def _answered(self) -> bool:
        return any(not self._lost() for _ in range(TRIES))

    def _answers(self, name: str, at: float) -> Answers:
        state = state_of(name, self.faults, at, lambda _site: 3)
        kind = self.kinds[name]
        ports = tuple(_port(port) for port in state.ports)
        readings = [Reading(kind, name, "uptime", state.uptime, at), *self._light(kind, state)]
        return Answers(at, {"sysUpTime": int(state.uptime * 100)}, ports, {}, {}, tuple(readings))

    def _light(self, kind: str, state: DeviceState) -> list[Reading]:
        found = []
        for port in state.ports:
            if port.optics and port.optics.received is not None:
                noise = self.chance.gauss(0, 0.15)
                found.append(
                    Reading(kind, state.name, "rx-power", port.optics.received + noise, state.at, port.port.name)
                )
            if port.optics:
                found.append(Reading(kind, state.name, "tx-power", port.optics.sent, state.at, port.port.name))
        return found


def _port(state: PortState) -> Port:
    values = {
        "ifOperStatus": 1 if state.up else 2,
        "ifAdminStatus": 1 if state.enabled else 2,
        "ifLastChange": int(state.changed * 100),
    }
    return Port(state.index, state.port.name, state.alias, state.port.name, values)
