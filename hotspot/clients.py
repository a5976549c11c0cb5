"""Who is counted: a client as a keyed hash of what it came in with, so that limits hold and nobody can be read from it.

In one-tap mode the client is its MAC. With a voucher, an account or a number it is that, on whichever phone. A return
code takes the client along to another MAC. The key is the grant key, which only the portal and RADIUS hold.
"""

from __future__ import annotations

from hotspot.keyed import keyed
from hotspot.mac import Mac
from hotspot.secret import Secret


def of_mac(key: Secret, mac: Mac) -> str:
    return _hash(key, b"client:mac", mac.octets)


def of_staff(key: Secret, name: str) -> str:
    return _hash(key, b"client:staff", name.casefold().encode())


def of_number(key: Secret, number: str) -> str:
    """``number`` in the form of E.164, ``+628…``."""
    return _hash(key, b"client:number", number.encode())


def memory_of(key: Secret, mac: Mac) -> str:
    """Under which token a MAC is remembered; not its client's hash, so that the two tables cannot be joined."""
    return _hash(key, b"memory", mac.octets)


def _hash(key: Secret, purpose: bytes, what: bytes) -> str:
    return keyed(key.octets, "sha256").digest(purpose + b":" + what)[:16].hex()
