"""Omada's Open API: a token for the application's id and secret, then its hotspot's clients by MAC.

Source: TP-Link's specification (``/openapi/v1/{omadacId}/sites/{siteId}/…``). ``auth`` takes no time: RADIUS ends the
visit. ``authStatus`` 2 is a client that was let in, 1 one that waits; ``trafficUp`` is from the client.
"""

from __future__ import annotations

import threading
from typing import Any
from urllib.parse import quote

from hotspot.mac import Mac
from hotspot.secret import Secret
from hotspot.sites.controller import Controller as Facts
from radius.controllers.https import Https
from radius.controllers.kind import Denied, Guest, Seen, Silent
from radius.controllers.values import address, mac, octets, rows, table

PAGE = 500
_TOKEN_OVER = (-44112, -44113)
_NOT_THERE = (-41006, -41019)  # no such client; it is being disconnected already
_IN = 2


class Omada:
    limits, is_asked = False, True

    def __init__(self, facts: Facts, secret: Secret, https: Https) -> None:
        self.every = facts.every
        self._facts, self._secret, self._https = facts, secret, https
        self._site = f"/openapi/v1/{quote(facts.id or '', safe='')}/sites/{quote(facts.site, safe='')}"
        self._turn = threading.Lock()
        self._token: str | None = None

    def admit(self, guest: Guest) -> None:
        """Nothing but a client of a portal's network can be let in; others are refused by the controller."""
        self._ask("POST", f"/hotspot/clients/{guest.mac.dashes}/auth")

    def look(self, mac: Mac) -> Seen | None:
        return next((seen for seen in self.clients() if seen.mac == mac), None)

    def end(self, mac: Mac) -> None:
        self._ask("POST", f"/hotspot/clients/{mac.dashes}/unauth", fine=_NOT_THERE)

    def clients(self) -> list[Seen]:
        found, page = [], 1
        while True:
            result = table(self._ask("GET", f"/clients?page={page}&pageSize={PAGE}"))
            some = rows(result.get("data"))
            found += [seen for row in some if (seen := _seen(row)) is not None]
            if not some or page * PAGE >= (octets(result.get("totalRows")) or 0):
                return found
            page += 1

    def _ask(self, method: str, path: str, fine: tuple[int, ...] = ()) -> Any:
        code, result = self._told(method, path, self._held(fresh=False))
        if code in _TOKEN_OVER:
            code, result = self._told(method, path, self._held(fresh=True))
        if code == 0 or code in fine:
            return result
        if code in _TOKEN_OVER:
            raise Silent("it does not take the token that it gave")
        raise Denied(f"errorCode {code}")

    def _told(self, method: str, path: str, token: str) -> tuple[int, Any]:
        answer = self._https.ask(method, self._site + path, {"Authorization": f"AccessToken={token}"})
        code = table(answer.body).get("errorCode")
        if answer.status == 401:
            return _TOKEN_OVER[0], None
        if not isinstance(code, int) or answer.status >= 400:
            raise Silent(f"HTTP {answer.status}")
        return code, table(answer.body).get("result")

    def _held(self, *, fresh: bool) -> str:
        with self._turn:
            if fresh or self._token is None:
                self._token = self._new_token()
            return self._token

    def _new_token(self) -> str:
        facts = self._facts
        body = {"omadacId": facts.id, "client_id": facts.account, "client_secret": self._secret.reveal()}
        answer = self._https.ask("POST", "/openapi/authorize/token?grant_type=client_credentials", {}, body)
        token = table(table(answer.body).get("result")).get("accessToken")
        if table(answer.body).get("errorCode") != 0 or not isinstance(token, str) or not token.isprintable():
            raise Silent("it gave no token for the application's id and secret")
        return token


def _seen(row: dict[str, Any]) -> Seen | None:
    client = mac(row.get("mac"))
    if client is None:
        return None
    upload, download = octets(row.get("trafficUp")), octets(row.get("trafficDown"))
    return Seen(client, row.get("authStatus") == _IN, address(row.get("ip")), upload, download)
