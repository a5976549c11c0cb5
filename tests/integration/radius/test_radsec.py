"""RADIUS inside TLS through Debian's radsecproxy, both ends made by our commands, and refused with a foreign one."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from pyrad.packet import AccessReject, AuthPacket  # type: ignore[import-untyped]

from hotspot import tables
from hotspot.sites import load
from hotspot.store import open_store
from radius.names import Names
from tests.conftest import ROOT
from tests.integration.radius.conftest import AFTERNOON, Town
from tests.peers import radclient
from tests.peers.process import free_port, program, running, wait_until

NAS, OTHER = "gw-museum-tosan-aji", "gw-pendopo-wabup"
MAC = "021122aabbcc"
SCRIPT = ROOT / "deploy" / "radsec" / "certificates"


class Office(Town):
    """RADIUS behind a radsecproxy that lets two NASes in by their certificates."""

    certificates: Path
    tls: tuple[str, int]
    ports: Mapping[str, str]

    @property
    def environ(self) -> dict[str, str]:
        return super().environ | {"HOTSPOT_SITES": str(self.state / "sites.yaml")} | dict(self.ports)

    def say(self, *words: str) -> str:
        done = subprocess.run(
            [*self.command, *words], env=self.environ, cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def make(folder: Path, *words: str) -> None:
    subprocess.run([str(SCRIPT), str(folder), *words], check=True, capture_output=True)


def sites_with_radsec() -> str:
    """The sample town, with two of its NASes somewhere behind the Internet."""
    text = (ROOT / "sites.yaml").read_text()
    for number, nas in enumerate((NAS, OTHER), 1):
        text, count = re.subn(rf"(- \{{id: {nas}, )", rf"\1radsec: 127.83.0.{number}, ", text)
        assert count == 1
    return text


@contextlib.contextmanager
def proxy(folder: Path, name: str, config: str, port: int) -> Iterator[None]:
    (folder / f"{name}.conf").write_text(config)
    command = [program("radsecproxy", "radsecproxy"), "-f", "-d", "2", "-c", str(folder / f"{name}.conf")]
    with running(command, folder / f"{name}.log") as process:
        wait_until(lambda: process.poll() is not None or _is_bound(port), f"{name}: {(folder / f'{name}.log')}")
        assert process.poll() is None, (folder / f"{name}.log").read_text()
        yield


def _is_bound(port: int) -> bool:
    listening = f":{port:04X} "
    return any(listening in Path(f"/proc/net/{kind}").read_text() for kind in ("tcp", "tcp6", "udp", "udp6"))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Iterator[Office]:
    program("radsecproxy", "radsecproxy")
    state = tmp_path_factory.mktemp("office")
    (state / "sites.yaml").write_text(sites_with_radsec())
    (state / "hotspot.db").write_bytes(empty_database.read_bytes())
    url = f"sqlite:///{state}/hotspot.db"
    store = open_store(url)
    town = Office(state, load(state / "sites.yaml"), url, store)
    town.ports = {f"HOTSPOT_RADIUS_{name}": f":{free_port(socket.SOCK_DGRAM)}" for name in ("AUTH", "ACCT")}
    for name in ("grant-key", *(f"nas-{nas.id}" for nas in town.sites.nases)):
        town.secrets.make(name)
    town.set_time(AFTERNOON)
    town.certificates = state / "certificates"
    make(town.certificates, "office", "localhost")
    for nas in (NAS, OTHER):
        make(town.certificates, "nas", nas)
    town.tls = ("127.0.0.1", free_port())
    config = town.say("radsec", "--listen", f"127.0.0.1:{town.tls[1]}", "--certificates", str(town.certificates))
    with running(town.command, town.log, town.environ, cwd=ROOT):
        town.wait_ready()
        with proxy(state, "office", config, town.tls[1]):
            yield town
    store.close()


@pytest.fixture
def site(office: Office, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Where a NAS behind a radsecproxy of its own sends its packets."""
    auth, acct = (f"127.0.0.1:{free_port(socket.SOCK_DGRAM)}" for _ in range(2))
    where = ("--listen", auth, "--listen-acct", acct, "--office", f"localhost:{office.tls[1]}")
    config = office.say("radsec", NAS, *where, "--certificates", str(office.certificates))
    with proxy(tmp_path, "site", config, int(auth.rpartition(":")[2])):
        yield auth, acct


