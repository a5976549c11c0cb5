"""UniFi's documented API (Network 9.1.105 or later) with a key of its own; no session, no CSRF.

``rxRateLimitKbps`` and ``rxBytes`` are the client's download here, other than in the API of the pages.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from hotspot.mac import Mac
from hotspot.secret import Secret
from hotspot.sites.controller import Controller as Facts
from radius.controllers.https import Https
from radius.controllers.kind import Denied, Guest, Seen, Silent
from radius.controllers.values import address, kilobits, mac, megabytes, minutes, octets, rows, table

BASE = "/proxy/network/integration/v1"
PAGE = 200
MOST_MINUTES, MOST_MEGABYTES, MOST_KILOBITS = 1_000_000, 1_048_576, 100_000
_REFUSED = (400, 403, 404, 422)


class Official:
    limits, is_asked = True, True

    def __init__(self, facts: Facts, key: Secret, https: Https) -> None:
        self.every = facts.every
        self._facts, self._key, self._https = facts, key, https
        self._site: str | None = None

    def admit(self, guest: Guest) -> None:
        client = self._client(guest.mac)
        if client is None:
            raise Silent("the controller does not see the client yet")
        if table(client.get("access")).get("type") not in ("GUEST", None):
            raise Denied("the client is no guest")
        limits = guest.limits
        order: dict[str, Any] = {
            "action": "AUTHORIZE_GUEST_ACCESS",
            "timeLimitMinutes": min(minutes(limits.seconds), MOST_MINUTES),
            "rxRateLimitKbps": min(kilobits(limits.down), MOST_KILOBITS),
            "txRateLimitKbps": min(kilobits(limits.up), MOST_KILOBITS),
        }
        if limits.octets is not None:
            order["dataUsageLimitMBytes"] = min(megabytes(limits.octets), MOST_MEGABYTES)
        self._act(client, order)

    def look(self, mac: Mac) -> Seen | None:
        client = self._client(mac)
        return None if client is None else _seen(client)

    def end(self, mac: Mac) -> None:
        client = self._client(mac)
        if client is not None:
            self._act(client, {"action": "UNAUTHORIZE_GUEST_ACCESS"})

    def clients(self) -> list[Seen]:
        found, offset = [], 0
        while True:
            page = self._ask("GET", f"{self._path()}/clients?offset={offset}&limit={PAGE}")
            some = rows(table(page).get("data"))
            found += [seen for row in some if (seen := _seen(row)) is not None and _is_guest(row)]
            offset += len(some)
            total = octets(table(page).get("totalCount")) or 0
            if not some or offset >= total:
                return found

    def _client(self, mac: Mac) -> dict[str, Any] | None:
        asked = quote(f"macAddress.eq('{mac.colons}')", safe="")
        found = rows(table(self._ask("GET", f"{self._path()}/clients?filter={asked}")).get("data"))
        return next((row for row in found if str(row.get("macAddress")).lower() == mac.colons), None)

    def _act(self, client: dict[str, Any], order: dict[str, Any]) -> None:
        name = quote(str(client.get("id")), safe="")
        self._ask("POST", f"{self._path()}/clients/{name}/actions", order)

    def _path(self) -> str:
        if self._site is None:
            self._site = self._find_site()
        return f"{BASE}/sites/{quote(self._site, safe='')}"

    def _find_site(self) -> str:
        for row in rows(table(self._ask("GET", f"{BASE}/sites?limit={PAGE}")).get("data")):
            if self._facts.site in (row.get("internalReference"), row.get("id"), row.get("name")):
                return str(row.get("id"))
        raise Silent(f"the controller has no site {self._facts.site}")

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        answer = self._https.ask(method, path, {"X-API-KEY": self._key.reveal()}, body)
        if answer.status < 300:
            return answer.body
        if answer.status in _REFUSED:
            raise Denied(str(table(answer.body).get("code") or answer.status)[:80])
        raise Silent(f"HTTP {answer.status}")


def _is_guest(row: dict[str, Any]) -> bool:
    return table(row.get("access")).get("type") == "GUEST"


def _seen(row: dict[str, Any]) -> Seen | None:
    client, access = mac(row.get("macAddress")), table(row.get("access"))
    if client is None:
        return None
    usage = table(table(access.get("authorization")).get("usage"))
    upload, download = octets(usage.get("txBytes")), octets(usage.get("rxBytes"))
    return Seen(client, access.get("authorized") is True, address(row.get("ipAddress")), upload, download)
