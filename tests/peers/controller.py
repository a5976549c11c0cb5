"""A hotspot controller on loopback behind TLS, as faithful as its documents let it be: UniFi's two APIs and Omada's.

It keeps sessions, wants CSRF tokens and API keys, forgets sessions when told, counts octets for those whom it let in.
"""

from __future__ import annotations

import base64
import contextlib
import json
import re
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.peers.certificate import certificate

ACCOUNT, PASSWORD, CSRF, KEY = "wifi-admin", "kata sandi", "csrf-7", "kunci-api"
SITE_ID, OMADA_ID = "88f7af54-98f8-306a-a1c7-c9349722b1f6", "omada-1"


@dataclass
class Station:
    """A phone as the controller knows it; ``asks`` is how often it is looked at before an access point lets it in."""

    mac: str
    guest: bool = True
    authorized: bool = False
    up: int = 0
    down: int = 0
    asks: int = 0


@dataclass
class Told:
    """``orders`` are the bodies of what it was told to do; ``broken`` is the status that it answers everything with."""

    url: str = ""
    certificate: Path = Path()
    stations: dict[str, Station] = field(default_factory=dict)
    orders: list[dict[str, Any]] = field(default_factory=list)
    logins: int = 0
    session: str = ""
    broken: int = 0
    raw: bytes | None = None

    def station(self, mac: str, **facts: Any) -> Station:
        self.stations[mac] = Station(mac, **facts)
        return self.stations[mac]

    def forget_sessions(self) -> None:
        self.session = "nobody has this one"


Reply = tuple[int, Any, dict[str, str]]


def _ok(data: Any) -> Reply:
    return 200, {"meta": {"rc": "ok"}, "data": data}, {}


def _no(status: int, word: str) -> Reply:
    return status, {"meta": {"rc": "error", "msg": word}, "data": []}, {}


class _Desk(BaseHTTPRequestHandler):
    told: Told

    def do_GET(self) -> None:
        self._answer(None)

    def do_POST(self) -> None:
        text = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._answer(json.loads(text) if text else {})

    def log_message(self, *_: object) -> None:
        pass

    def _answer(self, body: Any) -> None:
        told = self.told
        status, content, headers = (told.broken, {}, {}) if told.broken else self._route(body)
        octets = told.raw if told.raw is not None else json.dumps(content).encode()
        with contextlib.suppress(OSError):
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(octets)))
            self.end_headers()
            self.wfile.write(octets)

    def _route(self, body: Any) -> Reply:
        path = unquote(urlsplit(self.path).path)
        if path in ("/api/login", "/api/auth/login"):
            return self._login(body, os=path == "/api/auth/login")
        if path.startswith("/proxy/network/integration/v1/"):
            return self._official(path.removeprefix("/proxy/network/integration/v1/"), body)
        if path.startswith("/openapi/"):
            return self._omada(path, body)
        if found := re.fullmatch(r"(/proxy/network)?/api/s/default/(.*)", path):
            return self._pages(found[2], body, os=found[1] is not None)
        return _no(404, "api.err.NotFound")

    def _login(self, body: Any, *, os: bool) -> Reply:
        self.told.logins += 1
        if (body.get("username"), body.get("password")) != (ACCOUNT, PASSWORD):
            return _no(400 if not os else 401, "api.err.Invalid")
        self.told.session = f"s{self.told.logins}"
        if not os:
            return (
                200,
                {"meta": {"rc": "ok"}, "data": []},
                {"Set-Cookie": f"unifises={self.told.session}; Path=/; Secure"},
            )
        claims = base64.urlsafe_b64encode(json.dumps({"csrfToken": CSRF}).encode()).decode().rstrip("=")
        self.told.session = f"h.{claims}.{self.told.session}"
        return 200, {"username": ACCOUNT}, {"Set-Cookie": f"TOKEN={self.told.session}; path=/; httponly"}

    def _pages(self, what: str, body: Any, *, os: bool) -> Reply:
        cookie = f"{'TOKEN' if os else 'unifises'}={self.told.session}"
        if not self.told.session or self.headers.get("Cookie") != cookie:
            return _no(401, "api.err.LoginRequired")
        if os and body is not None and self.headers.get("X-Csrf-Token") != CSRF:
            return _no(403, "api.err.CSRF")
        if what == "cmd/stamgr":
            return self._stamgr(body)
        if what == "stat/sta":
            return _ok([_sta(one) for one in self.told.stations.values()])
        one = self.told.stations.get(what.removeprefix("stat/sta/"))
        if one is None:
            return _no(400, "api.err.UnknownStation")
        one.asks -= one.asks > 0 and one.authorized
        return _ok([_sta(one)])

    def _stamgr(self, order: Any) -> Reply:
        self.told.orders.append(order)
        one = self.told.stations.get(order["mac"])
        if one is None:
            return _no(400, "api.err.UnknownStation")
        one.authorized = order["cmd"] == "authorize-guest"
        return _ok([{"mac": one.mac, "authorized_by": "api", "minutes": order.get("minutes", 480)}])

    def _official(self, path: str, body: Any) -> Reply:
        if self.headers.get("X-API-KEY") != KEY:
            return 401, {"code": "api.authentication.missing-credentials"}, {}
        query = parse_qs(urlsplit(self.path).query)
        if path == "sites":
            return 200, _page([{"id": SITE_ID, "internalReference": "default", "name": "Default"}], query), {}
        if path == f"sites/{SITE_ID}/clients":
            rows = [_client(one) for one in self.told.stations.values()]
            if asked := query.get("filter"):
                rows = [row for row in rows if asked[0] == f"macAddress.eq('{row['macAddress']}')"]
            return 200, _page(rows, query), {}
        found = re.fullmatch(rf"sites/{SITE_ID}/clients/id-(.*)/actions", path)
        one = self.told.stations.get(found[1]) if found else None
        if one is None:
            return 404, {"code": "api.client.not-found"}, {}
        self.told.orders.append(body)
        one.authorized = body["action"] == "AUTHORIZE_GUEST_ACCESS"
        return 200, {"action": body["action"], "grantedAuthorization": {"expiresAt": "2026-11-24T10:00:00Z"}}, {}

    def _omada(self, path: str, body: Any) -> Reply:
        if path == "/openapi/authorize/token":
            self.told.logins += 1
            wanted = {"omadacId": OMADA_ID, "client_id": ACCOUNT, "client_secret": PASSWORD}
            if body != wanted:
                return 200, {"errorCode": -44106, "msg": "The client id or client secret is invalid."}, {}
            self.told.session = f"t{self.told.logins}"
            return 200, {"errorCode": 0, "result": {"accessToken": self.told.session, "expiresIn": 7200}}, {}
        if self.headers.get("Authorization") != f"AccessToken={self.told.session}":
            return 200, {"errorCode": -44112, "msg": "The access token has expired."}, {}
        site = f"/openapi/v1/{OMADA_ID}/sites/default"
        if path == f"{site}/clients":
            rows = [_omada_row(one) for one in self.told.stations.values()]
            return 200, {"errorCode": 0, "result": {"totalRows": len(rows), "data": rows}}, {}
        found = re.fullmatch(rf"{site}/hotspot/clients/(.*)/(auth|unauth)", path)
        one = self.told.stations.get(found[1].replace("-", ":").lower()) if found else None
        if found is None or one is None or not one.guest:
            return 200, {"errorCode": -41006, "msg": "This client does not exist."}, {}
        self.told.orders.append({"cmd": found[2]})
        one.authorized = found[2] == "auth"
        return 200, {"errorCode": 0, "msg": "Success."}, {}


