"""Sends the crowd's frames as fast as the kernel takes them, a thousand a call, and prints the CPU seconds of it.

Within veth pairs a packet is sent, forwarded and received in one go at the cost of its sender, so these seconds are
those of all three, whatever else the machine does meanwhile. A program of its own, inside a namespace:
``python -m bench.gateway.blast DEVICE SECONDS`` with the frames in hex on its input.
"""

from __future__ import annotations

import ctypes
import errno
import socket
import sys
import time

_AT_ONCE = 1024  # UIO_MAXIOV
_PACKET, _QDISC_BYPASS = 263, 20  # SOL_PACKET, PACKET_QDISC_BYPASS


class _Piece(ctypes.Structure):
    """struct iovec."""

    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


class _Head(ctypes.Structure):
    """struct msghdr, without an address: the socket is bound to its device."""

    _fields_ = (
        ("name", ctypes.c_void_p),
        ("name_length", ctypes.c_uint),
        ("pieces", ctypes.POINTER(_Piece)),
        ("piece_count", ctypes.c_size_t),
        ("control", ctypes.c_void_p),
        ("control_length", ctypes.c_size_t),
        ("flags", ctypes.c_int),
    )


class _Message(ctypes.Structure):
    """struct mmsghdr."""

    _fields_ = (("head", _Head), ("sent", ctypes.c_uint))


def blast(device: str, frames: list[bytes], seconds: float) -> float:
    """Frames in their order, again and again."""
    kept = [ctypes.create_string_buffer(frame, len(frame)) for frame in frames]
    pieces = [_Piece(ctypes.addressof(buffer), len(buffer)) for buffer in kept]
    messages = (_Message * len(pieces))()
    for message, piece in zip(messages, pieces, strict=True):
        message.head.pieces, message.head.piece_count = ctypes.pointer(piece), 1
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as wire:
        wire.setsockopt(_PACKET, _QDISC_BYPASS, 1)
        wire.bind((device, 0))
        return _send(wire.fileno(), messages, len(pieces), seconds)


def _send(wire: int, messages: ctypes.Array[_Message], count: int, seconds: float) -> float:
    send = ctypes.CDLL(None, use_errno=True).sendmmsg
    begun = time.process_time()
    while (passed := time.process_time() - begun) < seconds:
        if send(wire, messages, count, 0) < 0 and ctypes.get_errno() != errno.ENOBUFS:  # a full queue is no fault
            raise OSError(ctypes.get_errno(), "sendmmsg")
    return passed


def main() -> int:
    frames = [bytes.fromhex(line) for line in sys.stdin.read().split()][:_AT_ONCE]
    print(blast(sys.argv[1], frames, float(sys.argv[2])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
