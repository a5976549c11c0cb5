"""Debian's openNDS at FAS level 3 before the real portal: let in, counted, ended, and all of it in the books."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hotspot import tables
from hotspot.nas.opennds import KIND
from hotspot.store import Store
from hotspot.wishes import Act, wish
from radius.controllers.doorman import Doorman
from radius.controllers.opennds import OpenNds
from radius.wishlist import Wishlist
from radius.writer import Job
from tests.conftest import ROOT, FixedClock
from tests.integration.radius.controllers.by_hand import ByHand
from tests.integration.radius.desk import Desk
from tests.peers import browser
from tests.peers.certificate import certificate
from tests.peers.house import House, build
from tests.peers.opennds import INTERNET, MUCH, PAGE_PORT, PORTAL_PORT, Place, inside, opennds
from tests.peers.process import program, running, wait_until

NAS, SITE = "gw-museum-tosan-aji", "museum-tosan-aji"
NAME, TLS_PORT = "portal.test", 8443
OUTSIDE = f"http://{INTERNET}:{PAGE_PORT}/"
_TAP = """
import re, ssl, sys, urllib.request as r, urllib.parse as p
class Stay(r.HTTPRedirectHandler):
    def redirect_request(self, *words): return None
trusting = ssl._create_unverified_context()
try: r.build_opener(Stay).open("http://10.92.1.2/generate_204", timeout=10)
except r.HTTPError as sent: there = sent.headers["Location"]
base = "https://10.92.1.2:8443"
page = r.urlopen(base + there.partition(":8443")[2], timeout=20, context=trusting).read().decode()
flow = re.search('name="flow" value="([^"]+)"', page)[1]
said = p.urlencode({"flow": flow, "way": "tap"}).encode()
opener = r.build_opener(Stay, r.HTTPSHandler(context=trusting))
try: print(opener.open(base + "/connect", said, timeout=20).status)
except r.HTTPError as sent: print(sent.headers["Location"])
"""
_REACH = "import urllib.request as r\ntry: print(len(r.urlopen('%s', timeout=3).read()))\nexcept OSError: print(0)\n"


@dataclass
class Town(ByHand):
    """The portal and the box as processes of their own; RADIUS' doorman takes his turns by hand."""

    home: House
    place: Place
    box: subprocess.Popen[bytes]
    desk: Desk
    doorman: Doorman
    wishlist: Wishlist

    def look(self) -> None:
        asyncio.run(self.doorman.look(NAS))

    def crontab(self) -> str:
        """What the operator pasted, as cron runs it."""
        return inside(self.box, "env", "SSL_CERT_FILE=/etc/front.pem", "sh", "/etc/hotspot-clients")

    def row(self, table: Any) -> dict[str, Any]:
        columns = [column.name for column in table.c]
        (row,) = self.desk.rows(table, *columns)
        return dict(zip(columns, row, strict=True))

    def reaches(self) -> bool:
        return self.place.phone.python(_REACH % OUTSIDE).strip() != "0"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    program("php", "php-cli")
    text = (ROOT / "sites.yaml").read_text()
    begin = text.index(f"  - {{id: {NAS},")
    end = text.index("  - {id:", begin + 1)
    entry = f"  - {{id: {NAS}, site: {SITE}, kind: opennds, address: 10.91.1.1, ping: false,\n"
    entry += '     fas: {gateway: "10.91.1.1:2050", level: 3}}\n'
    changed = tmp_path / "town.yaml"
    changed.write_text(text[:begin] + entry + text[end:])
    home = build(tmp_path, changed, environ={"HOTSPOT_PORTAL_LISTEN": f"{INTERNET}:{PORTAL_PORT}"})
    front = certificate(tmp_path / "front.pem", NAME)
    script = KIND.paste.format_map(_Anything()).partition("#!/bin/sh")
    prepare = f"""
echo "{INTERNET} {NAME}" >> /etc/hosts
echo "nat_traversal_poll_interval 1" >> /etc/opennds/opennds.conf
cp {front} /etc/front.pem
export SSL_CERT_FILE=/etc/front.pem  # a box in a town has a name that an authority signed
cat > /etc/hotspot-clients <<'END'
{script[1]}{script[2]}END
"""
    more = f"fasremotefqdn {NAME}\nbinauth /usr/lib/opennds/binauth_log.sh"
    faskey = home.secrets.read(f"nas-{NAS}-faskey").reveal()
    with ExitStack() as stack:
        level_3 = opennds(tmp_path, NAS, faskey, 3, port=TLS_PORT, more=more, prepare=prepare)
        place = stack.enter_context(level_3)
        stack.enter_context(_portal(place, home, front, tmp_path))
        store = stack.enter_context(home.store())
        yield _town(home, place, place.box, Desk(store, home.sites, tmp_path / "keys", Following(home)), store)


