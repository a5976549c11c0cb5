"""A MikroTik HotSpot (RouterOS 7.19): its servlet pages, http-chap and http-pap, its RADIUS attributes.

It takes a password of 32 hex digits for a CHAP response, as http-chap is on; anything else is PAP. A challenge stands
until a login used it up or it is an hour old: phones keep asking for things in the background, and a new challenge for
each page would void the one that the visitor is looking at. After a login it shows alogin.html; after a refusal
login.html again, with the reason in ``$(error-orig)``. None of this was tried on a real router.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from urllib.parse import parse_qs, quote, urlsplit

from hotspot.mac import Mac
from lab.nas import internet
from lab.nas.box import Box
from lab.nas.client import Client, Credentials, Verdict
from lab.nas.http import Request, Response, page, redirect
from lab.nas.limits import MIKROTIK, WISPR, Limits, of_mikrotik
from lab.nas.stay import Cause
from lab.nas.wire import Key, Reply, address, number

# What `hotspot nas-config` tells the operator to paste; a test holds the two together.
LOGIN_PAGE = (
    '<html><head><meta http-equiv="refresh" content="0; url={portal_url}/arrive/{nas}?mac=$(mac-esc)&ip=$(ip)&'
    "link-login-only=$(link-login-only-esc)&link-orig=$(link-orig-esc)&chap-id=$(chap-id)&"
    'chap-challenge=$(chap-challenge)&error=$(error-orig)"></head></html>'
)
ALOGIN_PAGE = (
    '<html><head><meta http-equiv="refresh" content="0; url={portal_url}/status?grant=$(username)"></head></html>'
)
LOGOUT_PAGE = "<html><head><title>Logged out</title></head></html>"

# errors.txt of RouterOS, where a RADIUS Reply-Message does not take its place.
REFUSED = "invalid username or password"
SILENCE = "RADIUS server is not responding"
BUSY = "already authorizing, retry later"
CHALLENGE_SECONDS = 3600


def octal(octets: bytes) -> str:
    """The spelling of $(chap-id) and $(chap-challenge): a backslash and three octal digits an octet."""
    return "".join(f"\\{octet:03o}" for octet in octets)


def credentials(name: str, password: str, challenge: bytes) -> Credentials:
    """CHAP when the password looks like a response to the challenge, whose first octet is the chap-id and the Ident."""
    if challenge and re.fullmatch(r"[0-9a-fA-F]{32}", password):
        return Credentials(name, chap=(challenge[1:], challenge[:1] + bytes.fromhex(password)))
    return Credentials(name, password=password.encode())


class Mikrotik(Box):
    """Session ids count up from the same number after each boot, as those of the real one do."""

    _sessions = 0

    @property
    def web(self) -> tuple[str, int]:
        parts = urlsplit(str(self.nas.login_url))
        return str(parts.hostname), parts.port or 80

    def new_session_id(self) -> str:
        self._sessions += 1
        return f"{0x80F00000 + self._sessions:08x}"

    def reboot(self, *, announce: bool = True) -> None:
        self._sessions = 0
        super().reboot(announce=announce)

    def station(self, mac: Mac) -> str:
        return mac.colons.upper()

    def identity(self, client: Client) -> list[tuple[Key, bytes]]:
        """Called-Station-Id is the hotspot server's name, and NAS-Port exceeds 2**31."""
        return [
            (6, number(1)),
            (61, number(19)),
            (5, number(0x80F00000 + client.number)),
            (87, b"wlan-hotspot"),
            (31, self.station(client.mac).encode()),
            (30, b"hotspot1"),
            (8, address(client.address)),
            (44, (client.online.session_id if client.online else client.session_id).encode()),
            ((MIKROTIK, 10), address(client.address)),
            ((WISPR, 3), self._own("logout").encode()),
        ]

    def read_limits(self, reply: Reply) -> Limits:
        return of_mikrotik(reply)

    def meant(self, told: Reply) -> Client | int | None:
        """Framed-IP-Address with another name; 402 says that one is missing, 503 that nobody fits.

        A User-Name that is a MAC means a wireless client of the router, never one of its hotspot.
        """
        if told.first(8) is None or (told.first(1) is None and told.first(44) is None):
            return 402
        if told.first(1) is not None and _is_mac(told.text(1)):
            return 503
        for client in self.clients.values():
            if client.online is not None and address(client.address) == told.first(8):
                fits = told.first(44) in (None, client.online.session_id.encode())
                named = told.first(1) is None or client.online.user_name == told.text(1)
                return client if fits and named else 503
        return 503

    def changed_limits(self, now: Limits, told: Reply) -> Limits:
        """What a CoA does not name stays."""
        said = {name: value for name, value in vars(of_mikrotik(told)).items() if value is not None}
        return replace(now, **said)

    async def answer(self, client: Client, request: Request) -> Response:
        if request.headers.get("host") != urlsplit(str(self.nas.login_url)).netloc:
            return self._intercepted(client, request)
        if request.path == "/login":
            return await self._login(client, request)
        if request.path == "/logout":
            self.finish(client, Cause.USER_REQUEST)
            return page(LOGOUT_PAGE)
        if request.path == "/status" and client.online is not None:
            return page(self._filled(ALOGIN_PAGE, client, ""))
        return redirect(self._own("login")) if request.path in ("/", "/status") else Response(404, "no such file")

    def _intercepted(self, client: Client, request: Request) -> Response:
        if client.online is not None:
            return internet.answer(request, has_uplink=self.has_uplink())
        client.wanted = request.url
        return page(self._login_page(client, ""))

    async def _login(self, client: Client, request: Request) -> Response:
        form = parse_qs(request.body if request.method == "POST" else request.query, keep_blank_values=True)
        if client.online is not None:
            return page(self._filled(ALOGIN_PAGE, client, ""))
        if "username" not in form:
            client.wanted = form.get("dst", [client.wanted])[0]
            return page(self._login_page(client, ""))
        if client.busy:
            return page(self._login_page(client, BUSY))
        client.busy = True
        try:
            password = form.get("password", [""])[0]
            verdict = await self.log_in(client, self._credentials(client, form["username"][0], password))
        finally:
            client.busy, client.challenge = False, b""
        if verdict.accepted:
            return page(self._filled(ALOGIN_PAGE, client, ""))
        return page(self._login_page(client, _error(verdict)))

    def _credentials(self, client: Client, name: str, password: str) -> Credentials:
        return credentials(name, password, client.challenge if self._is_fresh(client) else b"")

    def _is_fresh(self, client: Client) -> bool:
        return bool(client.challenge) and self.world.clock.now() - client.challenge_at <= CHALLENGE_SECONDS

    def _login_page(self, client: Client, error: str) -> str:
        if not self._is_fresh(client):
            client.challenge, client.challenge_at = os.urandom(17), self.world.clock.now()
        return self._filled(LOGIN_PAGE, client, error)

    def _filled(self, template: str, client: Client, error: str) -> str:
        """RouterOS puts values in as they are: only the -esc variables are escaped."""
        values = {
            "mac-esc": quote(client.mac.colons.upper(), safe=""),
            "ip": client.address,
            "link-login-only-esc": quote(self._own("login"), safe=""),
            "link-orig-esc": quote(client.wanted, safe=""),
            "chap-id": octal(client.challenge[:1]),
            "chap-challenge": octal(client.challenge[1:]),
            "error-orig": error,
            "username": client.online.user_name if client.online else "",
        }
        text = template.replace("{portal_url}", self.world.sites.office.portal_url).replace("{nas}", self.nas.id)
        return re.sub(r"\$\(([a-z-]+)\)", lambda match: values[match[1]], text)

    def _own(self, name: str) -> str:
        return str(self.nas.login_url).removesuffix("login") + name


def _error(verdict: Verdict) -> str:
    return (verdict.message or REFUSED) if verdict.answered else SILENCE


def _is_mac(name: str) -> bool:
    try:
        Mac.parse(name)
    except ValueError:
        return False
    return True
