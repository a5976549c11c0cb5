"""How the operator's commands reach the running service: a line each way through a socket of its user alone."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

from hotspot.command import OperatorError

SOCKET = "control"
ANSWER_SECONDS = 30.0

Answer = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


class Control:
    """Listens at ``<folder>/control``; a folder of mode 0700 keeps others out."""

    def __init__(self, folder: Path, answer: Answer) -> None:
        self._folder = folder
        self._answer = answer
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self._folder / SOCKET).unlink(missing_ok=True)
        with _short(self._folder) as path:
            self._server = await asyncio.start_unix_server(self._serve, path)
        (self._folder / SOCKET).chmod(0o600)

    def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            (self._folder / SOCKET).unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, ValueError):
            asked = json.loads(await reader.readline())
            writer.write(json.dumps(await self._answer(asked)).encode() + b"\n")
            await writer.drain()
        writer.close()


def ask(folder: Path, question: dict[str, Any]) -> dict[str, Any] | None:
    """What the running service answers, or None when none runs."""
    with socket.socket(socket.AF_UNIX) as wire, _short(folder) as path:
        wire.settimeout(ANSWER_SECONDS)
        try:
            wire.connect(path)
        except (FileNotFoundError, ConnectionRefusedError):
            return None
        except PermissionError as error:
            raise OperatorError(
                f"{folder / SOCKET}: {error.strerror}; run this as the service's user or root"
            ) from None
        wire.sendall(json.dumps(question).encode() + b"\n")
        line = wire.makefile().readline()
    if not line:
        raise OperatorError("hotspot-gateway gave no answer; its log says why")
    answer: dict[str, Any] = json.loads(line)
    return answer


@contextlib.contextmanager
def _short(folder: Path) -> Iterator[str]:
    """The socket's path by way of an open folder, because a socket's name has room for 107 octets only."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        yield str(folder / SOCKET)
        return
    except PermissionError as error:
        raise OperatorError(f"{folder}: {error.strerror}; run this as the service's user or root") from None
    try:
        yield f"/proc/self/fd/{handle}/{SOCKET}"
    finally:
        os.close(handle)
