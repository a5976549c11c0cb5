"""Debian's hostapd on a wire, with a phone that wpa_supplicant speaks for: a NAS that shares no line with us."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.peers.namespace import Namespace, namespace
from tests.peers.process import program, running, wait_until

_HOSTAPD = """\
interface={port}
driver=wired
ctrl_interface={folder}/hostapd
ieee8021x=1
eap_server=1
eap_user_file={folder}/users
use_pae_group_addr=0
eap_reauth_period=0
own_ip_addr={address}
nas_identifier={nas}
radius_client_addr={address}
acct_server_addr={server}
acct_server_port={acct_port}
acct_server_shared_secret={secret}
radius_acct_interim_interval=1
radius_das_port={das_port}
radius_das_client={server} {secret}
radius_das_require_event_timestamp=1
radius_das_require_message_authenticator=1
"""

_PHONE = """\
ctrl_interface={folder}/phone
ap_scan=0
network={{
    key_mgmt=IEEE8021X
    eap=MD5
    identity="visitor"
    password="open"
    eapol_flags=0
}}
"""


@dataclass(frozen=True)
class Access:
    """Where hostapd stands, and what it is told about RADIUS."""

    nas: str
    address: str
    server: str
    acct_port: int
    das_port: int
    secret: str


@dataclass(frozen=True)
class Hostapd:
    """``phone`` may join and leave."""

    folder: Path
    phone_at: Namespace

    @contextlib.contextmanager
    def phone(self) -> Iterator[None]:
        tool = program("wpa_supplicant", "wpasupplicant")
        (self.folder / "phone.conf").write_text(_PHONE.format(folder=self.folder))
        words = [tool, "-D", "wired", "-i", "phone", "-c", str(self.folder / "phone.conf")]
        with running(self.phone_at.command(*words), self.folder / "phone.log"):
            yield

    def stations(self) -> str:
        tool = program("hostapd_cli", "hostapd")
        words = [tool, "-p", str(self.folder / "hostapd"), "all_sta"]
        return subprocess.run(words, capture_output=True, text=True, check=False).stdout


@contextlib.contextmanager
def hostapd(folder: Path, access: Access) -> Iterator[Hostapd]:
    """It logs phones in by itself and tells RADIUS of them; the phone's network is a namespace, its own is ours."""
    binary, ip = program("hostapd", "hostapd"), program("ip", "iproute2")
    with namespace() as phone:
        port = f"h{phone.name[-8:]}"
        subprocess.run(
            [ip, "link", "add", port, "type", "veth", "peer", "name", "phone", "netns", phone.name], check=True
        )
        subprocess.run([ip, "link", "set", port, "up"], check=True)
        phone.ip("link", "set", "phone", "up")
        (folder / "users").write_text('"visitor" MD5 "open"\n')
        (folder / "hostapd.conf").write_text(_HOSTAPD.format(folder=folder, port=port, **vars(access)))
        log = folder / "hostapd.log"
        with running([binary, str(folder / "hostapd.conf")], log) as process:
            wait_until(lambda: process.poll() is not None or "AP-ENABLED" in log.read_text(), log.read_text())
            assert process.poll() is None, log.read_text()
            yield Hostapd(folder, phone)
