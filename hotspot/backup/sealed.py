"""A stream that is encrypted and proved piece by piece, so that a changed, cut or foreign file is noticed on the way.

ChaCha20-Poly1305 in the STREAM construction (Hoang, Reyhanitabar, Rogaway and Vizar 2015, section 7): the nonce is the
piece's number and whether it is the last one, so that pieces can be neither exchanged nor left out. The key comes from
the secret by scrypt (RFC 7914) with a salt of its own, so no nonce is ever used twice.
"""

from __future__ import annotations

import hashlib
import io
import os
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from hotspot.command import OperatorError
from hotspot.secret import Secret

MAGIC = b"hotspot backup 1\n"
_SALT = 16
_PIECE = 64 * 1024
_TAG = 16
_WORK, _MEMORY = 2**15, 64 * 1024 * 1024  # of scrypt: a tenth of a second, also for a word that a person made up


class Sealer(io.RawIOBase):
    """Write to it, then close it; the last piece is sealed by ``close``."""

    def __init__(self, file: BinaryIO, secret: Secret) -> None:
        salt = os.urandom(_SALT)
        self._file = file
        self._box = _box(secret, salt)
        self._rest = bytearray()
        self._number = 0
        file.write(MAGIC + salt)

    def writable(self) -> bool:
        return True

    def write(self, octets: bytes, /) -> int:  # type: ignore[override]
        self._rest += octets
        while len(self._rest) > _PIECE:  # one piece is kept back: the last one is marked as such
            self._seal(bytes(self._rest[:_PIECE]), last=False)
            del self._rest[:_PIECE]
        return len(octets)

    def close(self) -> None:
        if not self.closed:
            self._seal(bytes(self._rest), last=True)
        super().close()

    def _seal(self, piece: bytes, *, last: bool) -> None:
        self._file.write(self._box.encrypt(_nonce(self._number, last=last), piece, MAGIC))
        self._number += 1


class Opener(io.RawIOBase):
    """Reads what a Sealer wrote; OperatorError at the first octet that is not as it was written."""

    def __init__(self, file: BinaryIO, secret: Secret) -> None:
        self._file = file
        if file.read(len(MAGIC)) != MAGIC:
            raise OperatorError("this is no backup of hotspot, or one of a version that this one cannot read")
        self._box = _box(secret, file.read(_SALT))
        self._number = 0
        self._ready = b""
        self._ahead = file.read(_PIECE + _TAG)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        parts, wanted = [], size
        while wanted and (self._ready or self._next()):
            some = self._ready if wanted < 0 else self._ready[:wanted]
            self._ready = self._ready[len(some) :]
            parts.append(some)
            wanted -= len(some) if wanted > 0 else 0
        return b"".join(parts)

    def drain(self) -> None:
        """Look at all that is left: a file is whole only when its last piece was seen."""
        while self._next():
            self._ready = b""

    def _next(self) -> bool:
        if not self._ahead and self._number:
            return False
        piece, self._ahead = self._ahead, self._file.read(_PIECE + _TAG)
        try:
            self._ready = self._box.decrypt(_nonce(self._number, last=not self._ahead), piece, MAGIC)
        except InvalidTag:
            raise OperatorError(_wrong(self._number)) from None
        self._number += 1
        return True


def _wrong(number: int) -> str:
    if number == 0:
        return (
            "the backup does not open with this backup-key: put the key that it was made with into "
            "HOTSPOT_BACKUP_KEY; if that is the one, the file is damaged at its beginning"
        )
    return f"the backup is damaged or cut off about octet {number * (_PIECE + _TAG)}; use another copy of it"


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11) + bytes([last])


def _box(secret: Secret, salt: bytes) -> ChaCha20Poly1305:
    key = hashlib.scrypt(secret.octets, salt=salt, n=_WORK, r=8, p=1, maxmem=_MEMORY, dklen=32)
    return ChaCha20Poly1305(key)
