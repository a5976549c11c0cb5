"""Tells the Linux kernel who may pass: nftables, HTB classes and addresses, each change one batch for all clients."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable

from gateway import counters, elements, ground, ruleset, shaping
from gateway.admission import Admission, Octets
from gateway.elements import Online
from gateway.place import Place
from hotspot.command import OperatorError

_TABLE = ("list", "table", "inet", ruleset.TABLE)


class Kernel:
    """Enforces what the keeper decides (``gateway.admission.Enforcer``) on the interfaces of one place."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._ground = ground.Ground(bridged=False, elsewhere=(), addresses=frozenset(), headers={})
        self._online: dict[int, Online] = {}

    def install(self) -> None:
        """Load ruleset and classes; what is online already stays online, established flows go on."""
        self._look()
        table = _try("nft", "-j", *_TABLE)
        self._online = counters.online(table) if table else {}
        before = counters.remark(_try("nft", *_TABLE))
        remark = self._stand(before)
        for device in (self._place.lan, self._place.wan):
            if not shaping.has_root(_run("tc", "qdisc", "show", "dev", device)):
                _run("tc", "-batch", "-", text=shaping.root(device))
        if not (table and remark == before and self._renewed(remark)):
            self._load(table, remark)

    def admit(self, admissions: Iterable[Admission]) -> None:
        """Let clients through, all in one batch; admitting one again renews its limits and safety net."""
        admissions = tuple(admissions)
        if not admissions:
            return
        fresh = {admission.mark: Online.of(admission) for admission in admissions}
        macs = {client.mac for client in fresh.values()}
        stale = [client for client in self._online.values() if client.mark in fresh or client.mac in macs]
        bridged = self._ground.bridged
        _run("tc", "-batch", "-", text=shaping.classes(self._place, admissions))
        _run(
            "nft",
            "-f",
            "-",
            text=elements.take(stale, bridged=bridged) + elements.put(fresh.values(), bridged=bridged),
        )
        self._online.update(fresh)

    def cut(self, marks: Iterable[int]) -> dict[int, Octets]:
        """Stop clients at once, established flows too; the last counters of each."""
        marks = set(marks)
        gone = [self._online[mark] for mark in marks if mark in self._online]
        if gone:
            _run("nft", "-f", "-", text=elements.take(gone, bridged=self._ground.bridged))
        left = sorted(marks & self.counters().keys())  # of one whose safety net ran out the classes are left
        if not left:
            return {}
        self._batch(shaping.no_queues(self._place, left))
        last = self.counters()
        self._batch(shaping.no_classes(self._place, left))
        for client in gone:
            del self._online[client.mark]
        return {mark: last[mark] for mark in left}

    def counters(self) -> dict[int, Octets]:
        """Of every client online, read in one batch."""
        return counters.together(self._sent(self._place.wan), self._sent(self._place.lan))

    def remove(self) -> None:
        """Leave no rule, class or address behind."""
        self._look()
        remark = counters.remark(_try("nft", *_TABLE))
        _run("nft", "-f", "-", text=ruleset.erase())
        for device in (self._place.lan, self._place.wan):
            if shaping.has_root(_try("tc", "qdisc", "show", "dev", device)):
                _run("tc", "-batch", "-", text=shaping.no_root(device))
        before, ours = ground.recalled(remark, self._switches()) or ({}, ())
        for address in ours:
            _try("ip", "addr", "del", address, "dev", self._place.lan)
        ground.flip(before)
        self._online = {}

    def _batch(self, text: str) -> None:
        """Take away; what is gone already is no error."""
        _run("tc", "-force", "-batch", "-", text=text, forgiving=True)

    def _look(self) -> None:
        links = _run("ip", "-j", "-d", "link")
        addresses = _try("ip", "-j", "addr", "show", "dev", self._place.lan) or "[]"
        self._ground = ground.read(links, addresses, self._place, counters.ETHERNET_HEADER)
        for device in (self._place.lan, self._place.wan):
            if device not in self._ground.headers:
                raise OperatorError(f"there is no network interface {device}; put its name right in the sites file")

    def _stand(self, remark: str) -> str:
        """Addresses and switches; what they were is noted at the first install and kept by later ones."""
        before, ours = ground.recalled(remark, self._switches()) or ({}, ())
        wanted = ground.wanted(self._place)
        missing = tuple(address for address in wanted if address not in self._ground.addresses)
        for address in missing:
            _run("ip", "addr", "add", address, "dev", self._place.lan, *(["nodad"] if ":" in address else []))
        for address in set(ours) - set(wanted):
            _try("ip", "addr", "del", address, "dev", self._place.lan)
        found = ground.flip(ground.switches(self._place, bridged=self._ground.bridged))
        return ground.noted({**found, **before}, tuple(address for address in wanted if address in {*ours, *missing}))

    def _switches(self) -> tuple[str, ...]:
        return tuple(ground.switches(self._place, bridged=self._ground.bridged))

    def _renewed(self, remark: str) -> bool:
        """New rules around standing sets, so that no packet on its way misses them; False where a set has changed."""
        bridged, elsewhere = self._ground.bridged, self._ground.elsewhere
        text = ruleset.renew(self._place, bridged=bridged, elsewhere=elsewhere, remark=remark)
        done = subprocess.run(("nft", "-f", "-"), input=text, capture_output=True, text=True, check=False)
        return done.returncode == 0

    def _load(self, table: str, remark: str) -> None:
        bridged = self._ground.bridged
        text = ruleset.render(self._place, bridged=bridged, elsewhere=self._ground.elsewhere, remark=remark)
        if table:
            text += ruleset.garden(counters.garden(table, "garden4"), counters.garden(table, "garden6"))
        _run("nft", "-f", "-", text=text + elements.put(self._online.values(), bridged=bridged))

    def _sent(self, device: str) -> dict[int, tuple[int, int]]:
        return counters.sent(_run("tc", "-s", "class", "show", "dev", device), self._ground.headers.get(device, 0))


def _try(*command: str) -> str:
    """What a command printed, or nothing when there is nothing to show."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else ""


def _run(*command: str, text: str = "", forgiving: bool = False) -> str:
    """A batch names clients, so of what the program complains only the reason is repeated, never the line."""
    try:
        done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise OperatorError(f"{command[0]} is not installed; apt install nftables iproute2") from error
    if done.returncode and not forgiving:
        raise OperatorError(f"{' '.join(command)} failed: {_reason(done.stderr or done.stdout)}")
    return done.stdout


def _reason(complaint: str) -> str:
    first = complaint.split("\n", 1)[0].rpartition("Error: ")[2]
    right = "not permitted" in first or "denied" in first
    return f"{first}; run it as root or with CAP_NET_ADMIN" if right else first
