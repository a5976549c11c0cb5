"""hostapd as a real NAS, eapol_test and radeapclient with what nothing here speaks, and packets that were forged."""

from __future__ import annotations

import re
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from pyrad.packet import AuthPacket  # type: ignore[import-untyped]

from hotspot import tables
from hotspot.sites import load
from hotspot.store import Store, open_store
from hotspot.wishes import Act, wish
from radius.names import Names
from tests.conftest import ROOT
from tests.integration.radius.conftest import Town
from tests.peers.hostapd import Access, hostapd
from tests.peers.process import free_port, program, running, wait_until

POINT = "gw-pendopo-wabup"  # hostapd here
UNSURE = "gw-museum-tosan-aji"  # of which one does not know whether it seals
SQUARE = "gw-alun-alun-besar"
DAS = free_port(socket.SOCK_DGRAM)


class Street(Town):
    """A town of its own, with an access point and a NAS of which one does not know whether it seals."""

    @property
    def environ(self) -> dict[str, str]:
        return super().environ | {"HOTSPOT_SITES": str(self.state / "sites.yaml")}


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Iterator[Street]:
    state = tmp_path_factory.mktemp("street")
    text = (ROOT / "sites.yaml").read_text()
    text = re.sub(
        rf"(- \{{id: {POINT}, site: \S+, kind: )coovachilli(.*?)coa_port: 3799", rf"\1hostapd\2coa_port: {DAS}", text
    )
    text = re.sub(rf"(id: {POINT}, .*?address: )127\.66\.5\.1", r"\g<1>127.0.0.1", text)  # where hostapd answers from
    text = re.sub(rf"(id: {UNSURE},.*?message_authenticator: )required", r"\1auto", text, flags=re.DOTALL)
    text = re.sub(r'daily: "[^"]+"', 'daily: "00:00-00:00"', text)
    (state / "sites.yaml").write_text(text)
    (state / "hotspot.db").write_bytes(empty_database.read_bytes())
    store: Store = open_store(f"sqlite:///{state}/hotspot.db")
    town = Street(state, load(state / "sites.yaml"), f"sqlite:///{state}/hotspot.db", store)
    assert (town.sites.nas[POINT].kind, town.sites.nas[UNSURE].message_authenticator) == ("hostapd", "auto")
    for name in ("grant-key", *(f"nas-{nas.id}" for nas in town.sites.nases)):
        town.secrets.make(name)
    town.set_time(time.time())  # hostapd has no other, and a Disconnect has to be of its minute
    with running(town.command, town.log, town.environ, cwd=ROOT):
        town.wait_ready()
        yield town
    store.close()


def point(street: Street) -> Access:
    host, _, port = street.address("acct").rpartition(":")
    address = street.sites.nas[POINT].address
    return Access(POINT, address, host, int(port), DAS, street.secret(POINT))


def test_hostapd_reports_a_phone_and_ends_it_when_it_is_told_to(street: Street, tmp_path: Path) -> None:
    """Accounting-On, Start, Disconnect by its own listener, Stop: all its own octets."""
    with hostapd(tmp_path, point(street)) as access:
        wait_until(lambda: street.rows(tables.nas_facts, nas=POINT), "hostapd's Accounting-On is booked")
        with access.phone():
            wait_until(lambda: street.rows(tables.sessions, nas=POINT), f"a Start\n{(tmp_path / 'hostapd.log')}")
            (session,) = street.rows(tables.sessions, nas=POINT)
            assert (session["user_name"], session["stopped_at"]) == (session["mac"], None)
            with street.store.writing() as connection:
                wish(connection, session["id"], Act.END, reason="asked", by="office", now=0)
            wait_until(lambda: street.rows(tables.sessions, nas=POINT)[0]["stopped_at"], "its Stop", 15)
        wait_until(lambda: street.rows(tables.wishes)[0]["outcome"], "the wish is fulfilled", 25)
    (wished,) = street.rows(tables.wishes)
    assert (wished["outcome"], wished["error_cause"]) == ("done", None)


