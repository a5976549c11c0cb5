"""openNDS 9.10 as Debian ships it, to v11 by its sources: its forwarding authentication (FAS) at levels 1 to 3.

Source: /etc/opennds/fas-hid.php and fas-aes.php of the package, and the PHP that its daemon runs to encrypt. The
parameters are one text, ``name=value`` joined by ", "; level 1 sends it in base64, level 2 in base64 of PHP's own
base64 of AES-256-CBC, the key being the faskey filled up with zero octets.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from captive_portal.nas.kind import Arrival, Door, News, Refusal, read_client, with_query
from captive_portal.query import Query
from hotspot.admission import FETCHED
from hotspot.mac import Mac
from hotspot.secret import Secret
from hotspot.sites.door import Fas

_HID = re.compile(r"[0-9a-f]{64}")
_IV = re.compile(r"[0-9a-f]{16}")
NOBODY = Mac("0" * 12)  # who asks for the status is known to the box alone


def arrive(query: Query, door: Door) -> Arrival | Refusal:
    if query.get("status") == "authenticated":
        return Arrival(NOBODY, news=News.ONLINE)
    if not query.get("fas"):
        return Refusal.NO_PARAMETERS
    text = _plain(query, door)
    if text is None:
        return Refusal.BAD_SIGNATURE
    fields = dict(part.split("=", 1) for part in text.split(", ") if "=" in part)
    client = read_client(fields.get("clientmac", ""), fields.get("clientip", ""))
    if client is None:
        return Refusal.BAD_CLIENT
    hid = fields.get("hid", "")
    if not _HID.fullmatch(hid):
        return Refusal.BAD_CHALLENGE
    if _fas(door).level == FETCHED:
        gateway = hashlib.sha256(fields.get("gatewayname", "").strip().encode()).hexdigest()
        return Arrival(*client, keys={"place": gateway, "token": token(hid, _secret(door))}, proved=True)
    return Arrival(*client, keys={"hid": hid}, proved=_fas(door).level == 2)


def release(keys: Mapping[str, str], door: Door, grant_id: str, password: str, after: str) -> str:  # noqa: ARG001
    """The box asks no RADIUS server, so no password travels: knowing the faskey is the proof.

    At level 3 it comes for its orders itself, and the visitor waits on our page.
    """
    if _fas(door).level == FETCHED:
        return after
    custom = base64.b64encode(grant_id.encode()).decode()
    fields = {"tok": token(keys["hid"], _secret(door)), "custom": custom, "redir": after}
    return with_query(f"http://{_fas(door).gateway}/opennds_auth/", fields)


def entrance(door: Door) -> str:
    return f"http://{_fas(door).gateway}/"


def logout(door: Door, user: str) -> str:  # noqa: ARG001 - the contract; the box asks nobody who they are
    return f"http://{_fas(door).gateway}/opennds_deny/"


def token(hid: str, faskey: Secret) -> str:
    """The "rhid" that lets the client of this hid through."""
    return hashlib.sha256(hid.encode() + faskey.octets).hexdigest()


def decrypt(text: str, iv: str, faskey: Secret) -> str | None:
    """PHP's openssl_decrypt with options 0, of what was base64-encoded once more."""
    try:
        sealed = base64.b64decode(base64.b64decode(text, validate=True), validate=True)
        opener = Cipher(algorithms.AES256(_aes_key(faskey)), modes.CBC(iv.encode())).decryptor()
        padded = opener.update(sealed) + opener.finalize()
        unpadder = PKCS7(128).unpadder()
        return (unpadder.update(padded) + unpadder.finalize()).decode()
    except ValueError:  # binascii.Error and UnicodeDecodeError are ValueErrors too
        return None


def _aes_key(faskey: Secret) -> bytes:
    return faskey.octets[:32].ljust(32, b"\x00")


def _plain(query: Query, door: Door) -> str | None:
    if _fas(door).level >= 2:
        iv = query.get("iv")
        return decrypt(query.get("fas"), iv, _secret(door)) if _IV.fullmatch(iv) else None
    try:
        return base64.b64decode(query.get("fas"), validate=True).decode()
    except ValueError:
        return None


def _fas(door: Door) -> Fas:
    if door.nas.fas is None:
        raise ValueError(f"NAS {door.nas.id} has no fas")
    return door.nas.fas


def _secret(door: Door) -> Secret:
    if door.secret is None:
        raise ValueError(f"NAS {door.nas.id} has no faskey")
    return door.secret
