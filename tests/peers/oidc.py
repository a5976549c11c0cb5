"""An OpenID Connect provider in a process of its own: discovery, PKCE, signed ID tokens, a login form."""

from __future__ import annotations

import contextlib
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tests.peers.process import free_port, running, wait_until


@contextlib.contextmanager
def provider(folder: Path) -> Iterator[str]:
    """Its issuer's address. Whoever types a subject into its form is that subject."""
    port = free_port()
    issuer = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), "-n", "true"]
    with running(command, folder / "oidc.log"):
        wait_until(lambda: _answers(port), "the OpenID Connect provider answers")
        yield issuer


def _answers(port: int) -> bool:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/.well-known/openid-configuration", timeout=2) as answer:
        return bool(answer.status == 200)
