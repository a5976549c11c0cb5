"""Debian's real snmpd on a loopback address: SNMP v1, v2c and v3 authPriv, this machine's own interfaces."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path

from tests.peers.process import free_port, program, running, wait_until
from tests.peers.snmp_agent import COMMUNITY, answers

USER, AUTH, PRIV = "monitor", "sandi-autentikasi", "sandi-privasi-uji"
OLD_USER = "lama"  # SHA-1, the oldest that devices in the field still have
# What else net-snmp can do: SHA-2 of every length, and AES-256 as devices do it (draft-blumenthal-aes-usm-04).
USERS = (("sha224", "aes128"), ("sha256", "aes256"), ("sha384", "aes192"), ("sha512", "aes256"))
_AES = {"aes128": "AES", "aes192": "AES-192", "aes256": "AES-256"}
_MORE = "\n".join(
    f"createUser u-{auth}-{priv} SHA-{auth[3:]} {AUTH} {_AES[priv]} {PRIV}\nrouser u-{auth}-{priv} priv"
    for auth, priv in USERS
)
_CONFIG = f"""
rocommunity {COMMUNITY}
createUser {USER} SHA-256 {AUTH} AES {PRIV}
createUser {OLD_USER} SHA {AUTH} AES {PRIV}
rouser {USER} priv
rouser {OLD_USER} priv
{_MORE}
sysName ujung-kabel
sysLocation Kutoarjo
sysContact kominfo@example.go.id
"""


@contextlib.contextmanager
def snmpd(folder: Path, host: str = "127.0.0.1", port: int = 0) -> Iterator[int]:
    """A running agent's UDP port."""
    folder.mkdir(parents=True, exist_ok=True)
    port = port or free_port(socket.SOCK_DGRAM, host)
    config = folder / "snmpd.conf"
    config.write_text(_CONFIG)
    log = folder / "snmpd.log"
    command = [program("snmpd", "snmpd"), "-f", "-Lo", "-C", "-c", str(config), "-I", "-smux", f"udp:{host}:{port}"]
    environ = {**os.environ, "SNMP_PERSISTENT_DIR": str(folder / "state"), "MIBS": ""}
    with running(command, log, environ) as process:
        wait_until(lambda: process.poll() is not None or answers(host, port), f"snmpd on {host}:{port}; see {log}")
        yield port
