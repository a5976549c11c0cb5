"""The Captive Portal API (RFC 8908) at the gateway itself, which alone knows who asks behind the one address for all.

DHCP option 114 is one string for a whole network. A portal far away sees the NAT's address and cannot tell two
visitors apart; the gateway sees each by MAC, and knows of a login in the same moment as its kernel.
"""

from __future__ import annotations

import contextlib
import json
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from gateway.exchange import Answer, Ask
from gateway.responder import Desk, Responder
from gateway.session import Session
from hotspot.grants import is_grant_id
from hotspot.mac import Mac
from hotspot.sites.gateway import Gateway

PATH = "/captive"
MEDIA_TYPE = "application/captive+json"
_HEADERS = (("Content-Type", MEDIA_TYPE), ("Cache-Control", "private, no-store"), ("Vary", "Accept"))


def api_url(box: Gateway) -> str | None:
    """What DHCP announces; it has the default port, to which the ruleset lends the gateway's own."""
    return f"https://{box.name}{PATH}" if box.name else None


@dataclass(frozen=True)
class Addresses:
    """``home`` is our own page, from where the way to the portal is signed afresh; ``venue`` the place's at the portal,

    which can be read before a login and after.
    """

    home: str
    venue: str


def state(where: Addresses, stay: Session | None, now: float) -> dict[str, object]:
    """RFC 8908 section 5. Longer can stay who has a page with the button for it: it is found by the grant."""
    said: dict[str, object] = {"captive": stay is None, "user-portal-url": where.home, "venue-info-url": where.venue}
    if stay is None:
        return said
    said["seconds-remaining"] = max(0, int(stay.ends_at - now))
    said["can-extend-session"] = stay.by_radius and is_grant_id(stay.user_name)
    if stay.limits.octets is not None:
        said["bytes-remaining"] = max(0, stay.limits.octets - stay.total.up - stay.total.down)
    return said


def tls_context(file: Path) -> ssl.SSLContext:
    """Of one PEM file with the key and the chain of certificates."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def certificate_fault(file: Path, name: str) -> str | None:
    """Why phones would not believe this certificate, be it trusted or not: found by a handshake in memory."""
    try:
        _shake_hands(tls_context(file), file, name)
    except ssl.SSLCertVerificationError as error:
        return f"{file}: {error.verify_message.rstrip('.')}; renew it for the name {name}"
    except OSError as error:  # ssl.SSLError is one
        return f"{file}: {error.strerror or error}; it has to hold the private key and the chain of {name} in PEM"
    return None


def _shake_hands(context: ssl.SSLContext, file: Path, name: str) -> None:
    """As a phone would at this moment, but for the authority: the chain in the file is taken for true."""
    trusting = ssl.create_default_context(cafile=str(file))
    trusting.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    phone = trusting.wrap_bio(down, up, server_hostname=name)
    ends = [phone, context.wrap_bio(up, down, server_side=True)]
    while ends:
        for end in tuple(ends):
            with contextlib.suppress(ssl.SSLWantReadError):
                end.do_handshake()
                ends.remove(end)


class Capport:
    def __init__(self, box: Gateway, venue: str, responder: Responder, desk: Desk, now: Callable[[], float]) -> None:
        self._where = Addresses(f"https://{box.name}/", venue)
        self._responder = responder
        self._desk = desk
        self._now = now

    async def answer(self, ask: Ask, address: str) -> Answer:
        mac = await self._desk.mac_of(address)
        if mac is None:
            return Answer(HTTPStatus.SERVICE_UNAVAILABLE, (("Retry-After", "2"), *_HEADERS[1:]))
        if ask.path != PATH or _is_a_person(ask):
            return self._responder.to_portal(mac, address)
        return Answer(HTTPStatus.OK, _HEADERS, self._text(mac))

    def _text(self, mac: Mac) -> bytes:
        return json.dumps(state(self._where, self._desk.stay_of(mac), self._now())).encode()


def _is_a_person(ask: Ask) -> bool:
    """A browser is sent on to the portal (RFC 8910 section 3); everything else gets the JSON."""
    return MEDIA_TYPE not in ask.accept and "text/html" in ask.accept
