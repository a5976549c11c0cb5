"""One POST to a provider: certificates are verified, redirects are not followed, nothing waits long."""

from __future__ import annotations

import ssl
import urllib.request
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError

from hotspot.senders.driver import Call

PATIENCE = 8  # seconds
LARGEST = 64 * 1024


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A token must not follow to where a stranger points."""

    def redirect_request(self, *_: Any) -> None:
        return None


class Post:
    """Sends calls; a context of one's own is for tests with a certificate of their own."""

    def __init__(self, trust: ssl.SSLContext | None = None, patience: float = PATIENCE) -> None:
        self._trust = trust
        self._patience = patience

    def __call__(self, call: Call) -> tuple[int, bytes] | None:
        """Status and body, or None when nobody answered as HTTP should."""
        request = urllib.request.Request(call.url, call.body, dict(call.headers), method="POST")  # noqa: S310 - sites.yaml allows http and https only
        https = urllib.request.HTTPSHandler(context=self._trust or ssl.create_default_context())
        opener = urllib.request.build_opener(https, _NoRedirect)
        try:
            with opener.open(request, timeout=self._patience) as answer:
                return answer.status, answer.read(LARGEST)
        except HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.read(LARGEST)
        except (OSError, ValueError, HTTPException):  # URLError, time-outs, TLS, and HTTP that is none
            return None
