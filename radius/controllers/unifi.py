"""UniFi's own API of its pages, on a controller of its own (``legacy``) or on a console with UniFi OS (``os``).

Source: Art-of-WiFi's UniFi-API-client (``api/login``, ``cmd/stamgr``, ``stat/sta``). ``bytes`` is in MB, ``up`` and
``down`` in kbit/s from the client's side; in ``stat/sta`` ``rx_bytes`` are what the access point received.
"""

from __future__ import annotations

import base64
import json
import threading
from typing import Any
from urllib.parse import quote

from hotspot.mac import Mac
from hotspot.secret import Secret
from hotspot.sites.controller import Controller as Facts
from radius.controllers.https import Answer, Https
from radius.controllers.kind import Denied, Guest, Seen, Silent
from radius.controllers.values import address, kilobits, mac, megabytes, minutes, octets, rows, table

_PATHS = {"legacy": ("/api/login", ""), "os": ("/api/auth/login", "/proxy/network")}
_UNAUTHORISED = 401


class Unifi:
    limits, is_asked = True, True

    def __init__(self, facts: Facts, password: Secret, https: Https) -> None:
        self.every = facts.every
        self._login_path, prefix = _PATHS[facts.api]
        self._site = f"{prefix}/api/s/{quote(facts.site, safe='')}"
        self._account, self._password, self._https = facts.account or "", password, https
        self._turn = threading.Lock()
        self._session: dict[str, str] = {}

    def admit(self, guest: Guest) -> None:
        """Only a guest that is there: the redirect that named it was not signed."""
        station = self._station(guest.mac)
        if station is None:
            raise Silent("the controller does not see the client yet")
        if not station.get("is_guest"):
            raise Denied("the client is no guest")
        order: dict[str, Any] = {
            "cmd": "authorize-guest",
            "mac": guest.mac.colons,
            "minutes": minutes(guest.limits.seconds),
            "up": kilobits(guest.limits.up),
            "down": kilobits(guest.limits.down),
        }
        if guest.limits.octets is not None:
            order["bytes"] = megabytes(guest.limits.octets)
        if guest.place:
            order["ap_mac"] = Mac(guest.place).colons  # the access point learns it at once, not at its next report
        self._ask("POST", "/cmd/stamgr", order)

    def look(self, mac: Mac) -> Seen | None:
        station = self._station(mac)
        return None if station is None else _seen(station)

    def end(self, mac: Mac) -> None:
        self._ask("POST", "/cmd/stamgr", {"cmd": "unauthorize-guest", "mac": mac.colons})

    def clients(self) -> list[Seen]:
        found = [_seen(row) for row in self._ask("GET", "/stat/sta") if row.get("is_guest")]
        return [seen for seen in found if seen is not None]

    def _station(self, mac: Mac) -> dict[str, Any] | None:
        try:
            found = self._ask("GET", f"/stat/sta/{mac.colons}")
        except Denied:  # api.err.UnknownStation
            return None
        return next((row for row in found if row.get("mac") == mac.colons), None)

    def _ask(self, method: str, path: str, body: Any = None) -> list[dict[str, Any]]:
        answer = self._https.ask(method, self._site + path, self._headers(fresh=False), body)
        if answer.status == _UNAUTHORISED:  # the session is over
            answer = self._https.ask(method, self._site + path, self._headers(fresh=True), body)
        meta = table(table(answer.body).get("meta"))
        if meta.get("rc") == "ok" and answer.status < 400:
            return rows(table(answer.body).get("data"))
        if meta.get("rc") == "error" and answer.status != _UNAUTHORISED:
            raise Denied(str(meta.get("msg"))[:80])
        raise Silent(f"HTTP {answer.status}")

    def _headers(self, *, fresh: bool) -> dict[str, str]:
        with self._turn:
            if fresh or not self._session:
                self._session = self._login()
            return dict(self._session)

    def _login(self) -> dict[str, str]:
        body = {"username": self._account, "password": self._password.reveal()}
        answer = self._https.ask("POST", self._login_path, {}, body)
        cookies = answer.cookies()
        if answer.status >= 400 or not cookies:
            raise Silent(f"the login was answered with HTTP {answer.status}")
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        token = _csrf(answer, cookies)
        return headers | ({"X-Csrf-Token": token} if token else {})


def _seen(row: dict[str, Any]) -> Seen | None:
    client = mac(row.get("mac"))
    if client is None:
        return None
    upload, download = octets(row.get("rx_bytes")), octets(row.get("tx_bytes"))
    return Seen(client, row.get("authorized") is True, address(row.get("ip")), upload, download)


def _csrf(answer: Answer, cookies: dict[str, str]) -> str | None:
    """In a header, in a cookie, or inside the JWT that UniFi OS sets as TOKEN."""
    if header := answer.headers.get("X-Csrf-Token"):
        return str(header)
    if "csrf_token" in cookies:
        return cookies["csrf_token"]
    parts = cookies.get("TOKEN", "").split(".")
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=="))
    except (IndexError, ValueError):
        return None
    token = table(claims).get("csrfToken")
    return token if isinstance(token, str) and token.isprintable() else None
