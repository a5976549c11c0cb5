"""The agents of the town: each device and NAS with SNMP answers on its own address, while it can be reached."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence

from pysnmp.entity import config
from pysnmp.entity.engine import SnmpEngine

from hotspot.clock import Clock
from hotspot.secret import SecretSource
from hotspot.sites import Sites
from hotspot.sites.document import Path as KeyPath
from hotspot.sites.model import Snmp
from lab.agents import VENDORS, mikrotik, responder, standard
from lab.agents.rows import Oid, oid
from lab.agents.tree import Tree
from lab.device import Online, state_of
from lab.faults import Faults
from lab.network import Node

_AUTHENTICATION = {
    None: config.USM_AUTH_NONE,
    "md5": config.USM_AUTH_HMAC96_MD5,
    "sha1": config.USM_AUTH_HMAC96_SHA,
    "sha224": config.USM_AUTH_HMAC128_SHA224,
    "sha256": config.USM_AUTH_HMAC192_SHA256,
    "sha384": config.USM_AUTH_HMAC256_SHA384,
    "sha512": config.USM_AUTH_HMAC384_SHA512,
}
_PRIVACY = {
    None: config.USM_PRIV_NONE,
    "des": config.USM_PRIV_CBC56_DES,
    "aes128": config.USM_PRIV_CFB128_AES,
    "aes192": config.USM_PRIV_CFB192_AES_BLUMENTHAL,
    "aes256": config.USM_PRIV_CFB256_AES_BLUMENTHAL,
}
_NET_SNMP = oid("1.3.6.1.4.1.8072.3.2.10")
_ENTERPRISE = bytes.fromhex("80003a8c04")  # RFC 3411 section 5, SnmpEngineID: enterprise 14988, text follows
_BOOTS_SINCE = 1_760_000_000


def community_names(node: str) -> tuple[str, str]:
    """The secrets that may hold a node's community, its own first."""
    return f"device-{node}-community", "snmp-community"


def needs(sites: Sites) -> Iterable[tuple[KeyPath, tuple[str, ...]]]:
    """Which SNMP secrets the lab's agents must have."""
    tables: tuple[tuple[str, Sequence[Node]], ...] = (("devices", sites.devices), ("nases", sites.nases))
    for table, nodes in tables:
        for i, node in enumerate(nodes):
            if node.snmp is None:
                continue
            path = (table, i, "snmp")
            yield path, community_names(node.id)[::-1]  # a version 3 device sends its traps with it
            if node.snmp.auth:
                yield path, (f"snmp-{node.snmp.user}-auth",)
            if node.snmp.priv:
                yield path, (f"snmp-{node.snmp.user}-priv",)


class Agents:
    """All agents of one process."""

    def __init__(self, faults: Faults, clock: Clock, secrets: SecretSource, online: Online) -> None:
        self._faults, self._clock, self._secrets, self._online = faults, clock, secrets, online
        self._engines: dict[str, SnmpEngine] = {}
        self._open: list[SnmpEngine] = []
        self._trees: dict[tuple[str, bool], tuple[object, Tree]] = {}

    def start(self) -> int:
        """Bind every agent inside a running loop; returns how many there are. An address in use raises OSError."""
        nodes = [(name, node.address, node.snmp) for name, node in self._faults.network.nodes.items() if node.snmp]
        shared: dict[Oid, responder.Guest] = {}
        engine = self._engine(b"shared")
        communities: dict[str, str] = {}
        for number, (name, address, snmp) in enumerate(nodes, start=1):
            if snmp.version == "3":
                self._engines[name] = self._private(name, address, snmp)
                continue
            domain = self._listen(engine, number, name, (address, snmp.port))
            community = self._secrets.first(*community_names(name)).reveal()
            who = communities.setdefault(community, f"community-{len(communities)}")
            shared[domain] = responder.Guest(who, responder.LEVELS["noAuthNoPriv"], self._asker(name))
        for community, who in communities.items():
            config.add_v1_system(engine, who, community)
        responder.Responder(engine, shared)
        return len(nodes)

    def stop(self) -> None:
        for engine in self._open:
            engine.close_dispatcher()

    def restarted(self, name: str) -> None:
        """A device came back from a reboot: its version 3 engine has to say so."""
        if engine := self._engines.get(name):
            responder.restart_engine(engine, int(time.time()))

    def tree(self, name: str, counter64: bool = True) -> Tree:
        """What the device would answer now; built once for each second of the clock and each change."""
        at = self._clock.now()
        site = self._faults.network.nodes[name].site
        moment = (int(at), self._faults.changes, self._online(site) if site else 0)
        kept = self._trees.get((name, counter64))
        if kept is None or kept[0] != moment:
            kept = moment, self._grow(name, at, counter64)
            self._trees[name, counter64] = kept
        return kept[1]

    def _grow(self, name: str, at: float, counter64: bool) -> Tree:
        state = state_of(name, self._faults, at, self._online)
        kind = self._faults.network.nodes[name].kind
        vendor = VENDORS.get(kind)
        object_id = mikrotik.OBJECT_ID if kind == "mikrotik" else _NET_SNMP
        rows = list(standard.rows(state, f"{kind}, a rehearsal device", object_id))
        return Tree([*rows, *(vendor(state) if vendor else ())], counter64=counter64)

    def _asker(self, name: str) -> Callable[[bool], Tree]:
        return lambda counter64: self.tree(name, counter64)

    def _engine(self, identity: bytes) -> SnmpEngine:
        """Boots grow with the real time, so that a lab started again is not taken for a replay (RFC 3414 3.2.7)."""
        engine = responder.open_engine(_ENTERPRISE + identity[:27], int(time.time()) - _BOOTS_SINCE)
        self._open.append(engine)
        return engine

    def _private(self, name: str, address: str, snmp: Snmp) -> SnmpEngine:
        engine = self._engine(name.encode())
        keys = {
            part: self._secrets.read(f"snmp-{snmp.user}-{part}").reveal() if wanted else None
            for part, wanted in (("auth", snmp.auth), ("priv", snmp.priv))
        }
        config.add_v3_user(
            engine, snmp.user, _AUTHENTICATION[snmp.auth], keys["auth"], _PRIVACY[snmp.priv], keys["priv"]
        )
        level = responder.LEVELS["authPriv" if snmp.priv else "authNoPriv" if snmp.auth else "noAuthNoPriv"]
        domain = self._listen(engine, 1, name, (address, snmp.port))
        responder.Responder(engine, {domain: responder.Guest(snmp.user or "", level, self._asker(name))})
        return engine

    def _listen(self, engine: SnmpEngine, number: int, name: str, address: tuple[str, int]) -> Oid:
        return responder.listen(engine, number, address, lambda: self._faults.reaches(name, self._clock.now()))