def test_eap_is_refused_with_an_eap_failure_that_eapol_test_understands(street: Street, tmp_path: Path) -> None:
    tool = program("eapol_test", "eapoltest")
    (tmp_path / "eap.conf").write_text('network={\nkey_mgmt=IEEE8021X\neap=MD5\nidentity="bob"\npassword="x"\n}\n')
    host, _, port = street.address("auth").rpartition(":")
    words = ["-a", host, "-p", port, "-s", street.secret(SQUARE), "-A", street.sites.nas[SQUARE].address, "-t", "5"]
    done = subprocess.run(
        [tool, "-c", str(tmp_path / "eap.conf"), *words], capture_output=True, text=True, check=False, timeout=30
    )
    assert "decapsulated EAP packet (code=4" in done.stdout, done.stdout[-2000:]
    assert "EAP: Received EAP-Failure" in done.stdout
    assert done.stdout.rstrip().endswith("FAILURE")


def test_radeapclient_is_refused_too(street: Street) -> None:
    tool = program("radeapclient", "freeradius-utils")
    lines = (
        f"Packet-Src-IP-Address = {street.sites.nas[SQUARE].address}\nUser-Name = bob\nEAP-Code = Response\n"
        "EAP-Type-Identity = bob\nMessage-Authenticator = 0x00\nNAS-IP-Address = 127.66.2.1\n"
    )
    command = [tool, "-x", street.address("auth"), "auth", street.secret(SQUARE)]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=False, timeout=30)
    assert "Access-Reject" in done.stdout, done.stdout + done.stderr


def test_a_nas_that_does_not_seal_is_believed_only_without_proxy_state(street: Street) -> None:
    """CVE-2024-3596: the attacker's collision needs room in the reply, which is Proxy-State. radclient is of 2022."""
    name, word = street.mint(UNSURE, "021122000001")
    words = (f"User-Name = {name}", f'User-Password = "{word}"', 'Calling-Station-Id = "02-11-22-00-00-01"')

    assert street.ask("auth", UNSURE, *words, "Proxy-State = 0x00", wait=1).code is None
    heard = street.ask("auth", UNSURE, *words)
    assert heard.code == "Access-Accept"
    assert next(iter(heard.attributes)) == "Message-Authenticator"


@pytest.mark.parametrize("sealed", [False, True])
def test_a_packet_that_an_attacker_lengthened_on_its_way_gets_no_answer(street: Street, *, sealed: bool) -> None:
    """The first step of the attack: 253 octets of Proxy-State behind a true request."""
    name, word = street.mint(UNSURE, "021122000002")
    packet = AuthPacket(secret=street.secret(UNSURE).encode(), dict=Names().dictionary, User_Name=name)
    packet["User-Password"] = packet.PwCrypt(word)
    packet["Calling-Station-Id"] = "02-11-22-00-00-02"
    if sealed:
        packet.add_message_authenticator()
    true = bytes(packet.RequestPacket())
    longer = true + b"\x21\xff" + bytes(253)
    forged = longer[:2] + len(longer).to_bytes(2, "big") + longer[4:]

    assert answers(street, forged) == []
    assert [reply[0] for reply in answers(street, true)] == [2]


def answers(street: Street, octets: bytes) -> list[bytes]:
    host, _, port = street.address("auth").rpartition(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as nas:
        nas.bind((street.sites.nas[UNSURE].address, 0))
        nas.settimeout(0.7)
        nas.sendto(octets, (host, int(port)))
        try:
            return [nas.recv(4096)]
        except TimeoutError:
            return []


def test_every_packet_that_was_dropped_is_counted_by_its_reason(street: Street) -> None:
    page = socket_page(street)
    assert f'hotspot_radius_requests_total{{code="access-request",nas="{UNSURE}",result="unsealed"}}' in page
    assert f'hotspot_radius_requests_total{{code="access-request",nas="{UNSURE}",result="wrong-secret"}}' in page
    assert "hotspot_radius_commit_lag_seconds " in page
    assert "hotspot_radius_journal_octets 0.0" in page


def socket_page(street: Street) -> str:
    with urlopen(f"http://{street.address('ops')}/metrics", timeout=5) as page:
        text: str = page.read().decode()
        return text
