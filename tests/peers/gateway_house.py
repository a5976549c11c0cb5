"""The museum behind a gateway of ours, for once: portal, RADIUS and names in the test's internet, phones before it."""

from __future__ import annotations

import contextlib
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from hotspot.running import addresses_of
from hotspot.tables import sessions
from tests.peers.browser import console
from tests.peers.gateway_place import (
    INTERNET,
    NETWORK,
    NETWORK6,
    NEXT_NETWORK,
    NEXT_WAN,
    OUTSIDE,
    PORTAL_NAME,
    WAN,
    Site,
    fetched,
    names,
    second_gate,
    site,
    take_a_lease,
)
from tests.peers.house import ROOT, House, build
from tests.peers.namespace import Namespace
from tests.peers.process import program, running, wait_until

NAS = "gw-museum-tosan-aji"
GATEWAY_NAME = "gw-museum.wifi.example"
PORTAL_PORT = 8080
PORTAL_URL = f"http://{PORTAL_NAME}:{PORTAL_PORT}"
CAPABILITIES = "+net_admin,+net_raw"  # what the unit gives it, and nothing else
_ENTRY = f"""  - {{id: {NAS}, site: museum-tosan-aji, kind: linux, address: {WAN}, coa_port: 3799, ping: false,
     gateway: {{lan: lan, wan: wan, network: "{NETWORK}", network6: "{NETWORK6}", name: {GATEWAY_NAME},
               radius: [{INTERNET}], resolvers: [{INTERNET}]}}}}
"""
NEXT_DOOR = "gw-pendopo-bupati"
_NEXT_DOOR_NAME = "gw-pendopo.wifi.example"
_NEXT_DOOR_ENTRY = f"""  - {{id: {NEXT_DOOR}, site: pendopo-bupati, kind: linux, address: {NEXT_WAN},
     coa_port: 3799, ping: false,
     gateway: {{lan: lan, wan: wan, network: "{NEXT_NETWORK}", name: {_NEXT_DOOR_NAME},
               radius: [{INTERNET}], resolvers: [{INTERNET}]}}}}
"""
BOTH_DOORS = {NEXT_DOOR: _NEXT_DOOR_ENTRY}


@dataclass
class Museum:
    """The whole: phones, gateway, internet, and the house's own services in the last."""

    home: House
    site: Site
    folder: Path
    nas: str = NAS
    gateway: subprocess.Popen[bytes] | None = None

    @property
    def phone(self) -> Namespace:
        return self.site.phones[0]

    @property
    def state(self) -> Path:
        """Of the gateway, whose disk is not the house's."""
        return self.folder / "box"

    @property
    def environ(self) -> dict[str, str]:
        """The gateway has its own state, and secrets of its own NAS alone."""
        return {**self.home.environ, "HOTSPOT_STATE": str(self.state), "HOTSPOT_GATEWAY_OPS": "127.0.0.1:9814"}

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """``hotspot-gateway`` with these words, on the gateway."""
        line = self.site.gate.command(console("hotspot-gateway"), "--nas", self.nas, *words)
        return subprocess.run(line, env=self.environ, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)

    def log(self) -> str:
        return (self.folder / "gateway.log").read_text()

    @contextlib.contextmanager
    def open(self) -> Iterator[subprocess.Popen[bytes]]:
        """The gateway's process with the unit's capabilities alone; ended by SIGTERM unless it is dead by then."""
        limits = ["--bounding-set", f"-all,{CAPABILITIES}", "--inh-caps", f"-all,{CAPABILITIES}"]
        words = [*limits, console("hotspot-gateway"), "--nas", self.nas]
        line = self.site.gate.command(program("setpriv", "util-linux"), *words)
        with running(line, self.folder / "gateway.log", self.environ, ROOT) as process:
            self.gateway = process
            wait_until(self._is_open, f"the gateway is open; see {self.folder}/gateway.log", 30)
            yield process

    def kill(self) -> None:
        """Without a word to anybody."""
        assert self.gateway is not None
        self.gateway.send_signal(signal.SIGKILL)
        self.gateway.wait()
        (self.state / "run" / "gateway.json").unlink()

    def sessions(self, **where: Any) -> list[Any]:
        """The rows of RADIUS, oldest first."""
        query = select(sessions).where(sessions.c.nas == self.nas).order_by(sessions.c.id)
        with self.home.store() as store, store.reading() as connection:
            return [row for row in connection.execute(query) if all(getattr(row, k) == v for k, v in where.items())]

    def tap(self, phone: Namespace | None = None) -> None:
        """A visitor's tap, which succeeds."""
        said = self.come_in(phone or self.phone, "tap")
        assert f"{PORTAL_URL}/status?" in said, said

    def come_in(self, phone: Namespace, way: str, code: str = "") -> str:
        """A visitor without a browser: the redirect, the page, its form, the way back; where that led, and the page."""
        return phone.python(_COME_IN, f"http://{GATEWAY_NAME}:3990/", way, code)

    def _is_open(self) -> bool:
        assert self.gateway is not None
        assert self.gateway.poll() is None, self.log()[-3000:]
        return addresses_of(self.state / "run", "gateway") is not None


