"""A fake internet: every OS's captive probe answered as its owner does, a page, and bytes to fetch, send and echo.

Run as a program inside a namespace of its own; it listens on all addresses there (the echo by IPv4 alone).
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import cast

PAGE = "<!doctype html><title>The internet</title><h1>The internet</h1>"
WEB, TLS, SOURCE, SINK, ECHO = 80, 443, 7000, 7001, 7002

_APPLE = "<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>"
_MOZILLA = '<meta http-equiv="refresh" content="0;url=https://support.mozilla.org/kb/captive-portal"/>'

# Host and path of each probe, the status and the exact body that its system takes for the open internet.
PROBES: dict[tuple[str, str], tuple[int, str]] = {
    ("captive.apple.com", "/hotspot-detect.html"): (200, _APPLE),
    ("www.apple.com", "/library/test/success.html"): (200, _APPLE),
    ("connectivitycheck.gstatic.com", "/generate_204"): (204, ""),
    ("www.google.com", "/gen_204"): (204, ""),
    ("play.googleapis.com", "/generate_204"): (204, ""),
    ("clients3.google.com", "/generate_204"): (204, ""),
    ("connectivitycheck.android.com", "/generate_204"): (204, ""),
    ("connectivity.samsung.com", "/generate_204"): (204, ""),
    ("connect.rom.miui.com", "/generate_204"): (204, ""),
    ("connectivitycheck.platform.hicloud.com", "/generate_204"): (204, ""),
    ("wifi.vivo.com.cn", "/generate_204"): (204, ""),
    ("www.msftconnecttest.com", "/connecttest.txt"): (200, "Microsoft Connect Test"),
    ("www.msftncsi.com", "/ncsi.txt"): (200, "Microsoft NCSI"),
    ("edge.microsoft.com", "/captiveportal/generate_204"): (204, ""),
    ("detectportal.firefox.com", "/canonical.html"): (200, _MOZILLA),
    ("detectportal.firefox.com", "/success.txt"): (200, "success\n"),
    ("nmcheck.gnome.org", "/check_network_status.txt"): (200, "NetworkManager is online"),
    ("connectivity-check.ubuntu.com", "/"): (204, ""),
    ("networkcheck.kde.org", "/"): (200, "OK\n"),
    ("fireoscaptiveportal.com", "/generate_204"): (204, ""),
}


def answer(host: str, path: str) -> bytes:
    status, body = PROBES.get((host, path.partition("?")[0]), (200, PAGE))
    words = {200: "OK", 204: "No Content"}
    kind = "text/html" if body.startswith("<") else "text/plain"
    head = f"HTTP/1.1 {status} {words[status]}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
    return f"{head}Connection: close\r\n\r\n{body}".encode()


async def _web(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, asyncio.IncompleteReadError):
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        heads = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
        writer.write(answer(heads.get("host", "").partition(":")[0], lines[0].split()[1]))
        await writer.drain()
    writer.close()


async def _source(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while True:
            writer.write(bytes(16_384))
            await writer.drain()


async def _sink(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while await reader.read(65_536):
            pass
    writer.close()


class _Echo(asyncio.DatagramProtocol):
    """Sends back what it hears."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str | int, int]) -> None:
        self.transport.sendto(data, addr)


async def main() -> None:
    loop = asyncio.get_running_loop()
    for port, handler in ((WEB, _web), (TLS, _sink), (SOURCE, _source), (SINK, _sink)):
        await asyncio.start_server(handler, None, port)
    await loop.create_datagram_endpoint(_Echo, local_addr=("0.0.0.0", ECHO))
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
