"""The lines that put clients into the standing ruleset and take them out, for any number of clients at once.

Every element carries a time-out, the safety net under a gateway that died. An element may have timed out before we
take it away, and deleting what is not there fails the batch; so it is added (no error when it stands) and then deleted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

from gateway.admission import Admission
from gateway.ruleset import TABLE
from gateway.shaping import class_id
from hotspot.mac import Mac

# A phone has one IPv4 address, two while its lease changes; IPv6 gives it a new one a day. Whoever claims more than
# these would take them from others.
_MOST = {4: 2, 6: 32}


@dataclass(frozen=True)
class Online:
    """What the ruleset holds of one client."""

    mark: int
    mac: Mac
    addresses: tuple[IPv4Address | IPv6Address, ...]
    expires_in: int

    @classmethod
    def of(cls, admission: Admission) -> Online:
        return cls(admission.mark, admission.mac, admission.addresses, admission.expires_in)


@dataclass(frozen=True)
class _Element:
    where: str  # family, table and set
    key: str
    value: str  # with its colon, or nothing in a set
    expires_in: int

    @property
    def line(self) -> str:
        return f"{self.key} timeout {max(1, self.expires_in)}s{self.value}"


def put(clients: Iterable[Online], *, bridged: bool) -> str:
    elements = [element for client in clients for element in _elements(client, bridged=bridged)]
    claims = [claim for client in clients for claim in _claims(client)]
    return _batch("add", elements) + _batch("add", claims)


def take(clients: Iterable[Online], *, bridged: bool) -> str:
    elements = [element for client in clients for element in _elements(client, bridged=bridged)]
    return _batch("add", elements) + _batch("delete", elements)


def _elements(client: Online, *, bridged: bool) -> list[_Element]:
    mac, life = client.mac.colons, client.expires_in
    found = [
        _Element(f"inet {TABLE} clients", mac, f" : {client.mark:#x}", life),
        _Element(f"inet {TABLE} alive", f"{client.mark:#x}", f" : {class_id(client.mark)}", life),
    ]
    for address in _own(client, 4):
        found += [
            _Element(f"inet {TABLE} bound4", f"{mac} . {address}", "", life),
            _Element(f"arp {TABLE} held", str(address), "", life),
            _Element(f"arp {TABLE} bound", f"{mac} . {address}", "", life),
        ]
    for address in _own(client, 6):
        found.append(_Element(f"inet {TABLE} named6", f"{int(address):#034x}", "", life))
        found.append(_Element(f"inet {TABLE} named6_by", f"{int(address):#034x} . {mac}", "", life))
    return found + ([_Element(f"bridge {TABLE} online", mac, "", life)] if bridged else [])


def _claims(client: Online) -> list[_Element]:
    """IPv6 addresses known at login; others are claimed in the kernel by whoever uses them first (RFC 6620)."""
    mac, life = client.mac.colons, 86_400
    found = []
    for address in _own(client, 6):
        found.append(_Element(f"inet {TABLE} owner6", f"{address} . {mac}", "", life))
        found.append(_Element(f"inet {TABLE} taken6", str(address), "", life))
    return found


def _own(client: Online, version: int) -> list[IPv4Address | IPv6Address]:
    found = [address for address in client.addresses if address.version == version and not address.is_link_local]
    return found[: _MOST[version]]


def _batch(verb: str, elements: list[_Element]) -> str:
    """One line for each set; a key that two clients share is named once."""
    sets: dict[str, dict[str, str]] = {}
    for element in elements:
        text = element.line if verb == "add" else element.key
        sets.setdefault(element.where, {}).setdefault(element.key, text)
    return "".join(f"{verb} element {where} {{ {', '.join(keys.values())} }}\n" for where, keys in sets.items())
