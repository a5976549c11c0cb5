"""How a running rehearsal is told what to do: one line of JSON in, one out, on a loopback socket of its own."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from hotspot.command import OperatorError
from hotspot.running import addresses_of
from lab.faults import FaultRefused

Order = Callable[[list[str]], Any]
_PATIENCE = 5.0
_LONGEST_LINE = 4096


class Control:
    """``{"do": ["fault", "cut", "bruno"]}`` is answered by ``{"said": …}`` or ``{"refused": "why"}``."""

    def __init__(self, orders: Mapping[str, Order]) -> None:
        self._orders = orders
        self._server: asyncio.Server | None = None

    async def start(self) -> str:
        """Listen on a free loopback port; returns ``host:port``."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=_LONGEST_LINE)
        host, port = self._server.sockets[0].getsockname()
        return f"{host}:{port}"

    def stop(self) -> None:
        """Without waiting for those who are connected: an idle client must not hold the lab up."""
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One line a connection, so that a lingering client never holds the lab up; a web page's request is no JSON."""
        try:
            line = await asyncio.wait_for(reader.readline(), _PATIENCE)
            writer.write(json.dumps(self._answer(line), ensure_ascii=False).encode() + b"\n")
            await writer.drain()
        except (OSError, TimeoutError, ValueError):
            pass
        finally:
            writer.close()

    def _answer(self, line: bytes) -> dict[str, Any]:
        try:
            name, *words = [str(word) for word in json.loads(line)["do"]]
            order = self._orders[name]
        except (ValueError, TypeError, KeyError):
            return {"refused": f"not one of the lab's orders: {', '.join(self._orders)}"}
        try:
            return {"said": order(words)}
        except (FaultRefused, OperatorError) as refusal:
            return {"refused": str(refusal)}


def tell(run_folder: Path, words: list[str]) -> Any:
    """Give an order to the rehearsal that runs in this state folder; OperatorError when it refuses or there is none."""
    addresses = addresses_of(run_folder, "lab")
    if addresses is None:
        raise OperatorError(f"no rehearsal runs here ({run_folder}/lab.json is missing); start hotspot-lab first")
    host, _, port = addresses["control"].rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=_PATIENCE) as line:
            line.sendall(json.dumps({"do": words}).encode() + b"\n")
            answer = json.loads(line.makefile().readline() or "{}")
    except (OSError, ValueError) as error:
        raise OperatorError(
            f"the rehearsal at {host}:{port} does not answer ({error}); start hotspot-lab again"
        ) from error
    if "said" not in answer:
        raise OperatorError(str(answer.get("refused", "the rehearsal broke off without an answer")))
    return answer["said"]
