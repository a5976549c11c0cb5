"""From the login at the door to the first packet through it, for visitors who come one by one."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.gateway.box import DOOR_PORT, box
from bench.gateway.crowd import Visitor
from bench.gateway.staff import NAME, WORD
from tests.peers.gateway_place import INTERNET, NETWORK, Site
from tests.peers.internet import ECHO
from tests.peers.namespace import ROOT


def waits(place: Site, visitors: Sequence[Visitor], folder: Path) -> list[float]:
    """Seconds."""
    with box(place, folder) as after:
        words = [str(NETWORK.ip), str(DOOR_PORT), INTERNET, str(ECHO), NAME, WORD, after]
        command = place.phones[0].command(sys.executable, "-m", "bench.gateway.tapper", *words)
        lines = "\n".join(f"{visitor.mac.colons} {visitor.address}" for visitor in visitors)
        done = subprocess.run(command, input=lines, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT)
        found: list[float] = json.loads(done.stdout)
    return found
