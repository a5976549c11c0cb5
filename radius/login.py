"""An Access-Request as a value, and what can be decided of it without asking the database (pure)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from hotspot import grants
from hotspot.allowance import Limits
from hotspot.mac import Mac
from hotspot.policy import Reason
from hotspot.secret import Secret
from hotspot.wire import Attr, Attribute, Code, Reply, Request, chap_is_true, pap_password, text
from radius.answers import ANSWERS
from radius.event import calling_mac

_EAP_FAILURE = 4  # RFC 3748 section 4.2


@dataclass(frozen=True, slots=True)
class Login:
    """Someone who knows a grant's password asks to go online through a NAS; without a grant a MAC asks by itself."""

    grant_id: str | None
    nas: str
    site: str
    mac: Mac


@dataclass(frozen=True, slots=True)
class Accepted:
    """What the NAS may be told; the reservation behind ``class_token`` is written in the same transaction.

    ``until`` is when the promise ends, as the site's clock on the wall says it.
    """

    limits: Limits
    class_token: str
    way: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """``mac``, ``client`` and ``grant_id`` are who it was, as far as that came to light."""

    reason: Reason
    way: str | None = None
    mac: str | None = field(default=None, compare=False)
    client: str | None = field(default=None, compare=False)
    grant_id: str | None = field(default=None, compare=False)


def read_login(request: Request, nas: str, site: str, nas_secret: bytes, grant_key: Secret) -> Login | Refused:
    """A name is a grant's, proved by its password, or the MAC of the client itself, which proves nothing.

    MikroTik, CoovaChilli and hostapd ask for a MAC first and put into the password what they please (nothing, the MAC
    again, a fixed word), so it is not looked at: what such a login gets is one-tap service, for whom the portal
    remembers.
    """
    name, mac = request.words(Attr.USER_NAME) or "", calling_mac(request)
    if not grants.is_grant_id(name):
        is_itself = mac is not None and mac == Mac.read(name)
        return Login(None, nas, site, mac) if mac is not None and is_itself else Refused(Reason.UNKNOWN_CLIENT)
    if not _knows(request, nas_secret, grants.password(grant_key, name).encode()):
        return Refused(Reason.PASSWORD)
    return Login(name, nas, site, mac) if mac is not None else Refused(Reason.GRANT_ELSEWHERE)


def _knows(request: Request, nas_secret: bytes, password: bytes) -> bool:
    if request.first(Attr.CHAP_PASSWORD) is not None:
        return chap_is_true(request, password)
    given = pap_password(request, nas_secret)
    return given is not None and hmac.compare_digest(given, password)


@lru_cache(maxsize=1024)
def _answer(kind: str, limits: Limits, until: datetime | None) -> tuple[Attribute, ...]:
    """Those who come in together get the same limits."""
    return ANSWERS[kind](limits, until)


def reply_to_login(outcome: Accepted | Refused, kind: str, eap: bytes | None = None) -> Reply:
    """A Reject carries nothing but the reason's word, which the portal translates (RFC 2865 section 5.44).

    To EAP, which nothing here speaks, it carries an EAP-Failure instead (RFC 3579 sections 2.6.3 and 2.6.5).
    """
    if isinstance(outcome, Accepted):
        answer = _answer(kind, outcome.limits, outcome.until)
        return Reply(Code.ACCESS_ACCEPT, (text(Attr.CLASS, outcome.class_token), *answer))
    if eap is not None and len(eap) > 1:
        return Reply(Code.ACCESS_REJECT, ((Attr.EAP_MESSAGE, bytes((_EAP_FAILURE, eap[1], 0, 4))),))
    return Reply(Code.ACCESS_REJECT, (text(Attr.REPLY_MESSAGE, outcome.reason),))