_COME_IN = """
import html, re, sys, urllib.parse as p, urllib.request as r
page = r.urlopen(sys.argv[1], timeout=10)
text, at = page.read().decode(), page.geturl()
fields = {n: html.unescape(v) for n, v in re.findall(r'name="(flow|way)" value="([^"]*)"', text)}
fields.update({"way": sys.argv[2], "code": sys.argv[3]})
ask = r.Request(p.urljoin(at, "/connect"), p.urlencode(fields).encode())
try:
    last = r.urlopen(ask, timeout=15)
    print(last.geturl(), last.read().decode())
except r.HTTPError as error:
    print(error.code, error.url, error.read().decode()[:500])
"""


@contextlib.contextmanager
def museum(
    tmp_path: Path, changes: Mapping[str, str] | None = None, services: tuple[str, ...] = ("portal", "radius")
) -> Iterator[Museum]:
    """Everything stands but the gateway's own process; ``changes`` replace words of the sample town's file."""
    with site(tmp_path) as place, contextlib.ExitStack() as stack:
        stack.enter_context(names(place.internet, tmp_path))
        built = Museum(_house(tmp_path, changes or {}), place, tmp_path)
        _copy_secrets(built)
        for phone in place.phones:
            stack.enter_context(_resolver(phone))
        for name in services:
            stack.enter_context(service(built, name))
        yield built


@contextlib.contextmanager
def opened(tmp_path: Path, changes: Mapping[str, str] | None = None) -> Iterator[Museum]:
    """With the gateway open, dnsmasq serving, and one phone that has its lease."""
    with museum(tmp_path, changes) as built, built.open(), dnsmasq(built):
        take_a_lease(built.phone, tmp_path)
        yield built


@contextlib.contextmanager
def next_door(built: Museum) -> Iterator[Museum]:
    """The second gateway, at another site on the same internet; ``built`` needs ``BOTH_DOORS`` among its changes."""
    with second_gate(built.site) as place:
        folder = built.folder / NEXT_DOOR
        folder.mkdir()
        other = Museum(built.home, place, folder, NEXT_DOOR)
        _copy_secrets(other)
        with other.open(), dnsmasq(other):
            yield other


@contextlib.contextmanager
def service(built: Museum, name: str) -> Iterator[None]:
    """A service of the house inside the internet."""
    announced = built.home.state / "run" / f"{name}.json"
    announced.unlink(missing_ok=True)
    line = built.site.internet.command(console(f"hotspot-{name}"))
    with running(line, built.home.state / f"{name}.log", built.home.environ, ROOT):
        wait_until(announced.exists, f"{name} is ready; see {built.home.state}/{name}.log", 30)
        yield


