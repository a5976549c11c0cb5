"""A place's Wi-Fi in two namespaces: a gateway with DHCP, names and a captive web server, and a machine that joins it.

The gateway stands for the portal, the phones' checks, a service of the regency and the internet all at once, told apart
by the host's name. What is broken about it is said by a word.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.peers.dnsmasq import dhcp_server
from tests.peers.namespace import Namespace, join, namespace
from tests.peers.process import program, running, wait_until

PORTAL, SERVICE, GATEWAY = "portal.test", "layanan.test", "10.9.0.1"
_API = f"114,https://{PORTAL}/api/captive/gw"
_SERVER = """
import socket, sys, threading
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
import time
WORDS, ONLINE = sys.argv[1:], []
FIELDS = b'<input type="hidden" name="flow" value="f"><button id="connect">x</button>'
PAGE = b'<form method="post" action="/connect">' + FIELDS + b'</form>'

class Place(BaseHTTPRequestHandler):
    def do_GET(self):
        host = self.headers["Host"]
        if host == "layanan.test":
            return self.say(302, place="http://portal.test/") if "shut" in WORDS else self.say(200, b"layanan")
        if host in ("portal.test", "10.9.0.1"):
            return self.say(200, PAGE)
        if "open" in WORDS or ONLINE:
            return self.say(204)
        return self.say(302, place="http://portal.test/arrive/gw")
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        ONLINE.append(1)
        self.say(303, place="http://portal.test/status")
    def say(self, status, body=b"", place=""):
        self.send_response_only(status)
        self.send_header("Date", formatdate(time.time() - (7200 if "late" in WORDS else 0), usegmt=True))
        self.send_header("Content-Length", str(len(body)))
        if place:
            self.send_header("Location", place)
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *words):
        pass

if "six" in WORDS:
    wire = socket.create_server(("2001:4860:4860::8888", 53), family=socket.AF_INET6)
ThreadingHTTPServer(("10.9.0.1", 80), Place).serve_forever()
"""
_LEASE = """#!/bin/sh
[ "$1" = bound ] && ip addr add $ip/$mask dev $interface
exit 0
"""


@contextlib.contextmanager
def captive_place(folder: Path, *broken: str) -> Iterator[Namespace]:
    """The machine that hangs in the Wi-Fi on ``wifi``, with an address by DHCP.

    ``broken``: open (checks pass before login), shut (no service is let through), six (IPv6 leads out), late (the
    gateway's clock), nameless (the portal has no address), silent (DHCP says nothing of the API).
    """
    with namespace() as gateway, namespace() as guest, contextlib.ExitStack() as stack:
        join((gateway, "lan", f"{GATEWAY}/24"), (guest, "wifi", ""))
        gateway.ip("addr", "add", "2001:4860:4860::8888/128", "dev", "lo", "nodad")
        gateway.ip("addr", "add", "2001:db8::1/64", "dev", "lan", "nodad")
        guest.ip("addr", "add", "2001:db8::2/64", "dev", "wifi", "nodad")
        guest.ip("route", "add", "default", "via", "2001:db8::1")
        words = [f"--address=/#/{GATEWAY}"] if "nameless" not in broken else [f"--address=/gstatic.com/{GATEWAY}"]
        words += ["--except-interface=lo"]
        words += [] if "silent" in broken else [f"--dhcp-option-force={_API}"]
        stack.enter_context(dhcp_server(gateway, "lan", "10.9.0.100", "10.9.0.110", folder, *words))
        web = gateway.command(sys.executable, "-c", _SERVER, *broken)
        stack.enter_context(running(web, folder / "captive.log"))
        lease(guest, folder)
        wait_until(lambda: _answers(guest), f"the place's web server answers; see {folder}/captive.log", 30)
        yield guest


def lease(guest: Namespace, folder: Path) -> None:
    """By a real DHCP client."""
    script = folder / "lease"
    script.write_text(_LEASE)
    script.chmod(0o755)
    guest.run(program("udhcpc", "udhcpc"), "-i", "wifi", "-q", "-n", "-f", "-T", "1", "-t", "10", "-s", str(script))


def _answers(guest: Namespace) -> bool:
    try:
        guest.python("import urllib.request; urllib.request.urlopen('http://10.9.0.1/', timeout=2)")
    except AssertionError:
        return False
    return True
