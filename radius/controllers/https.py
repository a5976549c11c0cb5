"""JSON over HTTPS to one controller: its certificate is verified, no redirect is followed, nothing waits long."""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage, HTTPSConnection
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from hotspot.command import OperatorError
from radius.controllers.kind import Silent

PATIENCE = 10  # real seconds; a remote controller has been seen to take several
LARGEST = 8 * 1024 * 1024  # octets; a list of a thousand clients is two


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: HTTPMessage
    body: Any

    def cookies(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for line in self.headers.get_all("Set-Cookie", []):
            try:
                found |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
            except CookieError:
                continue
        return found


class Https:
    """One address. Each request has a connection of its own, so that threads need no turn."""

    def __init__(self, url: str, trust: str | None, patience: float = PATIENCE) -> None:
        parts = urlsplit(url)
        self._host, self._port, self._base = parts.hostname or "", parts.port or 443, parts.path.rstrip("/")
        self._context, self._patience = trusting(trust), patience

    def ask(self, method: str, path: str, headers: Mapping[str, str], body: Any = None) -> Answer:
        """Raises Silent unless HTTP came back, with JSON or nothing in it."""
        told = {"Accept": "application/json", **headers}
        if body is not None:
            told["Content-Type"] = "application/json"
        connection = HTTPSConnection(self._host, self._port, timeout=self._patience, context=self._context)
        try:
            connection.request(method, self._base + path, None if body is None else json.dumps(body).encode(), told)
            response = connection.getresponse()
            text = response.read(LARGEST + 1)
            return Answer(response.status, response.headers, _json(text, response.status))
        except ssl.SSLCertVerificationError as error:
            raise Silent(f"its certificate is not to be trusted: {error.verify_message}") from error
        except (OSError, HTTPException, ValueError, RecursionError) as error:
            raise Silent(type(error).__name__) from error
        finally:
            connection.close()


def trusting(file: str | None) -> ssl.SSLContext:
    """The authorities of this machine, or those of a file alone."""
    try:
        return ssl.create_default_context(cafile=file)
    except (OSError, ssl.SSLError) as error:
        raise OperatorError(
            f"{file}: not a certificate in PEM form that can be read; see `trust` in sites.yaml"
        ) from error


def _json(text: bytes, status: int) -> Any:
    if len(text) > LARGEST:
        raise ValueError("too long")
    if not text.strip():
        return None
    try:
        return json.loads(text)
    except ValueError:
        if status < 400:
            raise
        return None  # an error page is an error, whatever it is written in
