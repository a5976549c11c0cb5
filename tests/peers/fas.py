"""openNDS' own half of its FAS level 2, by what its daemon's PHP does: the text sealed for the portal."""

from __future__ import annotations

import base64

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7


def encrypt(text: str, iv: str, faskey: str) -> str:
    """base64_encode(openssl_encrypt($text, "aes-256-cbc", $faskey, 0, $iv)): PHP fills a short key with zero octets."""
    padder = PKCS7(128).padder()
    padded = padder.update(text.encode()) + padder.finalize()
    key = faskey.encode()[:32].ljust(32, b"\x00")
    sealer = Cipher(algorithms.AES256(key), modes.CBC(iv.encode())).encryptor()
    return base64.b64encode(base64.b64encode(sealer.update(padded) + sealer.finalize())).decode()
