"""The three doors of RADIUS as open sockets, opened before any worker starts so that they outlive each of them."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass

from hotspot.command import OperatorError, Settings
from radius.listener import Listener
from radius.receive import Door

_OPS = "HOTSPOT_RADIUS_OPS"


@dataclass(frozen=True, slots=True)
class Sockets:
    """Those of one worker; the operator's is the same for all."""

    listeners: tuple[Listener, Listener]
    ops: socket.socket

    @property
    def addresses(self) -> dict[str, str]:
        auth, acct = self.listeners
        host, port = self.ops.getsockname()[:2]
        return {"auth": auth.address, "acct": acct.address, "ops": f"{host}:{port}"}


def open_sockets(settings: Settings, workers: int) -> list[Sockets]:
    """A pair for each worker, on the same two ports: the kernel gives each socket of a NAS to one pair for good."""
    ops = _listening(settings.listen(_OPS, "127.0.0.1:9812"))
    doors = ((Door.AUTH, "HOTSPOT_RADIUS_AUTH", ":1812"), (Door.ACCT, "HOTSPOT_RADIUS_ACCT", ":1813"))
    columns = [_shared(door, settings.listen(name, usual), name, workers) for door, name, usual in doors]
    return [Sockets((auth, acct), ops) for auth, acct in zip(*columns, strict=True)]


def _shared(door: Door, address: tuple[str, int], variable: str, count: int) -> Sequence[Listener]:
    """Port 0 is chosen once."""
    first = Listener(door, address, variable, is_shared=count > 1)
    port = int(first.address.rpartition(":")[2])
    return [first, *(Listener(door, (address[0], port), variable, is_shared=True) for _ in range(count - 1))]


def _listening(address: tuple[str, int]) -> socket.socket:
    host, port = address
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        told = error.strerror or str(error)
        raise OperatorError(f"cannot listen on {host}:{port}: {told}; set {_OPS}") from None