@contextlib.contextmanager
def dnsmasq(built: Museum) -> Iterator[None]:
    """Debian's, with what the gateway wrote for it."""
    conf, log = built.state / "gateway" / "dnsmasq.conf", built.folder / "dnsmasq.log"
    words = ["--keep-in-foreground", f"--conf-file={conf}", "--user=root", "--log-facility=-"]
    words += [f"--pid-file={built.folder}/dnsmasq.pid"]
    with running(built.site.gate.command(program("dnsmasq", "dnsmasq-base"), *words), log):
        wait_until(lambda: "started" in log.read_text(), f"dnsmasq serves; see {log}")
        yield


def tell_gateway(built: Museum, kind: str, *attributes: str) -> str:
    """What Debian's radclient hears when it asks from the server's address: ACK, or NAK with its Error-Cause."""
    stamp = f"Event-Timestamp = {int(built.home.now())}"
    lines = "\\n".join((*attributes, stamp, "Message-Authenticator = 0x00"))
    secret = built.home.secrets.read(f"nas-{NAS}").reveal()
    tool = program("radclient", "freeradius-utils")
    said = built.site.internet.run(
        "sh", "-c", f"printf '{lines}\\n' | {tool} -x -r 1 -t 3 -- {WAN}:3799 {kind} '{secret}' 2>&1; true"
    )
    cause = re.search(r"Error-Cause = (\S+)", said)
    return "ACK" if re.search(r"Received \w+-ACK", said) else f"NAK {cause[1]}" if cause else said


def online(built: Museum, phone: Namespace | None = None, address: str = OUTSIDE) -> bool:
    """What an Android phone would say."""
    try:
        said = fetched(phone or built.phone, address, "connectivitycheck.gstatic.com", "/generate_204")
    except OSError:
        return False
    return said.startswith(b"HTTP/1.1 204 ")


@contextlib.contextmanager
def _resolver(phone: Namespace) -> Iterator[None]:
    """``ip netns exec`` shows a program inside this file in place of the machine's /etc/resolv.conf."""
    folder = Path("/etc/netns") / phone.name
    folder.mkdir(parents=True)
    (folder / "resolv.conf").write_text(f"nameserver {NETWORK.ip}\noptions timeout:2 attempts:2\n")
    try:
        yield
    finally:
        shutil.rmtree(folder)


def _house(tmp_path: Path, changes: Mapping[str, str]) -> House:
    text = with_entry((ROOT / "sites.yaml").read_text(), NAS, _ENTRY)
    text = re.sub(r"family_dns: \[.*?\]", f"family_dns: [{INTERNET}]", text)
    if NEXT_DOOR in changes:
        text = with_entry(text, NEXT_DOOR, changes[NEXT_DOOR])
    changes = {before: after for before, after in changes.items() if before != NEXT_DOOR}
    for before, after in changes.items():
        assert before in text, before
        text = text.replace(before, after)
    town = tmp_path / "town.yaml"
    town.write_text(text.replace("http://127.0.0.1:8080", PORTAL_URL))
    listeners = {
        "HOTSPOT_PORTAL_LISTEN": f"[::]:{PORTAL_PORT}",
        "HOTSPOT_RADIUS_AUTH": f"{INTERNET}:1812",
        "HOTSPOT_RADIUS_ACCT": f"{INTERNET}:1813",
    }
    return build(tmp_path, town, environ=listeners)


def with_entry(text: str, nas: str, entry: str) -> str:
    """The sites file with another entry for a NAS."""
    begin = text.index(f"  - {{id: {nas},")
    end = text.index("  - {id:", begin + 1)
    return text[:begin] + entry + text[end:]


def _copy_secrets(built: Museum) -> None:
    folder = built.state / "secrets"
    folder.mkdir(parents=True)
    for name in (f"nas-{built.nas}", f"nas-{built.nas}-uam"):
        path = folder / name
        path.write_text(built.home.secrets.read(name).reveal())
        path.chmod(0o600)
