"""A voucher's code: derived, so that its sheet can be printed again; looked up and counted by keyed hashes (pure).

The key is the secret ``voucher-key``, which the office (it prints) and the portal (it asks) hold; RADIUS needs none.
"""

from __future__ import annotations

import hmac

from hotspot.secret import Secret

KEY = "voucher-key"
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is mistaken for another
LENGTH = 10  # 49 bits: at five wrong guesses a quarter of an hour nobody meets one


def derived(key: Secret, salt: str, serial: int) -> str:
    """The code of one voucher of a batch of ours."""
    digest = hmac.digest(key.octets, f"voucher-code:{salt}:{serial}".encode(), "sha256")
    number = int.from_bytes(digest)
    found = ""
    for _ in range(LENGTH):
        number, rest = divmod(number, len(LETTERS))
        found += LETTERS[rest]
    return found


def plain(typed: str) -> str:
    """As it is hashed, however it was typed: capitals, without gaps and hyphens."""
    return "".join(letter for letter in typed.upper() if letter not in " -\t\r\n")


def spelled(code: str) -> str:
    """As it is printed: ABCDE-FGHIJ. An imported code of another form stays as it is."""
    return f"{code[:5]}-{code[5:]}" if len(code) == LENGTH and not set(code) - set(LETTERS) else code


def hash_of(key: Secret, code: str) -> str:
    """Under which ``vouchers.hash`` finds the code."""
    return _hash(key, b"voucher", code)


def client_of(key: Secret, code: str) -> str:
    """Who is counted when somebody comes in with it (see hotspot/clients.py)."""
    return _hash(key, b"client:voucher", code)


def _hash(key: Secret, purpose: bytes, code: str) -> str:
    return hmac.digest(key.octets, purpose + b":" + plain(code).encode(), "sha256")[:16].hex()
