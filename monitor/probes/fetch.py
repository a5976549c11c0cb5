"""One HTTP request by a chosen way, without redirects and without a cache: what came back, or what stood in its way."""

from __future__ import annotations

import http.client
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from monitor.probes.way import Way

_MOST = 262_144  # octets of a page; no page of ours or check of a phone is larger
AGENT = "hotspot-monitor"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes
    seconds: float
    certificate_ends: float | None = None


@dataclass(frozen=True)
class Unreachable:
    """``distrusted``: somebody answered, whose certificate a phone would not believe."""

    why: str
    distrusted: bool = False


def fetch(
    url: str,
    way: Way,
    headers: Mapping[str, str] | None = None,
    form: bytes | None = None,
    trust: ssl.SSLContext | None = None,
) -> Answer | Unreachable:
    """GET, or POST of ``form``."""
    try:
        return _fetch(url, way, {"User-Agent": AGENT, **(headers or {})}, form, trust or machine_trust())
    except ssl.SSLCertVerificationError as error:
        return Unreachable(f"its certificate is not trusted: {error.verify_message}", distrusted=True)
    except TimeoutError:
        return Unreachable(f"no answer within {way.patience:g} s")
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Unreachable(getattr(error, "strerror", None) or str(error) or type(error).__name__)


def _fetch(url: str, way: Way, headers: Mapping[str, str], form: bytes | None, trust: ssl.SSLContext) -> Answer:
    began = time.monotonic()
    parts = urlsplit(url)
    host, secure = parts.hostname or "", parts.scheme == "https"
    line = http.client.HTTPConnection(host, parts.port or (443 if secure else 80), timeout=way.patience)
    line.sock, ends = way.connect(host, line.port), None
    try:
        if secure:
            wire = trust.wrap_socket(line.sock, server_hostname=host)
            line.sock = wire
            told = (wire.getpeercert() or {}).get("notAfter")
            ends = float(ssl.cert_time_to_seconds(str(told))) if told else None
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if form is not None else {}
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        line.request("GET" if form is None else "POST", path, form, {**headers, **kind, "Connection": "close"})
        answer = line.getresponse()
        body = answer.read(_MOST)
        heads = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, heads, body, time.monotonic() - began, ends)
    finally:
        line.close()


@cache
def machine_trust() -> ssl.SSLContext:
    """What this machine trusts. Python fetches no missing intermediate, and neither do most phones."""
    return ssl.create_default_context()