def test_a_nas_behind_two_proxies_logs_a_visitor_in_and_reports(office: Office, site: tuple[str, str]) -> None:
    auth, acct = site
    grant, password = office.mint(NAS, MAC)
    who = (f'User-Name = "{grant}"', 'Calling-Station-Id = "02-11-22-AA-BB-CC"')
    words = (*who, f'User-Password = "{password}"')
    heard = radclient.ask("auth", auth, office.secret(NAS), *words, source="127.0.0.1", wait=5)
    assert heard.code == "Access-Accept", heard.text + office.log.read_text()
    told = f"Class = {heard.attributes['Class']}"
    start = ("Acct-Status-Type = Start", 'Acct-Session-Id = "r1"', *who, told)
    assert radclient.ask("acct", acct, office.secret(NAS), *start, source="127.0.0.1", wait=5).code
    (session,) = office.rows(tables.sessions)
    assert (session["nas"], session["grant_id"], session["user_name"]) == (NAS, grant, grant)


def test_an_accounting_on_reaches_radius_though_it_names_no_user(office: Office, site: tuple[str, str]) -> None:
    heard = radclient.ask(
        "acct", site[1], office.secret(NAS), "Acct-Status-Type = Accounting-On", source="127.0.0.1", wait=5
    )
    assert heard.code == "Accounting-Response"
    (facts,) = office.rows(tables.nas_facts, nas=NAS)
    assert facts["boot_at"] is not None


def test_who_a_nas_is_follows_from_its_certificate_alone(office: Office) -> None:
    """Its grants are refused under another site's certificate, whatever it calls itself."""
    grant, password = office.mint(NAS, MAC)
    reply = said_inside_tls(office, certificate(office.certificates, OTHER), f"{grant}", password)
    assert reply is not None
    assert (reply[0], b"grant-elsewhere" in reply) == (AccessReject, True)


@pytest.mark.parametrize("whose", ["a stranger's authority", "a NAS that is not in sites.yaml", "nobody's"])
def test_a_wrong_certificate_is_refused(office: Office, tmp_path: Path, whose: str) -> None:
    shown = None
    if whose == "a stranger's authority":
        make(tmp_path, "nas", NAS)
        shown = certificate(tmp_path, NAS)
    elif whose == "a NAS that is not in sites.yaml":
        make(office.certificates, "nas", "gw-nowhere")
        shown = certificate(office.certificates, "gw-nowhere")
    before = [fact["heard_at"] for fact in office.rows(tables.nas_facts)]
    grant, password = office.mint(NAS, MAC)
    assert said_inside_tls(office, shown, grant, password) is None
    assert [fact["heard_at"] for fact in office.rows(tables.nas_facts)] == before


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    return folder / f"{name}.pem", folder / f"{name}.key"


def said_inside_tls(office: Office, shown: tuple[Path, Path] | None, user: str, password: str) -> bytes | None:
    """The reply to a login by a NAS that speaks RadSec itself, with a request as pyrad makes it; None when refused."""
    packet = AuthPacket(secret=b"radsec", dict=Names().dictionary, User_Name=user)
    packet["User-Password"] = packet.PwCrypt(password)
    packet["Calling-Station-Id"] = "02-11-22-AA-BB-CC"
    context = ssl.create_default_context(cafile=office.certificates / "ca.pem")
    if shown is not None:
        context.load_cert_chain(*shown)
    with (
        contextlib.suppress(ssl.SSLError, ConnectionError, TimeoutError),
        socket.create_connection(office.tls, 5) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as tls,
    ):
        tls.settimeout(3)
        tls.sendall(packet.RequestPacket())
        return tls.recv(4096) or None
    return None
