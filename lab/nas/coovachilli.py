"""CoovaChilli 1.8: the signed redirect to its UAM server, /prelogin, /logon, /logoff, /status, and its attributes."""

from __future__ import annotations

import hashlib
import os
import re
from urllib.parse import unquote

from hotspot.mac import Mac
from hotspot.sites import Nas
from lab.nas import internet
from lab.nas.box import Box
from lab.nas.client import Client, Credentials
from lab.nas.http import Request, Response, redirect
from lab.nas.limits import WISPR, Limits, of_coovachilli
from lab.nas.stay import Cause
from lab.nas.wire import Key, Reply, address, number
from lab.world import World

RENEWED_AFTER, ACCEPTED_FOR = 600, 1200  # challengetimeout: a new one is made; challengetimeout2: a login is refused
_PLAIN = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*")


def escaped(text: str) -> str:
    """Chilli's own escaping: lower-case hex, and few characters are left alone."""
    return "".join(chr(octet) if chr(octet) in _PLAIN else f"%{octet:02x}" for octet in text.encode())


def fields(query: str) -> dict[str, str]:
    """Chilli's own reading: names as they are written, and "+" stays a plus."""
    pairs = (part.partition("=") for part in query.split("&"))
    return {name: unquote(value) for name, _, value in pairs}


def signature(url: str, uam_secret: bytes) -> str:
    """``md``: over the whole URL as text, from the uamserver's first letter on."""
    return hashlib.md5(url.encode() + uam_secret).hexdigest().upper()  # noqa: S324 - the protocol's


def mixed(challenge: bytes, uam_secret: bytes) -> bytes:
    """The challenge that the login is made with; an empty uamsecret leaves it as it is."""
    return hashlib.md5(challenge + uam_secret).digest() if uam_secret else challenge  # noqa: S324 - the protocol's


def revealed(password: bytes, mixed_challenge: bytes) -> bytes:
    """A PAP password back from its XOR with the challenge, which repeats every 16 octets."""
    return bytes(octet ^ mixed_challenge[i % 16] for i, octet in enumerate(password))


def credentials(form: dict[str, str], challenge: bytes) -> Credentials | None:
    """CHAP or PAP as /logon was called, with the mixed challenge; None when nothing usable was sent."""
    name, response, password = (form.get(key, "") for key in ("username", "response", "password"))
    ident = form.get("ident", "0")
    if name and re.fullmatch(r"[0-9a-fA-F]{32}", response) and re.fullmatch(r"\d{1,3}", ident):
        return Credentials(name, chap=(challenge, bytes([int(ident) & 0xFF]) + bytes.fromhex(response)))
    if name and re.fullmatch(r"(?:[0-9a-fA-F]{2}){1,128}", password):
        return Credentials(name, password=revealed(bytes.fromhex(password), challenge))
    return None


