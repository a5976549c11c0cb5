"""A phone between the portal's tap and its first packet beyond the gateway: how long for each of many visitors.

A program of its own inside the phone's namespace; it takes MAC and address of one visitor after the other.
"""

from __future__ import annotations

import contextlib
import json
import select
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from urllib.parse import urlencode

_KNOCK_SECONDS = 0.0005
_PATIENCE = 10.0


def main(argv: Sequence[str]) -> int:
    """Arguments: the door's address and port, an echo's address and port beyond it, name, password, page after."""
    door, door_port, echo, echo_port, user, password, after = argv
    query = urlencode({"user": user, "password": password, "after": after})
    ask = f"GET /login?{query} HTTP/1.1\r\nHost: {door}:{door_port}\r\n\r\n".encode()
    waits = []
    for line in sys.stdin.read().split("\n"):
        mac, address = line.split()
        _become(mac, address, door)
        _look((door, int(door_port)))
        waits.append(_tap((door, int(door_port)), (echo, int(echo_port)), ask))
    print(json.dumps(waits))
    return 0


def _become(mac: str, address: str, door: str) -> None:
    words = f"addr flush dev wifi scope global\nlink set wifi address {mac}\naddr add {address}/22 dev wifi\n"
    words += f"route replace default via {door}\n"
    subprocess.run(["ip", "-batch", "-"], input=words, text=True, check=True)


def _look(door: tuple[str, int]) -> None:
    """Nobody taps before he saw the page: the door has met his phone by then, and asked RADIUS about its MAC."""
    said, begun = b"", time.monotonic()
    while b" 302 " not in said[:16]:
        if time.monotonic() - begun > _PATIENCE:
            raise TimeoutError(f"the door shows no way to the portal: {said!r}")
        with socket.create_connection(door, _PATIENCE) as line:
            line.sendall(b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n")
            said = line.recv(500)
        time.sleep(0.1)


def _tap(door: tuple[str, int], echo: tuple[str, int], ask: bytes) -> float:
    """From the login's request to the first datagram that comes back from beyond the door."""
    with socket.create_connection(door, _PATIENCE) as line, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        way.setblocking(False)
        way.connect(echo)
        line.sendall(ask)
        begun = time.monotonic()
        while time.monotonic() - begun < _PATIENCE:
            with contextlib.suppress(OSError):  # refused, as long as the door is closed
                way.send(b"?")
            if select.select([way], [], [], _KNOCK_SECONDS)[0]:
                with contextlib.suppress(OSError):
                    way.recv(16)
                    return time.monotonic() - begun
        line.settimeout(1)
        raise TimeoutError(f"the door stayed closed; it said {line.recv(500)!r}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
