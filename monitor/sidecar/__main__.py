# SPDX-License-Identifier: GPL-2.0-only
"""``python -m monitor.sidecar``: look for strangers every few minutes and write what was seen as one JSON line."""

from __future__ import annotations

import argparse
import json
import select
import signal
import socket
import sys
from collections.abc import Sequence
from dataclasses import asdict

from hotspot.command import FINE, run
from monitor.sidecar.dhcp import look
from monitor.sidecar.listener import Listener


def main(argv: Sequence[str] | None = None) -> int:
    return run(story, argv)


def story(argv: Sequence[str] | None) -> int:
    options = _parser().parse_args(argv)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    look(options.interface, 0.0)  # says in one sentence what is wrong with the interface or with our rights
    listener = Listener(options.interface, options.gateway)
    while True:
        listener.ask()
        servers = [asdict(server) for server in look(options.interface, options.wait)]
        line = _line(options.interface, servers, [asdict(claim) for claim in listener.take()])
        if options.socket:
            _send(options.socket, line)
        else:
            print(line, flush=True)
        if options.once or _told_to_stop(options.every, child=options.child):
            return FINE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m monitor.sidecar", description=__doc__)
    parser.add_argument("--interface", required=True, help="the network interface to look at")
    parser.add_argument("--gateway", default="", help="the address that only one station may speak for (default: none)")
    parser.add_argument("--socket", help="the monitor's socket (default: print to standard output)")
    parser.add_argument("--every", type=float, default=300, help="seconds between two looks (default: 300)")
    parser.add_argument("--wait", type=float, default=8, help="seconds to wait for offers (default: 8)")
    parser.add_argument("--once", action="store_true", help="look once, then exit")
    parser.add_argument("--child", action="store_true", help="exit when standard input closes")
    return parser


def _line(interface: str, servers: list[dict[str, str]], claims: list[dict[str, str]]) -> str:
    return json.dumps({"probe": "dhcp", "interface": interface, "servers": servers, "claims": claims})


def _send(path: str, line: str) -> None:
    """A monitor that is away hears of the next look; this process does not depend on it."""
    try:
        with socket.socket(socket.AF_UNIX) as wire:
            wire.settimeout(5)
            wire.connect(path)
            wire.sendall(line.encode() + b"\n")
    except OSError as error:
        print(f"{path}: the monitor does not listen ({error.strerror or error})", file=sys.stderr)


def _leave(_number: int, _frame: object) -> None:
    raise SystemExit(FINE)


def _told_to_stop(seconds: float, *, child: bool) -> bool:
    ready, _, _ = select.select([sys.stdin] if child else [], [], [], seconds)
    return bool(ready)


if __name__ == "__main__":
    sys.exit(main())