class Following(FixedClock):
    """Goes as the house's does."""

    def __init__(self, home: House) -> None:
        super().__init__(home.now())
        self._home = home

    def now(self) -> float:
        return self._home.now()


class _Anything(dict[str, str]):
    """Whatever else the template names."""

    def __missing__(self, key: str) -> str:
        return key


def _town(home: House, place: Place, box: subprocess.Popen[bytes], desk: Desk, store: Store) -> Town:
    def submit(jobs: Sequence[Job]) -> bool:
        for job, outcome in zip(jobs, desk.books.commit([job.work for job in jobs]), strict=True):
            job.tell(outcome)
        return True

    orders = {NAS: OpenNds(NAS, store, desk.clock.now)}
    doorman = Doorman(store, home.sites, orders, clock=desk.clock, submit=submit, count=lambda *_: None)
    return Town(home, place, box, desk, doorman, Wishlist(store, home.sites))


@contextmanager
def _portal(place: Place, home: House, front: Path, folder: Path) -> Iterator[None]:
    behind = [INTERNET, str(TLS_PORT), INTERNET, str(PORTAL_PORT), str(front)]
    tls = place.internet.command(browser.console("python"), "-m", "tests.peers.tls_front", *behind)
    command = place.internet.command(browser.console("hotspot-portal"))
    with running(tls, folder / "tls.log", None, ROOT), running(command, folder / "portal.log", home.environ, ROOT):
        wait_until((home.state / "run" / "portal.json").exists, "the portal is ready", 40)
        yield


@pytest.mark.timeout(500)  # openNDS asks itself by a dozen shell scripts, which takes a busy machine its time
def test_a_phone_is_let_in_by_authmon_counted_by_the_crontab_and_ended_by_a_wish(town: Town) -> None:
    assert not town.reaches()
    assert "/status?" in town.place.phone.python(_TAP)

    def is_let_in() -> bool:
        town.orders()
        return bool(town.desk.rows(tables.sessions, "id"))

    wait_until(is_let_in, "authmon let the phone in and said so", 150)
    assert town.reaches()
    assert town.row(tables.admissions)["outcome"] == "admitted"

    town.place.phone.python(_REACH % (OUTSIDE + "much"))

    def is_counted() -> bool:
        town.crontab()
        town.look()
        return int(town.row(tables.sessions)["output_octets"]) >= MUCH

    wait_until(is_counted, "the crontab told what was used", 120)
    session = town.row(tables.sessions)
    assert session["stopped_at"] is None
    assert session["output_octets"] < 1.2 * MUCH

    with town.desk.store.writing() as connection:
        wish(connection, session["id"], Act.END, reason="office", by="office", now=town.desk.clock.now())
    town.wished()

    def has_left() -> bool:
        if "Authenticated" in inside(town.box, "ndsctl", "json"):
            town.crontab()
        return town.row(tables.admissions)["left_at"] is not None

    wait_until(has_left, "the box told that the phone left", 90)
    town.look()

    session = town.row(tables.sessions)
    assert (session["stopped_at"] is not None, session["stop_cause"]) == (True, 6)
    assert session["output_octets"] >= MUCH
    assert not town.reaches()
