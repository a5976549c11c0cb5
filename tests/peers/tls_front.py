"""TLS before a plain listener, as nginx stands before the portal: ``python -m tests.peers.tls_front``."""

from __future__ import annotations

import asyncio
import ssl
import sys


async def front(listen: tuple[str, int], behind: tuple[str, int], certificate: str) -> None:
    """Serve until the process ends."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner, outer = await asyncio.open_connection(*behind)
        await asyncio.gather(_pour(reader, outer), _pour(inner, writer), return_exceptions=True)

    server = await asyncio.start_server(serve, *listen, ssl=context)
    await server.serve_forever()


async def _pour(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    try:
        while octets := await source.read(65536):
            sink.write(octets)
            await sink.drain()
    finally:
        sink.close()


if __name__ == "__main__":
    host, port, inner_host, inner_port, file = sys.argv[1:]
    asyncio.run(front((host, int(port)), (inner_host, int(inner_port)), file))