def _sta(one: Station) -> dict[str, Any]:
    shown = one.authorized and not one.asks
    octets = {"rx_bytes": one.up, "tx_bytes": one.down}
    return {"mac": one.mac, "ip": "10.1.0.7", "is_guest": one.guest, "authorized": shown, **octets}


def _client(one: Station) -> dict[str, Any]:
    usage = {"rxBytes": one.down, "txBytes": one.up, "bytes": one.up + one.down}
    guest = {"type": "GUEST", "authorized": one.authorized, "authorization": {"usage": usage}}
    access = guest if one.guest else {"type": "DEFAULT"}
    return {"id": f"id-{one.mac}", "macAddress": one.mac, "ipAddress": "10.1.0.7", "access": access}


def _omada_row(one: Station) -> dict[str, Any]:
    mac, status = one.mac.replace(":", "-").upper(), 2 if one.authorized else 1
    octets = {"trafficUp": one.up, "trafficDown": one.down}
    return {"mac": mac, "ip": "10.1.0.7", "authStatus": status if one.guest else 0, **octets}


def _page(rows: list[Any], query: dict[str, list[str]]) -> dict[str, Any]:
    offset, limit = int(query.get("offset", ["0"])[0]), int(query.get("limit", ["25"])[0])
    return {"offset": offset, "limit": limit, "totalCount": len(rows), "data": rows[offset : offset + limit]}


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client that refuses our certificate is what is tested."""


@contextlib.contextmanager
def controller(folder: Path, name: str = "localhost") -> Iterator[Told]:
    """``name`` is what its certificate says that it is; it is reached as localhost."""
    told = Told(certificate=certificate(folder / f"{name}.pem", name))
    server = _Quiet(("127.0.0.1", 0), type("Desk", (_Desk,), {"told": told}))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(told.certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    told.url = f"https://localhost:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