class CoovaChilli(Box):
    """Octet limits end a session with the cause of a time-out, as chilli does."""

    quota_cause = Cause.SESSION_TIMEOUT
    _units = 0

    def __init__(self, nas: Nas, world: World) -> None:
        super().__init__(nas, world)
        self.uam_secret = world.secrets.read(f"nas-{nas.id}-uam").octets
        self.mac = nas.mac or Mac("02c2" + address(nas.address).hex())
        self.uam_server = f"{world.sites.office.portal_url}/arrive/{nas.id}"

    @property
    def web(self) -> tuple[str, int]:
        assert self.nas.uam is not None  # noqa: S101 - sites.yaml was checked: this kind needs uam
        return self.nas.uam.ip, self.nas.uam.port

    def new_session_id(self) -> str:
        self._units += 1
        return f"{int(self.world.clock.now()):08x}{self._units:08x}"

    def station(self, mac: Mac) -> str:
        return mac.dashes

    def identity(self, client: Client) -> list[tuple[Key, bytes]]:
        host, port = self.web
        return [
            (6, number(1)),
            (61, number(19)),
            (5, number(client.number)),
            (87, f"{client.number:08d}".encode()),
            (31, self.station(client.mac).encode()),
            (30, self.station(self.mac).encode()),
            (8, address(client.address)),
            (44, (client.online.session_id if client.online else client.session_id).encode()),
            ((WISPR, 1), f"isocc=id,cc=62,ac=275,network={self.nas.site}".encode()),
            ((WISPR, 3), f"http://{host}:{port}/logoff".encode()),
        ]

    def read_limits(self, reply: Reply) -> Limits:
        return of_coovachilli(reply)

    def meant(self, told: Reply) -> Client | int | None:
        """Silence without User-Name; a refusal without Error-Cause (which 0 stands for) where nobody fits."""
        if told.first(1) is None:
            return None
        for client in self.clients.values():
            if client.online is not None and client.online.user_name == told.text(1):
                fits = told.first(44) in (None, client.online.session_id.encode())
                return client if fits else 0
        return 0

    def changed_limits(self, now: Limits, told: Reply) -> Limits:  # noqa: ARG002 - that is what chilli does
        """Every limit that is not repeated is none any more."""
        return of_coovachilli(told)

    async def answer(self, client: Client, request: Request) -> Response:
        host, port = self.web
        if request.headers.get("host") != f"{host}:{port}":
            return self._intercepted(client, request)
        match request.path:
            case "/logon" | "/login":
                return await self._logon(client, fields(request.query))
            case "/logoff" | "/logout":
                self.finish(client, Cause.USER_REQUEST)
                return self._portal(client, "logoff")
            case "/" | "/prelogin" | "/status":
                return self._portal(client, "already" if client.online else "notyet")
            case _:
                return Response(404, "no such file")

    def _intercepted(self, client: Client, request: Request) -> Response:
        if client.online is not None:
            return internet.answer(request, has_uplink=self.has_uplink())
        client.wanted = request.url
        return self._portal(client, "notyet")

    async def _logon(self, client: Client, form: dict[str, str]) -> Response:
        if client.online is not None:
            return self._portal(client, "already")
        credentials = self._credentials(client, form)
        if credentials is None or client.busy:
            return self._portal(client, "notyet")
        client.busy = True
        try:
            verdict = await self.log_in(client, credentials)
        finally:
            client.busy, client.challenge = False, b""
        if verdict.accepted:
            return self._portal(client, "success")
        reason = "reject" if verdict.answered else "timeout"
        return self._portal(client, "failed", reason=reason, reply=verdict.message)

    def _credentials(self, client: Client, form: dict[str, str]) -> Credentials | None:
        """None when a fresh challenge is needed first."""
        if not client.challenge or self.world.clock.now() - client.challenge_at > ACCEPTED_FOR:
            return None
        return credentials(form, mixed(client.challenge, self.uam_secret))

    def _portal(self, client: Client, res: str, *, reason: str = "", reply: str = "") -> Response:
        """The redirect in the order of chilli's bstring_buildurl."""
        wants_login = res in ("notyet", "failed", "logoff")
        if wants_login:
            self._prepare_login(client)
        host, port = self.web
        session_id = client.online.session_id if client.online else client.session_id
        words = [
            ("res", res),
            ("reason", reason),
            ("uamip", host),
            ("uamport", str(port)),
            ("challenge", client.challenge.hex() if wants_login else ""),
            ("called", self.station(self.mac)),
            ("uid", client.online.user_name if client.online else ""),
            ("timeleft", self._time_left(client)),
            ("mac", self.station(client.mac)),
            ("ip", client.address),
            ("reply", reply),
            ("nasid", self.nas.id),
            ("sessionid", session_id),
        ]
        query = "&".join(f"{name}={escaped(value)}" for name, value in words if value)
        url = f"{self.uam_server}?{query}&userurl={escaped(client.wanted)}"
        return redirect(f"{url}&md={signature(url, self.uam_secret)}")

    def _prepare_login(self, client: Client) -> None:
        """A challenge is renewed when it grew old or a login used it up, never under a login that is going on."""
        now = self.world.clock.now()
        if not client.busy and (not client.challenge or now - client.challenge_at > RENEWED_AFTER):
            client.challenge, client.challenge_at = os.urandom(16), now
        client.session_id = client.session_id or self.new_session_id()

    def _time_left(self, client: Client) -> str:
        if client.online is None or client.online.stay.limits.seconds is None:
            return ""
        stay = client.online.stay
        return str(int(stay.limits.seconds - (self.world.clock.now() - stay.began))) if stay.limits.seconds else ""
