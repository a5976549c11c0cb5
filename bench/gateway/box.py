"""The gateway as its command starts it, on a site of the bench's own, with FreeRADIUS on the same box."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from bench.gateway.staff import SECRET, server
from hotspot.running import addresses_of
from tests.peers.browser import console
from tests.peers.gateway_place import INTERNET, NETWORK, WAN, Site, inside
from tests.peers.namespace import ROOT
from tests.peers.process import running, wait_until

NAS = "gw-museum-tosan-aji"
DOOR_PORT = 3990
_PORTAL = "http://wifi.example"


@contextlib.contextmanager
def box(place: Site, folder: Path) -> Iterator[str]:
    """The portal's own page, to which a login leads; nobody needs to be there for the door to open."""
    folder.mkdir()
    with inside(place.gate), server(folder) as radius:
        town = folder / "town.yaml"
        town.write_text(_town(radius.auth[1], radius.acct[1]))
        _secrets(folder / "state" / "secrets")
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HOTSPOT_")}
        environ = kept | {
            "HOTSPOT_SITES": str(town),
            "HOTSPOT_STATE": str(folder / "state"),
            "HOTSPOT_GATEWAY_OPS": "127.0.0.1:0",
        }
        log = folder / "gateway.log"
        with running([console("hotspot-gateway")], log, environ, ROOT):
            wait_until(lambda: addresses_of(folder / "state" / "run", "gateway"), f"the gateway is open; see {log}", 30)
            yield f"{_PORTAL}/status"


def _town(auth: int, acct: int) -> str:
    """The sample town, whose museum has a gateway of ours for once."""
    text = (ROOT / "sites.yaml").read_text()
    begin = text.index(f"  - {{id: {NAS},")
    end = text.index("  - {id:", begin + 1)
    entry = (
        f"  - {{id: {NAS}, site: museum-tosan-aji, kind: linux, address: {WAN}, coa_port: 3799, ping: false,\n"
        f'     gateway: {{lan: lan, wan: wan, network: "{NETWORK}", radius: [127.0.0.1],\n'
        f"               auth_port: {auth}, acct_port: {acct}, resolvers: [{INTERNET}]}}}}\n"
    )
    return (text[:begin] + entry + text[end:]).replace("http://127.0.0.1:8080", _PORTAL)


def _secrets(folder: Path) -> None:
    folder.mkdir(parents=True, mode=0o700)
    for name in (f"nas-{NAS}", f"nas-{NAS}-uam"):
        path = folder / name
        path.write_text(SECRET)
        path.chmod(0o600)
