"""How a site's box reaches the office over networks that others own: through WireGuard, or by RADIUS inside TLS."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Interface, ip_address
from typing import Annotated, Any

from pydantic import AfterValidator

from hotspot.sites.document import Path
from hotspot.sites.table import Port, Table
from hotspot.sites.values import Address, Network4

Found = tuple[Path, str]


def _key(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9+/]{43}=", value) or len(b64decode(value)) != 32:
        raise ValueError("not a public key as `wg pubkey` prints it (44 characters)")
    return value


def _loopback(value: str) -> str:
    if not ip_address(value).is_loopback or value == "127.0.0.1":
        raise ValueError("not a loopback address of its own like 127.83.0.4")
    return value


PublicKey = Annotated[str, AfterValidator(_key)]
Loopback = Annotated[Address, AfterValidator(_loopback)]


class Hub(Table):
    """The office's end: its name or address as sites see it, and its own address in the network of all sites."""

    endpoint: str
    port: Port = 51820
    network: Network4
    public_key: PublicKey


class Spoke(Table):
    """A site's end; its private key never leaves the box."""

    public_key: PublicKey


def tunnel_problems(content: dict[str, Any]) -> Iterator[Found]:
    """A spoke needs a hub, an address in its network and a key of its own; RadSec a loopback address of its own."""
    rows = content.get("nases")
    nases = [(("nases", i), row) for i, row in enumerate(rows if isinstance(rows, list) else ()) if _is_table(row)]
    yield from _twice(nases, "radsec", lambda row: row.get("radsec"))
    yield from _twice(nases, "wireguard", lambda row: _table(row.get("wireguard")).get("public_key"))
    hub = content.get("wireguard")
    for path, row in nases:
        if _is_table(row.get("wireguard")):
            yield from _spoke_problems((*path, "wireguard"), row, hub)


def _spoke_problems(path: Path, row: dict[str, Any], hub: Any) -> Iterator[Found]:
    if not _is_table(hub):
        yield path, "needs the office's end: a table wireguard at the top of the file"
        return
    try:
        network, address = IPv4Interface(hub["network"]), ip_address(row["address"])
    except (KeyError, ValueError):
        return  # said where it stands
    if address not in network.network or address == network.ip:
        yield path, f"needs an address inside {network.network} that is not the office's, and {address} is none"


def _twice(rows: Sequence[tuple[Path, dict[str, Any]]], key: str, value_of: Any) -> Iterator[Found]:
    seen: dict[str, str] = {}
    for path, row in rows:
        if value := value_of(row):
            owner = seen.setdefault(str(value), str(row.get("id")))
            if owner != row.get("id"):
                yield (*path, key), f"{owner} has the same; each NAS needs its own"


def _is_table(value: Any) -> bool:
    return isinstance(value, dict)


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
